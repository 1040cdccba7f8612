/* The credential service's table: one row a card with the PIN's MAC, the guess in flight and the
 * change that waits. The holder with all cards is loaded and written as one. */
#ifndef SSCARD_SERVICES_CREDENTIAL_STORE_CREDENTIAL_STORE_H
#define SSCARD_SERVICES_CREDENTIAL_STORE_CREDENTIAL_STORE_H

#include "common/commit/change_set.h"
#include "common/commit/idempotency.h"
#include "common/store/store.h"
#include "services/credential/record/credential_codec.h"

extern const store_schema credential_schema;

enum { CREDENTIAL_SALT_BYTES = 16, CREDENTIAL_MAC_BYTES = 32, CREDENTIAL_ATTEMPT_BYTES = 16 };

/* A PIN as it is kept: of no use without the token. */
typedef struct credential_mac {
        uint8_t salt[CREDENTIAL_SALT_BYTES];
        uint8_t mac[CREDENTIAL_MAC_BYTES];
        uint64_t generation;
} credential_mac;

/* A guess that was counted and is not resolved. */
typedef struct credential_attempt {
        bool lives;
        uint8_t id[CREDENTIAL_ATTEMPT_BYTES];
        idempotency_key request;
        int64_t at_ms; /* wall clock */
} credential_attempt;

/* A change that waits for another service: its name, and all that it takes to finish it. */
typedef struct credential_pending_change {
        ulid id; /* zero: none */
        bytes record;
} credential_pending_change;

/* The row beside what the rules know of it. */
typedef struct credential_row {
        credential_mac pin, initial;
        credential_attempt attempt;
        credential_pending_change pending;
} credential_row;

typedef struct credential_loaded {
        bool exists; /* the holder's row */
        int64_t version;
        credential_holder holder;
        credential_row rows[CREDENTIALS_MAX];
} credential_loaded;

/* In the task's arena. May suspend. False: UNAVAILABLE, or DATA_LOSS. */
bool credential_store_load(task *t, store *s, ulid holder, credential_loaded *loaded) MUST_CHECK;
/* `*found` false: no credential was ever issued for that card. */
bool credential_store_find(task *t, store *s, ulid card, ulid *holder, bool *found) MUST_CHECK;

/* What names a guess: of its request, so that a repeat finds its own. */
void credential_attempt_id(const idempotency_key *request, uint8_t id[CREDENTIAL_ATTEMPT_BYTES]);

typedef enum credential_reservation {
        CREDENTIAL_RESERVED = 1, /* counted, durable; must be resolved */
        CREDENTIAL_OVERTAKEN, /* the row is not the one that was looked at any more: load again */
} credential_reservation;
/* Counts one guess before it is compared (R19), unless that PIN is locked: then it is marked only.
 * Suspends. False: UNAVAILABLE, and nothing was counted as far as is known. */
bool credential_store_reserve(task *t, store *s, ulid holder, const credential_record *record,
                              int64_t errors_max, const idempotency_key *request, int64_t now_ms,
                              credential_reservation *outcome) MUST_CHECK;

/* The kind of change. Record: credential_change, in the arena. Writing one ends the guess in
 * flight. */
typedef struct credential_change {
        ulid holder;
        const credential_record *record;
        const credential_row *row;
} credential_change;
extern const change_kind CREDENTIAL_CHANGE_KIND;

/* The holders with a change that waits, from a part on; at most 100. */
bool credential_store_list_pending(task *t, store *s, uint8_t part, ulid **holders,
                                   size_t *count) MUST_CHECK;

#endif
