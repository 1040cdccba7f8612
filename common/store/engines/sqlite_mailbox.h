/* A thread with a mailbox: tasks of the loop leave letters, the thread works on them some at a time
 * and sends them back; the loop is woken once for all that came back together. Letters go over at
 * the end of a turn; some of them earlier when the thread stands idle, so that it works beside the
 * loop in a long turn, not after it.
 *
 *   task ── sqlite_mailbox_send ──▶ outbox (loop) ──────────────▶ inbox ──▶ thread
 *     ▲                                                                       │
 *     └──────────── resumed ◀── one wake of the loop ◀── returned ◀───────────┘ */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_MAILBOX_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_MAILBOX_H

#include "common/base/failure.h"
#include "common/runtime/loop.h"
#include "common/runtime/task.h"

#include <pthread.h>

/* Embedded first in what is on the stack of the task that waits. */
typedef struct sqlite_letter {
        task *t;
        struct sqlite_letter *next;
} sqlite_letter;

typedef struct sqlite_letters {
        sqlite_letter *first, *last;
        size_t count;
} sqlite_letters;

typedef struct sqlite_mailbox {
        loop *loop;
        void (*work)(void *owner, sqlite_letter *first); /* on the thread, or inline */
        void *owner;
        uint32_t take_max;  /* letters at a time */
        uint32_t early_min; /* so many are worth an idle thread's while; 0: none are */

        sqlite_letters outbox; /* the loop's alone */
        loop_flush flush;
        uint64_t wakes; /* so often have letters come back; the loop's alone */

        bool has_thread;
        pthread_t thread;
        pthread_mutex_t mutex; /* guards the four below */
        pthread_cond_t cond;
        sqlite_letters inbox, returned;
        bool wake_is_posted, stops;
        bool idle; /* nothing to do; written under the mutex, read without */
        loop_posted wake;
} sqlite_mailbox;

/* Zeroed before, loop, work, owner and take_max set. Without a thread, work() is done at the end of
 * the turn, and the tasks go on in the next. */
bool sqlite_mailbox_open(sqlite_mailbox *m, const char *thread_name, bool with_thread,
                         failure *f) MUST_CHECK;
/* Every task that sent a letter must be over. */
void sqlite_mailbox_close(sqlite_mailbox *m);

/* Parks until the letter came back; cannot be undone. Suspends. False: the task was interrupted
 * before, nothing was sent and the failure is recorded. */
bool sqlite_mailbox_send(task *t, sqlite_mailbox *m, sqlite_letter *letter) MUST_CHECK;

#endif
