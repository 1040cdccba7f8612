/* How commit writes the journal. Nobody else includes it. */
#ifndef SSCARD_COMMON_COMMIT_JOURNAL_WRITE_H
#define SSCARD_COMMON_COMMIT_JOURNAL_WRITE_H

#include "common/commit/engine.h"
#include "common/commit/journal.h"

enum { JOURNAL_OP_BYTES = 16 };

typedef struct journal_guard {
        uint8_t part;
        const ulid *holder;
        int64_t new_version;
        bytes op; /* random, of this attempt: the guard of every row */
} journal_guard;

/* Queues one change's two statements: the head goes on, the row carries it. `is_first` of its
 * batch. */
void journal_queue(store_batch *batch, commit_engine *engine, const journal_guard *guard,
                   const change *c, const commit_origin *origin, int64_t at, bool is_first);

/* sha256 over what a row says. */
digest journal_record_hash(uint8_t part, int64_t at, int64_t version, const char *name,
                           const char *event, const digest *record);

enum { JOURNAL_RECORD_ERASED = 0, JOURNAL_RECORD_SEALED = 1 };

#endif
