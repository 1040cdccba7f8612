/* The one writer of a database: takes what waits, commits it as a group, wakes the loop once. */
#ifndef SSCARD_COMMON_STORE_ENGINES_SQLITE_WRITER_H
#define SSCARD_COMMON_STORE_ENGINES_SQLITE_WRITER_H

#include "common/store/engines/sqlite_checkpoint.h"
#include "common/store/engines/sqlite_connection.h"
#include "common/store/engines/sqlite_mailbox.h"

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
        sqlite_checkpoint checkpoint;

        store_counts counts; /* written by the writer's threads; atomic access only */
} sqlite_writer;

/* Commits some writes, 1 to group_max, and fills in their outcomes. For inline stores, too. */
void sqlite_writer_commit_group(sqlite_writer *w, sqlite_letter *first);

#endif
