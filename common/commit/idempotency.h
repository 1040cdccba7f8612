/* Idempotency (S1): a request id has one effect and one answer, from any replica, for 72 hours.
 * The answer is stored by commit_apply() in the transaction of the change; here are the key, the
 * look-up before the handler, and GetOperation. Never stores a request, only a keyed hash of it. */
#ifndef SSCARD_COMMON_COMMIT_IDEMPOTENCY_H
#define SSCARD_COMMON_COMMIT_IDEMPOTENCY_H

#include "common/base/bytes.h"
#include "common/base/ulid.h"
#include "common/runtime/task.h"

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

typedef struct commit_engine commit_engine;

enum {
        IDEMPOTENCY_HASH_BYTES = 32,
        IDEMPOTENCY_KEY_PART_BYTES_MAX = 256, /* of caller, method and request id, each */
        IDEMPOTENCY_LIFE_HOURS = 72,
        IDEMPOTENCY_SENT_AT_HOURS = 71,
};

/* Borrowed texts; each 1 to IDEMPOTENCY_KEY_PART_BYTES_MAX bytes (checked at the door; asserted).
 */
typedef struct idempotency_key {
        uint8_t part;       /* of the holder */
        const char *caller; /* issuer and subject of the original caller */
        const char *method; /* full name */
        const char *request_id;
        uint8_t request_hash[IDEMPOTENCY_HASH_BYTES];
} idempotency_key;

/* The HMAC, under the engine's key, over the top-level wire fields of a packed request in the order
 * of their numbers (equal numbers as they came; unknown fields kept). False: not a message. */
bool idempotency_hash_request(const commit_engine *engine, bytes request,
                              uint8_t hash[IDEMPOTENCY_HASH_BYTES]) MUST_CHECK;

/* What was answered first, or will be. In the task's arena when it came from the store. */
typedef struct commit_answer {
        int status;          /* gRPC code; 0: `bytes` is the packed reply */
        const char *message; /* grpc-message of a status other than 0; else NULL */
        bytes bytes;         /* the packed reply, or the packed google.rpc.Status */
        int64_t at_ms;       /* wall clock; when it was stored. Of one that came from the store */
} commit_answer;

typedef enum idempotency_verdict {
        IDEMPOTENCY_NEW = 1,  /* go on; the attempt is live until it is released */
        IDEMPOTENCY_REPEATED, /* `first` is the answer; the holder's record has been published */
        IDEMPOTENCY_REUSED,   /* the id was used with another request: ALREADY_EXISTS */
        IDEMPOTENCY_RUNNING,  /* its case is still open */
} idempotency_verdict;

/* A live attempt in this process: a second one with its key waits for its end. SCOPED, or embedded
 * in the state of a call; released exactly once, before its task is over. Zero is valid: nothing.
 */
typedef struct idempotency_attempt {
        commit_engine *engine; /* NULL: not live */
        uint8_t key[17];       /* part, and what names the request */
        struct idempotency_waiter *waiters;
        UT_hash_handle hh;
} idempotency_attempt;
void idempotency_attempt_release(idempotency_attempt *attempt);

/* The look-up before the handler. Waits while another attempt with this key lives here. Suspends.
 * False: interrupted, or UNAVAILABLE. With IDEMPOTENCY_NEW only, `attempt` is live. */
bool idempotency_begin(task *t, commit_engine *engine, const idempotency_key *key,
                       idempotency_attempt *attempt, idempotency_verdict *verdict,
                       commit_answer *first) MUST_CHECK;

/* GetOperation. */
typedef enum idempotency_state {
        IDEMPOTENCY_DONE = 1,      /* `first` is the answer */
        IDEMPOTENCY_LIVE,          /* RUNNING: an open case, or a live attempt in this process */
        IDEMPOTENCY_NOT_COMMITTED, /* it may still arrive: repeat it */
        IDEMPOTENCY_EXPIRED,       /* it was sent longer than 71 h ago */
} idempotency_state;

/* `key->request_hash` is not looked at. `sent_at_ms`: wall clock, as the caller says; 0: unknown,
 * which never expires. May suspend. False: UNAVAILABLE. */
bool idempotency_state_of(task *t, commit_engine *engine, const idempotency_key *key,
                          int64_t sent_at_ms, idempotency_state *state,
                          commit_answer *first) MUST_CHECK;

/* Deletes what is older than 72 h (wall clock) in one part; answers to open cases stay. A job calls
 * it part by part. Suspends. False: UNAVAILABLE or interrupted. */
bool idempotency_purge_part(task *t, commit_engine *engine, uint8_t part,
                            uint64_t *deleted) MUST_CHECK;

#endif
