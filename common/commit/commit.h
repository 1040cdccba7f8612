/* Commit: the one way a change becomes true. Fence, one batch, publish; never in another order.
 *
 *   validate_only   hand back, nothing stored
 *   fence           readers elsewhere go to the owner from here on (best effort)
 *   one batch       idem with the answer, holder compare, settlements, rows, part_head, journal
 *   publish         the holder's new record, or DEL
 *
 * Owns the tables idem, holder, part_head, journal, feed_cursor, cache_trust and timer. */
#ifndef SSCARD_COMMON_COMMIT_COMMIT_H
#define SSCARD_COMMON_COMMIT_COMMIT_H

#include "common/commit/change_set.h"
#include "common/commit/idempotency.h"
#include "common/crypto/keyed_hash.h"
#include "common/crypto/keyring.h"
#include "common/runtime/task.h"
#include "common/store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* The tables of this room, to stand beside the service's own in store_options.schemas. */
extern const store_schema commit_schema;

/* How other services see this one's holders: filled from common/cache, or by a test. Every function
 * may suspend. All is best effort but publish(): it returns true only when after it no reader can
 * see an older record (published, or proof that no cache is trusted). */
typedef struct commit_cache commit_cache;
typedef struct commit_fence {
        bool taken;
        uint8_t id[16];
        int64_t base_version;
} commit_fence;
typedef struct commit_cache_functions {
        void (*fence)(commit_cache *cache, task *t, uint8_t part, const ulid *holder,
                      int64_t base_version, commit_fence *fence);
        /* `record` is the whole packed record of the holder; {NULL, 0}: none may stand there. */
        bool (*publish)(commit_cache *cache, task *t, uint8_t part, const ulid *holder,
                        int64_t version, bytes record, const commit_fence *fence);
} commit_cache_functions;
struct commit_cache {
        const commit_cache_functions *functions;
};

/* What the service can tell of a holder, for publishing again (a repeat, repair, a cold load).
 * False: failed (task says why) or no such holder (`*found` false). An open case: record {NULL, 0}.
 * May suspend. */
typedef bool commit_load_record(void *service, task *t, uint8_t part, const ulid *holder,
                                bool *found, int64_t *version, bytes *record);

typedef struct commit_options {
        loop *loop;
        store *store;            /* opened with commit_schema */
        const keyring *keyring;  /* seals journal records; outlives the engine */
        uint8_t request_key[32]; /* HMAC of requests and feed cursors; a key of the service */
        const char *region;      /* "330000"; static */
        commit_cache *cache;     /* NULL: nobody reads this service's records elsewhere */
        commit_load_record *load_record; /* NULL only without a cache */
        void *service;                   /* its first argument */
} commit_options;

/* NULL and `f` set when the key cannot be used. Pair: commit_engine_close(). */
commit_engine *commit_engine_open(const commit_options *options, failure *f) MUST_CHECK;
/* Every task that used it must be over. NULL is allowed. */
void commit_engine_close(commit_engine *engine);
store *commit_engine_store(const commit_engine *engine);
loop *commit_engine_loop(const commit_engine *engine);
const keyring *commit_engine_keyring(const commit_engine *engine);
keyed_hash *commit_engine_hash(const commit_engine *engine);

/* Somebody in this process who wants to know at once that something was committed: the feed, the
 * timers. Embedded in its owner; called on the loop, must not suspend. */
typedef struct commit_listener {
        void (*committed)(struct commit_listener *listener, uint8_t part,
                          const change_set *changes);
        struct commit_listener *next;
} commit_listener;
void commit_engine_listen(commit_engine *engine, commit_listener *listener);
void commit_engine_unlisten(commit_engine *engine, commit_listener *listener);

/* Who and why, into every journal row of a request. All borrowed; NULL is "". */
typedef struct commit_origin {
        const char *caller;      /* issuer and subject */
        const char *caller_role; /* "OPERATOR" */
        const char *actor;       /* for whom; a keyed hash or a name without personal data */
        const char *actor_role;
        const char *channel; /* "BRANCH" */
        const char *outlet;
        const char *operator_id;
        const char *note, *case_reference;
        const char *approver; /* the second person */
        const char *method;
        const char *request_id;
        const char *pack_version; /* of the rules that decided */
        const bytes *evidence;    /* packed Evidence messages */
        size_t evidence_count;
} commit_origin;

/* An event of another service that this write takes over: effect and cursor in one transaction. */
typedef struct commit_consumes {
        const char *source; /* "orders" */
        uint8_t part;       /* of the source's journal: the part of the write */
        int64_t old_seq, new_seq;
} commit_consumes;

typedef struct commit_request {
        uint8_t part;
        ulid holder;
        int64_t holder_version;    /* as loaded; the new one is + 1 */
        bool holder_is_new;        /* then holder_version is 0 and the row may be missing */
        const change_set *changes; /* at least one */
        const commit_origin *origin;
        const idempotency_key *key; /* NULL: a job; nothing is stored under a request id */
        commit_answer answer;       /* what a repeat will be told; an OPEN case: see case_is_open */
        bool case_is_open;          /* the idem row stays without answer: RUNNING */
        bytes record;               /* of the holder after it, to publish; {NULL, 0}: DEL */
        bool validate_only;
        const commit_consumes *consumes; /* NULL: none */
        /* Further statements of the service's own, after the rows and before the journal. NULL:
         * none. */
        void (*queue_more)(store_batch *batch, void *argument);
        void *argument;
} commit_request;

typedef enum commit_outcome {
        COMMIT_COMMITTED = 1,
        COMMIT_PREVIEWED,         /* validate_only: nothing was stored */
        COMMIT_CONFLICT,          /* reload, decide again; COMMIT_TRIES_MAX times at most */
        COMMIT_REPEATED,          /* `first` is the answer; the current record has been published */
        COMMIT_REQUEST_ID_REUSED, /* ALREADY_EXISTS/REQUEST_ID_REUSED */
        COMMIT_UNAVAILABLE,       /* outcome not known to be OK; the task's failure says why */
} commit_outcome;

enum { COMMIT_TRIES_MAX = 3 };

/* Suspends. Sorts the change set. `first` is filled with COMMIT_REPEATED only. After COMMITTED the
 * task may be interrupted: the change is durable nevertheless. */
commit_outcome commit_apply(task *t, commit_engine *engine, const commit_request *request,
                            commit_answer *first) MUST_CHECK;
const char *commit_outcome_name(commit_outcome outcome);

/* Keeps the answer to a request that found everything as it asked for, so that a repeat of it gets
 * this answer even when the thing has changed meanwhile (S1). Suspends. COMMITTED, REPEATED,
 * REQUEST_ID_REUSED or UNAVAILABLE. */
commit_outcome commit_keep_answer(task *t, commit_engine *engine, const idempotency_key *key,
                                  const ulid *holder, const commit_answer *answer,
                                  commit_answer *first) MUST_CHECK;

/* Publishes what the service's load_record() says of a holder now. Suspends. False: UNAVAILABLE. */
bool commit_publish_again(task *t, commit_engine *engine, uint8_t part,
                          const ulid *holder) MUST_CHECK;

/* Fills an open case's idem row with its answer, in a batch of the service's own. */
void commit_queue_case_answer(store_batch *batch, const idempotency_key *key,
                              const commit_answer *answer);

/* Where this service stands in another one's feed: one number a part. Suspends. False: UNAVAILABLE.
 */
bool commit_consumed(task *t, commit_engine *engine, const char *source,
                     int64_t seq[256]) MUST_CHECK;
/* Moves over events that have no effect here. CONFLICT: the cursor is not where `consumes` says. */
commit_outcome commit_consume_nothing(task *t, commit_engine *engine,
                                      const commit_consumes *consumes) MUST_CHECK;

/* The version of a holder's row, for loads: 0 and `*found` false when there is none. */
bool commit_load_holder_version(task *t, commit_engine *engine, uint8_t part, const ulid *holder,
                                bool *found, int64_t *version) MUST_CHECK;

/* Etags (S2): a thing's version as text, "v12". An empty etag matches everything. */
const char *commit_etag_format(arena *a, int64_t version);
typedef enum commit_etag_verdict {
        COMMIT_ETAG_MATCHES = 1,
        COMMIT_ETAG_DIFFERS, /* ABORTED/VERSION_CONFLICT */
        COMMIT_ETAG_INVALID, /* INVALID_ARGUMENT: not one of ours */
} commit_etag_verdict;
commit_etag_verdict commit_etag_compare(const char *etag, int64_t version);

#endif
