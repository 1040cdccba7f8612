/* Sealed columns: personal data at rest, XChaCha20-Poly1305 with the key's number in the record.
 *
 *   version 1 | key id (4, big-endian) | nonce (24) | ciphertext | tag (16)
 *
 * The associated data names the place (table, column, row), so that a value moved to another row
 * does not open. Key id and version are authenticated too. */
#ifndef SSCARD_COMMON_CRYPTO_SEAL_H
#define SSCARD_COMMON_CRYPTO_SEAL_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/failure.h"
#include "common/base/random.h"
#include "common/crypto/keyring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEAL_OVERHEAD_BYTES = 1 + 4 + 24 + 16 };

/* Where a value lives. `row` are the bytes of its key (part and ULID, say). */
typedef struct seal_place {
        const char *table, *column; /* literals */
        bytes row;                  /* at most 64 bytes */
} seal_place;

/* The sealed record, in the arena: plain.length + SEAL_OVERHEAD_BYTES. Under the newest key. */
bytes seal_close(const keyring *ring, random_source *random, seal_place place, bytes plain,
                 arena *a);
/* False and `f` set: DATA_LOSS with reason SEAL_MALFORMED (cut, unknown version), SEAL_KEY_UNKNOWN
 * (the message names the key id) or SEAL_BROKEN (wrong key, wrong place, or altered). `plain` in
 * the arena, with a NUL behind it; untouched on failure. */
bool seal_open(const keyring *ring, seal_place place, bytes sealed, arena *a, bytes *plain,
               failure *f) MUST_CHECK;
/* The key id of a record; false: not a sealed record. For the job that seals anew. */
bool seal_key_id(bytes sealed, uint32_t *id) MUST_CHECK;

#endif
