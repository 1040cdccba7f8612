/* Secrets in guarded memory of libsodium.
 * Must never be grown into something that prints. */
#include "common/crypto/secret_buffer.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void secret_buffer_take(secret_buffer *secret, size_t length)
{
        secret_buffer_release(secret);
        if (sodium_init() < 0) abort();
        secret->data = sodium_malloc(length ? length : 1);
        if (!secret->data) abort();
        memset(secret->data, 0, length);
        secret->length = length;
}

void secret_buffer_copy(secret_buffer *secret, bytes from)
{
        secret_buffer taken = {0};
        secret_buffer_take(&taken, from.length);
        if (from.length) memcpy(taken.data, from.data, from.length);
        secret_buffer_release(secret);
        *secret = taken;
}

void secret_buffer_release(secret_buffer *secret)
{
        if (secret->data) sodium_free(secret->data); /* wipes */
        *secret = (secret_buffer){0};
}

void secret_wipe(void *memory, size_t count)
{
        sodium_memzero(memory, count);
}

bool secret_equal(bytes a, bytes b)
{
        if (a.length != b.length) return false;
        return a.length == 0 || sodium_memcmp(a.data, b.data, a.length) == 0;
}
