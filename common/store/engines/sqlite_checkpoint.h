/* Copies the log into the database file: a thread in long strides, so that a page that was written
 * often is copied once; the writer the rest, between groups, when the log has grown too long: only
 * while nobody writes can a log end and start anew. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_CHECKPOINT_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_CHECKPOINT_H

#include "common/store/engines/sqlite_connection.h"

#include <pthread.h>

typedef struct sqlite_checkpoint {
        sqlite_connection connection; /* the thread's alone */
        pthread_t thread;
        bool runs;
        pthread_mutex_t pass_mutex; /* held while pages are copied */
        pthread_mutex_t mutex;      /* guards what follows */
        pthread_cond_t cond;
        bool stops, changed, is_stuck, thread_copies;
        int64_t grown_pages, copied_pages; /* since the log began */
        int64_t next_end_pages;            /* so long must it be before the writer tries again */
        uint64_t passes;                   /* atomic: read by anybody */

        int64_t page_bytes, stride_pages, max_pages;
        uint32_t interval_ms;
} sqlite_checkpoint;

/* `writer` is open and migrated; its log is watched from here on. Zero before. */
bool sqlite_checkpoint_start(sqlite_checkpoint *c, const char *uri, sqlite_connection *writer,
                             const store_options *options, failure *f) MUST_CHECK;
/* Zero is allowed. */
void sqlite_checkpoint_stop(sqlite_checkpoint *c);

/* Between two groups, on the writer's thread: ends a log that has grown too long. */
void sqlite_checkpoint_end_log(sqlite_checkpoint *c, sqlite_connection *writer);

#endif
