/* The one-time code: what it says, signed, as the text of a QR picture.
 *
 *   "SSC1." base64url( version 1 | region (3, BCD) | holder (16) | nonce (12) | expires (8)
 *                      | binding (8) | Ed25519 signature (64) )
 *
 * The binding is a hash of the period and the password's epoch: a code of another state of the card
 * does not hold. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_ONE_TIME_CODE_H
#define SSCARD_SERVICES_ECARD_HANDLERS_ONE_TIME_CODE_H

#include "services/ecard/handlers/ecard_app.h"

enum { CODE_BINDING_BYTES = 8, CODE_TEXT_MAX = 256 };

typedef struct one_time_code {
        char region[REGION_CODE_LENGTH + 1];
        ulid holder;
        uint8_t nonce[ECARD_NONCE_BYTES];
        int64_t expires_at_ms; /* wall clock */
        uint8_t binding[CODE_BINDING_BYTES];
        bool signed_by_us;
} one_time_code;

/* What the code is bound to now. */
void one_time_code_bind(const ecard_period *period, int64_t epoch,
                        uint8_t binding[CODE_BINDING_BYTES]);
/* The signed text, in the arena. */
const char *one_time_code_write(arena *a, const signing_key *key, const one_time_code *code);
/* False: not a code at all. A bad signature is `signed_by_us` false. */
bool one_time_code_read(const signing_key *key, const char *text, one_time_code *code) MUST_CHECK;

#endif
