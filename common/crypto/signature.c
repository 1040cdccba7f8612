/* Ed25519 by libsodium. Must never let the secret half out of its locked memory. */
#include "common/crypto/signature.h"

#include "common/crypto/key_file.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct signing_key {
        secret_buffer secret;
        uint8_t public_half[crypto_sign_PUBLICKEYBYTES];
};

_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519 signatures");
_Static_assert(SIGNATURE_SEED_BYTES == crypto_sign_SEEDBYTES, "Ed25519 seeds");

signing_key *signing_key_create(bytes seed, failure *f)
{
        if (seed.length != SIGNATURE_SEED_BYTES) {
                (void)!failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                                   "a signing key has %d bytes", SIGNATURE_SEED_BYTES);
                return NULL;
        }
        signing_key *key = calloc(1, sizeof *key);
        secret_buffer_take(&key->secret, crypto_sign_SECRETKEYBYTES);
        crypto_sign_seed_keypair(key->public_half, key->secret.data, seed.data);
        return key;
}

signing_key *signing_key_load(const char *path, failure *f)
{
        SCOPED(secret_buffer) seed = {0};
        if (!key_file_read_key(path, &seed, f)) return NULL;
        return signing_key_create(secret_buffer_bytes(&seed), f);
}

void signing_key_destroy(signing_key *key)
{
        if (!key) return;
        secret_buffer_release(&key->secret);
        free(key);
}

void signing_key_sign(const signing_key *key, bytes message, uint8_t signature[SIGNATURE_BYTES])
{
        crypto_sign_detached(signature, NULL, message.data, message.length, key->secret.data);
}

bool signing_key_verify(const signing_key *key, bytes message,
                        const uint8_t signature[SIGNATURE_BYTES])
{
        return crypto_sign_verify_detached(signature, message.data, message.length,
                                           key->public_half) == 0;
}
