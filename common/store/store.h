/* A service's own database behind one seam: point reads, lists, and writes that are one batch.
 * Nothing here knows an engine; nothing here holds a lock over a suspension.
 *
 *   read    store_query()   by key, few rows: on the loop with SQLite (4-5 us)
 *   list    store_list()    many rows: away from the loop
 *   write   store_batch     a list of statements, queued; store_commit() sends it as one
 * transaction
 *
 * A batch is never a conversation: no statement depends on a row that came back from another. */
#ifndef SSCARD_COMMON_STORE_STORE_H
#define SSCARD_COMMON_STORE_STORE_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "common/runtime/task.h"
#include "common/store/statement.h"
#include "common/store/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct store store;

enum { STORE_SCHEMAS_MAX = 8, STORE_BATCHES_PER_GROUP = 256 };

typedef struct store_options {
        const char *engine; /* a row of engines.c; NULL: "sqlite" */
        const char *folder; /* SQLite: the data folder, made if it is not there, locked by flock */
        const char *name;   /* SQLite: file name without ".db"; the service */
        const store_schema *schemas[STORE_SCHEMAS_MAX]; /* NULL-ended; the service's and commit's */
        int64_t cache_kib;               /* page cache of the writing connection; 0: 65 536 */
        int64_t read_cache_kib;          /* of each reading one; 0: 8 192 */
        int64_t wal_bytes_max;           /* above it the log is to start anew; 0: 64 MiB */
        uint32_t checkpoint_interval_ms; /* or when 3/8 of that have gathered; 0: 1000 */
        uint32_t group_max;              /* transactions a commit; 0 or more: 256 */
        /* A commit is not synced, only written: it survives kill -9; power loss may cost what came
         * after the last checkpoint (checkpoint_interval_ms, 0: 100 then). */
        bool lazy_sync;
        /* For tools: no lock on the folder, no threads, no migration, writes refused. */
        bool read_only;
        /* For the simulator and unit tests: no threads, every write is done at once (its task is
         * resumed in the next turn). With `memory` the database is not a file but a piece of memory
         * of this process called `name`, gone when its last store is closed: a second store that is
         * opened beside survives a "crash" of the first. */
        bool inline_writes;
        bool memory;
} store_options;

/* Opens and migrates. NULL and `f` set: FAILED_PRECONDITION/STORE_LOCKED (another process has the
 * folder), /STORE_FOREIGN (another service's, a newer version's, or no database of ours),
 * DATA_LOSS/STORE_CORRUPT, UNAVAILABLE/STORE_UNAVAILABLE (cannot be read or written).
 * Blocks: start-up only. Pair: store_close(). */
store *store_open(loop *l, const store_options *options, failure *f) MUST_CHECK;
/* Every task that used it must be over. NULL is allowed. */
void store_close(store *s);

/* Rows as they came back, row after row. */
typedef struct store_rows {
        arena *arena; /* set by the caller: where the rows go; NULL: the task's */
        const store_value *values;
        size_t row_count;
        size_t column_count;
} store_rows;

static inline const store_value *store_row(const store_rows *rows, size_t row)
{
        assert(row < rows->row_count);
        return rows->values + row * rows->column_count;
}
/* Asserts that the column has that type: schemas are ours, so another type is a bug. NULL gives 0,
 * {NULL, 0}, NULL and the zero ulid. */
int64_t store_row_integer(const store_value *row, size_t column);
bytes store_row_blob(const store_value *row, size_t column);
const char *store_row_text(const store_value *row, size_t column);
ulid store_row_ulid(const store_value *row, size_t column);

/* The parameters of the macros below: store_query(t, s, &order_load, &rows, store_integer(part),
 * …). At least one. */
#define STORE_VALUES(...)                                                                          \
        (const store_value[]){__VA_ARGS__},                                                        \
                sizeof((const store_value[]){__VA_ARGS__}) / sizeof(store_value)

/* A point read: a few rows by key. May suspend. False: UNAVAILABLE/STORE_UNAVAILABLE. */
bool store_query_values(task *t, store *s, const store_statement *statement, store_rows *rows,
                        const store_value *values, size_t value_count) MUST_CHECK;
#define store_query(t, s, statement, rows, ...)                                                    \
        store_query_values(t, s, statement, rows, STORE_VALUES(__VA_ARGS__))

/* A read of many rows. Suspends. False: UNAVAILABLE/STORE_UNAVAILABLE, or interrupted. */
bool store_list_values(task *t, store *s, const store_statement *statement, store_rows *rows,
                       const store_value *values, size_t value_count) MUST_CHECK;
#define store_list(t, s, statement, rows, ...)                                                     \
        store_list_values(t, s, statement, rows, STORE_VALUES(__VA_ARGS__))

/* How many rows a statement of a batch must change (or return). */
typedef enum store_expect {
        STORE_EXPECT_ANY = 0,
        /* Exactly one, else the whole batch is CONFLICT. For rare writes: an engine that pipelines
         * must look before it commits. The hot path uses a guarded row (commit.h) instead. */
        STORE_EXPECT_ONE = 1,
} store_expect;

/* What it means when a statement breaks a constraint (unique, NOT NULL, CHECK). */
typedef enum store_meaning {
        STORE_MEANS_CONFLICT = 0,
        STORE_MEANS_DUPLICATE = 1, /* the idempotency key, and nothing else */
} store_meaning;

typedef struct store_batch_item {
        struct store_batch_item *next;
        const store_statement *statement;
        const store_value *values; /* in the batch's arena; their bytes are borrowed */
        size_t value_count;
        store_expect expect;
        store_meaning meaning;
        store_rows rows; /* after the commit: what RETURNING gave */
} store_batch_item;

/* A list of statements in the arena of a task; nothing is sent before store_commit(). Zero with an
 * arena is a valid, empty batch; nothing to release. The engine may use the arena from another
 * thread while the task is parked in store_commit(). */
typedef struct store_batch {
        arena *arena;
        store_batch_item *first, *last;
        size_t count;
} store_batch;

store_batch store_batch_begin(arena *a);
/* Copies the values, borrows their bytes until the commit returned. The item is for its rows. */
store_batch_item *store_batch_add_values(store_batch *batch, const store_statement *statement,
                                         const store_value *values, size_t value_count);
#define store_batch_add(batch, statement, ...)                                                     \
        store_batch_add_values(batch, statement, STORE_VALUES(__VA_ARGS__))

typedef enum store_outcome {
        STORE_OK = 1,      /* durable, and seen by every later read */
        STORE_CONFLICT,    /* a constraint or an expectation: nothing was changed */
        STORE_DUPLICATE,   /* a statement that means it: nothing was changed */
        STORE_UNAVAILABLE, /* disk full, I/O, gone: nothing was changed as far as known */
} store_outcome;

/* Sends the batch as one transaction and waits until it is durable. Suspends; cannot be undone: an
 * interrupted task learns the outcome nevertheless, and then finds itself interrupted. One that was
 * interrupted before sends nothing: UNAVAILABLE. Only with UNAVAILABLE is the task's failure set.
 */
store_outcome store_commit(task *t, store *s, store_batch *batch) MUST_CHECK;
/* "CONFLICT" and so on. Static. */
const char *store_outcome_name(store_outcome outcome);

/* Prepares a statement on a reading connection without running it: conformance of every .sql text.
 * False: `f` says what the engine says. */
bool store_prepare(store *s, const store_statement *statement, failure *f) MUST_CHECK;

typedef struct store_counts {
        uint64_t queries, lists;
        uint64_t batches, groups; /* batches / groups = the size of a group */
        uint64_t conflicts, duplicates, failures;
        uint64_t checkpoints;
        int64_t wal_bytes; /* as of the last commit */
} store_counts;
store_counts store_count(const store *s);

#endif
