/* Which Redis process may be believed: one row an instance in the owner's own database, so that
 * trust survives whatever Redis loses. The owner's store fills in the functions. */
#ifndef SSCARD_COMMON_CACHE_TRUST_H
#define SSCARD_COMMON_CACHE_TRUST_H

#include "common/cache/connection.h"

#include <stdbool.h>
#include <stdint.h>

/* The row cache_trust(instance PRIMARY KEY, epoch, trusted, run_id). */
typedef struct cache_trust_row {
        bool exists;                         /* false: no row yet, the rest is zero */
        uint64_t epoch;                      /* only ever grows, by one a change */
        bool trusted;                        /* false: DOWN */
        char run_id[CACHE_RUN_ID_BYTES + 1]; /* "" while DOWN */
} cache_trust_row;

typedef struct cache_trust_store cache_trust_store;
typedef struct cache_trust_functions {
        /* Reads what is committed now, never from a snapshot older than the call. Suspends or not.
         * False: the database is away; the failure is recorded on the task. */
        bool (*read)(cache_trust_store *store, task *t, const char *instance, cache_trust_row *row);
        /* INSERT … ON CONFLICT DO NOTHING when `old_epoch` is 0, else UPDATE … WHERE epoch =
         * `old_epoch`; durable when it returns. `*changed`: it was ours. False: as above, and the
         * outcome is unknown. */
        bool (*change)(cache_trust_store *store, task *t, const char *instance, uint64_t old_epoch,
                       const cache_trust_row *row, bool *changed);
} cache_trust_functions;
/* First member of every implementation. */
struct cache_trust_store {
        const cache_trust_functions *functions;
};

#endif
