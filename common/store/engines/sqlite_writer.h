/* The one writer of a database: takes what waits, commits it as a group, wakes the loop once.
 * A second thread checkpoints, so that a commit seldom waits for the main file. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_WRITER_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_WRITER_H

#include "common/store/engines/sqlite_connection.h"
#include "common/store/engines/sqlite_mailbox.h"

#include <pthread.h>

/* On the stack of the task that waits. */
typedef struct sqlite_write {
        sqlite_letter letter; /* first */
        store_batch *batch;
        store_outcome outcome;
        int code; /* of SQLite, with UNAVAILABLE */
} sqlite_write;

typedef struct sqlite_writer {
        sqlite_connection connection; /* the writer's thread alone */
        sqlite_mailbox mailbox;
        uint32_t group_max;

        bool checkpoints;
        sqlite_connection checkpoint_connection; /* the checkpointer's thread alone */
        pthread_t checkpoint_thread;
        pthread_mutex_t checkpoint_mutex; /* held while one runs */
        pthread_mutex_t commit_mutex;     /* guards the three below */
        pthread_cond_t commit_cond;
        uint64_t commits;               /* so far */
        bool stops, checkpoint_is_idle; /* idle: its thread waits for a commit */
        uint32_t checkpoint_interval_ms;
        int64_t wal_bytes_max, page_bytes;

        store_counts counts; /* written by the writer's threads; atomic access only */
} sqlite_writer;

/* Commits some writes, 1 to group_max, and fills in their outcomes. For inline stores, too. */
void sqlite_writer_commit_group(sqlite_writer *w, sqlite_letter *first);

/* Takes over an open and migrated w->connection; w->mailbox is set up by the caller. */
bool sqlite_writer_start(sqlite_writer *w, const char *uri, const store_options *options,
                         failure *f) MUST_CHECK;
/* Stops both threads; the connection stays. */
void sqlite_writer_stop(sqlite_writer *w);

#endif
