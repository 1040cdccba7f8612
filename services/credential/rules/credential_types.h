/* What the rules know of a card's PIN: plain values; nothing of the PIN itself. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_TYPES_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_TYPES_H

#include "common/base/ulid.h"

#include <stdbool.h>
#include <stdint.h>

/* The numbers of sscard.credential.v1.CredentialState; stored: never renumber. */
typedef enum credential_state {
        CREDENTIAL_NONE = 1,
        CREDENTIAL_INITIAL = 2,
        CREDENTIAL_ACTIVE = 3,
        CREDENTIAL_LOCKED = 4,
        CREDENTIAL_VOID = 5, /* terminal */
} credential_state;
enum { CREDENTIAL_STATE_COUNT = 6 };

enum { PIN_DIGITS = 6 };

/* The PIN of one card. A card without one has state NONE and version 0. */
typedef struct credential_record {
        ulid card;
        uint64_t version;
        credential_state state;
        credential_state was; /* LOCKED: INITIAL or ACTIVE; else 0 */
        uint8_t errors;       /* wrong guesses in a row; 0 in NONE and VOID */
        uint32_t unlocks;
        uint64_t generation; /* of the PIN: rises at issue, change and reset only */
        int64_t state_since_ms;
} credential_record;

/* The PINs of one holder, one a card: the unit of loading and of the cache. */
enum { CREDENTIALS_MAX = 16 };
typedef struct credential_holder {
        ulid id;
        uint8_t count;
        credential_record items[CREDENTIALS_MAX];
} credential_holder;

/* Index of a card's credential, or -1. */
int credential_find(const credential_holder *holder, ulid card);
/* "LOCKED". */
const char *credential_state_name(credential_state state);
/* Always true of what is stored: asserted before it is written and after it is read. */
bool credential_holds(const credential_record *record);

#endif
