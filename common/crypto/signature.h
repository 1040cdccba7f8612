/* Ed25519: short signatures of what is shown to machines. One key, from a file of 32 bytes. */
#ifndef SSCARD_COMMON_CRYPTO_SIGNATURE_H
#define SSCARD_COMMON_CRYPTO_SIGNATURE_H

#include "common/base/bytes.h"
#include "common/base/failure.h"

#include <stdbool.h>
#include <stdint.h>

enum { SIGNATURE_BYTES = 64, SIGNATURE_SEED_BYTES = 32 };

typedef struct signing_key signing_key;

/* From a key file (common/crypto/key_file.h). NULL and `f` set. Pair: signing_key_destroy(). */
signing_key *signing_key_load(const char *path, failure *f) MUST_CHECK;
/* NULL and `f` set when the seed has another length. */
signing_key *signing_key_create(bytes seed, failure *f) MUST_CHECK;
/* NULL is allowed. */
void signing_key_destroy(signing_key *key);

void signing_key_sign(const signing_key *key, bytes message, uint8_t signature[SIGNATURE_BYTES]);
/* Was it signed by this key? */
bool signing_key_verify(const signing_key *key, bytes message,
                        const uint8_t signature[SIGNATURE_BYTES]) MUST_CHECK;

#endif
