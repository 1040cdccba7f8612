/* The ring of data keys, read from its file into locked memory.
 * Must never tell a key to anyone but seal.c. */
#include "common/crypto/keyring.h"

#include "common/crypto/base64url.h"
#include "common/crypto/key_file.h"
#include "common/crypto/keyring_internal.h"
#include "common/crypto/secret_buffer.h"

#include <assert.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct keyring {
        size_t count;
        uint32_t newest;
        uint32_t ids[KEYRING_KEYS_MAX];
        secret_buffer keys; /* count × KEYRING_KEY_BYTES */
};

static keyring *keyring_new(void)
{
        keyring *ring = calloc(1, sizeof *ring);
        if (!ring) abort();
        secret_buffer_take(&ring->keys, (size_t)KEYRING_KEYS_MAX * KEYRING_KEY_BYTES);
        return ring;
}

static uint8_t *slot(const keyring *ring, size_t index)
{
        assert(index < KEYRING_KEYS_MAX);
        return ring->keys.data + index * KEYRING_KEY_BYTES;
}

static bool keyring_add(keyring *ring, json_t *entry)
{
        json_t *id = json_object_get(entry, "id");
        json_t *text = json_object_get(entry, "key");
        if (!json_is_integer(id) || !json_is_string(text)) return false;
        json_int_t number = json_integer_value(id);
        if (number < 1 || number > UINT32_MAX) return false;
        if (ring->count == KEYRING_KEYS_MAX || keyring_has(ring, (uint32_t)number)) return false;

        size_t length = 0;
        bytes encoded = bytes_of(json_string_value(text), json_string_length(text));
        if (!base64url_decode(encoded, slot(ring, ring->count), KEYRING_KEY_BYTES, &length) ||
            length != KEYRING_KEY_BYTES)
                return false;
        ring->ids[ring->count++] = (uint32_t)number;
        if (number > ring->newest) ring->newest = (uint32_t)number;
        return true;
}

static bool keyring_fill(keyring *ring, bytes content)
{
        json_error_t error;
        json_t *root = json_loadb((const char *)content.data, content.length,
                                  JSON_REJECT_DUPLICATES, &error);
        json_t *keys = json_object_get(root, "keys");
        bool good = json_is_array(keys) && json_array_size(keys) > 0;
        size_t index;
        json_t *entry;
        json_array_foreach(keys, index, entry)
        {
                if (good) good = keyring_add(ring, entry);
                /* jansson keeps its own copy of the text: wipe it before it is freed. */
                json_t *text = json_object_get(entry, "key");
                if (json_is_string(text))
                        secret_wipe((char *)json_string_value(text), json_string_length(text));
        }
        json_decref(root);
        return good;
}

keyring *keyring_load(const char *path, failure *f)
{
        SCOPED(secret_buffer) content = {0};
        if (!key_file_read(path, &content, f)) return NULL;
        keyring *ring = keyring_new();
        if (keyring_fill(ring, secret_buffer_bytes(&content))) return ring;
        keyring_destroy(ring);
        failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                    "%s must hold {\"keys\": [{\"id\": 1, \"key\": 32 bytes in base64url}]} with "
                    "different ids",
                    path);
        return NULL;
}

bool keyring_create_file(const char *path, failure *f)
{
        static const char before[] = "{\"keys\": [{\"id\": 1, \"key\": \"";
        static const char after[] = "\"}]}\n";
        SCOPED(secret_buffer) key = {0};
        secret_buffer_take(&key, KEYRING_KEY_BYTES);
        randombytes_buf(key.data, key.length);
        SCOPED(secret_buffer) text = {0};
        size_t encoded = base64url_length(KEYRING_KEY_BYTES);
        secret_buffer_take(&text, strlen(before) + encoded + sizeof after);
        memcpy(text.data, before, strlen(before));
        base64url_encode(secret_buffer_bytes(&key), (char *)text.data + strlen(before));
        memcpy(text.data + strlen(before) + encoded, after, sizeof after);
        return key_file_create(path, bytes_of(text.data, text.length - 1), f);
}

keyring *keyring_create(bytes key, failure *f)
{
        if (key.length != KEYRING_KEY_BYTES) {
                failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_TOO_SHORT",
                            "a data key has %d bytes", KEYRING_KEY_BYTES);
                return NULL;
        }
        keyring *ring = keyring_new();
        memcpy(slot(ring, 0), key.data, KEYRING_KEY_BYTES);
        ring->ids[0] = ring->newest = 1;
        ring->count = 1;
        return ring;
}

void keyring_destroy(keyring *ring)
{
        if (!ring) return;
        secret_buffer_release(&ring->keys);
        free(ring);
}

uint32_t keyring_newest(const keyring *ring)
{
        assert(ring->count > 0);
        return ring->newest;
}

size_t keyring_count(const keyring *ring)
{
        return ring->count;
}

const uint8_t *keyring_key(const keyring *ring, uint32_t id)
{
        for (size_t i = 0; i < ring->count; i++)
                if (ring->ids[i] == id) return slot(ring, i);
        return NULL;
}

bool keyring_has(const keyring *ring, uint32_t id)
{
        return keyring_key(ring, id) != NULL;
}
