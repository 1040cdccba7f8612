/* Sealing and opening personal columns.
 * Must never give a byte of plain text before the whole record has been verified. */
#include "common/crypto/seal.h"

#include "common/crypto/keyring_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

enum {
        SEAL_VERSION = 1,
        ID_OFFSET = 1,
        NONCE_OFFSET = ID_OFFSET + 4,
        NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
        BODY_OFFSET = NONCE_OFFSET + NONCE_BYTES,
        TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
        ROW_BYTES_MAX = 64,
        NAME_BYTES_MAX = 64,
        ASSOCIATED_BYTES_MAX = NONCE_OFFSET + 2 * (1 + NAME_BYTES_MAX) + ROW_BYTES_MAX,
};
_Static_assert(BODY_OFFSET + TAG_BYTES == SEAL_OVERHEAD_BYTES, "the header tells the overhead");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == KEYRING_KEY_BYTES, "one key size");

static size_t put_name(uint8_t *to, const char *name)
{
        size_t length = strlen(name);
        assert(length <= NAME_BYTES_MAX);
        to[0] = (uint8_t)length; /* its length first: ("ab", "c") is not ("a", "bc") */
        memcpy(to + 1, name, length);
        return 1 + length;
}

/* Version and key id of the record, then the place. */
static size_t associate(const uint8_t *header, seal_place place, uint8_t *to)
{
        assert(place.row.length <= ROW_BYTES_MAX);
        size_t length = NONCE_OFFSET;
        memcpy(to, header, length);
        length += put_name(to + length, place.table);
        length += put_name(to + length, place.column);
        if (place.row.length) memcpy(to + length, place.row.data, place.row.length);
        return length + place.row.length;
}

bytes seal_close(const keyring *ring, random_source *random, seal_place place, bytes plain,
                 arena *a)
{
        uint32_t id = keyring_newest(ring);
        uint8_t *sealed = arena_alloc(a, plain.length + SEAL_OVERHEAD_BYTES);
        sealed[0] = SEAL_VERSION;
        for (int i = 0; i < 4; i++)
                sealed[ID_OFFSET + i] = (uint8_t)(id >> (24 - 8 * i));
        random_fill(random, sealed + NONCE_OFFSET, NONCE_BYTES);

        uint8_t associated[ASSOCIATED_BYTES_MAX];
        size_t associated_length = associate(sealed, place, associated);
        unsigned long long length = 0;
        crypto_aead_xchacha20poly1305_ietf_encrypt(
                sealed + BODY_OFFSET, &length, plain.data, plain.length, associated,
                associated_length, NULL, sealed + NONCE_OFFSET, keyring_key(ring, id));
        assert(length == plain.length + TAG_BYTES);
        return bytes_of(sealed, BODY_OFFSET + (size_t)length);
}

bool seal_key_id(bytes sealed, uint32_t *id)
{
        if (sealed.length < SEAL_OVERHEAD_BYTES || sealed.data[0] != SEAL_VERSION) return false;
        uint32_t value = 0;
        for (int i = 0; i < 4; i++)
                value = value << 8 | sealed.data[ID_OFFSET + i];
        *id = value;
        return true;
}

bool seal_open(const keyring *ring, seal_place place, bytes sealed, arena *a, bytes *plain,
               failure *f)
{
        uint32_t id;
        if (!seal_key_id(sealed, &id))
                return failure_set(f, FAILURE_DATA_LOSS, "SEAL_MALFORMED",
                                   "the sealed value of %s.%s is cut or of an unknown version",
                                   place.table, place.column);
        const uint8_t *key = keyring_key(ring, id);
        if (!key)
                return failure_set(f, FAILURE_DATA_LOSS, "SEAL_KEY_UNKNOWN",
                                   "data key %" PRIu32 " of %s.%s is not in the key file", id,
                                   place.table, place.column);

        uint8_t associated[ASSOCIATED_BYTES_MAX];
        size_t associated_length = associate(sealed.data, place, associated);
        uint8_t *opened = arena_alloc(a, sealed.length - SEAL_OVERHEAD_BYTES + 1);
        unsigned long long length = 0;
        if (crypto_aead_xchacha20poly1305_ietf_decrypt(
                    opened, &length, NULL, sealed.data + BODY_OFFSET, sealed.length - BODY_OFFSET,
                    associated, associated_length, sealed.data + NONCE_OFFSET, key) != 0)
                return failure_set(f, FAILURE_DATA_LOSS, "SEAL_BROKEN",
                                   "a sealed value of %s.%s does not open with data key %" PRIu32
                                   ": wrong key, wrong row, or altered",
                                   place.table, place.column, id);
        opened[length] = '\0';
        *plain = bytes_of(opened, (size_t)length);
        return true;
}
