/* Data keys by number: the newest seals, all open. From a key file (JSON):
 *   {"keys": [{"id": 1, "key": "<32 bytes, base64url>"}, {"id": 2, "key": "…"}]}
 * The highest id is the newest. */
#ifndef SSCARD_COMMON_CRYPTO_KEYRING_H
#define SSCARD_COMMON_CRYPTO_KEYRING_H

#include "common/base/bytes.h"
#include "common/base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct keyring keyring;

enum { KEYRING_KEY_BYTES = 32, KEYRING_KEYS_MAX = 64 };

/* NULL and `f` set: FAILED_PRECONDITION with reason KEY_FILE_MISSING, KEY_FILE_OPEN_TO_OTHERS or
 * KEY_FILE_MALFORMED. Pair: keyring_destroy(). */
keyring *keyring_load(const char *path, failure *f) MUST_CHECK;
/* A new key file with one random key, id 1. False and `f` set as of key_file_create(). */
bool keyring_create_file(const char *path, failure *f) MUST_CHECK;
/* For tests and the simulator: one key with id 1. */
keyring *keyring_create(bytes key, failure *f) MUST_CHECK;
void keyring_destroy(keyring *ring);

uint32_t keyring_newest(const keyring *ring);
size_t keyring_count(const keyring *ring);
bool keyring_has(const keyring *ring, uint32_t id);

#endif
