/* What the files of this room share of the commit engine. Nobody else includes it. */
#ifndef SSCARD_COMMON_COMMIT_ENGINE_H
#define SSCARD_COMMON_COMMIT_ENGINE_H

#include "common/commit/commit.h"

struct commit_engine {
        loop *loop;
        store *store;
        const keyring *keyring;
        keyed_hash *hash;
        const char *region;
        commit_cache *cache;
        commit_load_record *load_record;
        void *service;
        commit_listener *listeners;
        idempotency_attempt *attempts; /* live ones, by key */
};

/* The first answer under a key, if there is one. `*state`: DONE, LIVE (an open case) or
 * NOT_COMMITTED. May suspend. False: UNAVAILABLE. */
typedef struct idempotency_found {
        idempotency_state state;
        digest request_hash;
        ulid holder;
        commit_answer answer;
} idempotency_found;
bool idempotency_find(task *t, commit_engine *engine, const idempotency_key *key,
                      idempotency_found *found) MUST_CHECK;

/* Queues the idem row of a request. The texts of `key` and `answer` are borrowed. */
void idempotency_queue(store_batch *batch, commit_engine *engine, const idempotency_key *key,
                       const ulid *holder, const commit_answer *answer, bool case_is_open);

#endif
