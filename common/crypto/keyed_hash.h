/* HMAC-SHA-256 under one key: look-ups of identity numbers, request hashes, page tokens.
 * The key is prepared once. Thread: one at a time; a run must not stand over a suspension. */
#ifndef SSCARD_COMMON_CRYPTO_KEYED_HASH_H
#define SSCARD_COMMON_CRYPTO_KEYED_HASH_H

#include "common/base/bytes.h"
#include "common/base/failure.h"
#include "common/crypto/digest.h"

typedef struct keyed_hash keyed_hash;

enum { KEYED_HASH_KEY_BYTES_MIN = 16 };

/* Copies the key. NULL and `f` set when it is shorter than KEYED_HASH_KEY_BYTES_MIN. */
keyed_hash *keyed_hash_create(bytes key, failure *f) MUST_CHECK;
/* From a key file (common/crypto/key_file.h). NULL and `f` set. */
keyed_hash *keyed_hash_load(const char *path, failure *f) MUST_CHECK;
void keyed_hash_destroy(keyed_hash *hash);

digest keyed_hash_of(keyed_hash *hash, bytes whole);
/* A running one. Parts are not separated: put lengths or fixed sizes between them. */
void keyed_hash_begin(keyed_hash *hash);
void keyed_hash_add(keyed_hash *hash, bytes part);
digest keyed_hash_end(keyed_hash *hash);

#endif
