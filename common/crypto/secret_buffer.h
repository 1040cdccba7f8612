/* Secrets in memory: locked, guarded, wiped when released. There is no way to print one. */
#ifndef SSCARD_COMMON_CRYPTO_SECRET_BUFFER_H
#define SSCARD_COMMON_CRYPTO_SECRET_BUFFER_H

#include "common/base/bytes.h"
#include "common/base/scoped.h"

#include <stddef.h>
#include <stdint.h>

/* Embedded; zero is empty. SCOPED(secret_buffer) wipes it at the end of the scope. */
typedef struct secret_buffer {
        uint8_t *data; /* sodium_malloc: guard pages, locked if the limit allows */
        size_t length;
} secret_buffer;

/* Never fails: without memory the process ends. Cleared. The old content is released. */
void secret_buffer_take(secret_buffer *secret, size_t length);
void secret_buffer_copy(secret_buffer *secret, bytes from);
void secret_buffer_release(secret_buffer *secret);
static inline bytes secret_buffer_bytes(const secret_buffer *secret)
{
        return bytes_of(secret->data, secret->length);
}

/* Wipes memory that is about to be given back; not removed by the optimiser. */
void secret_wipe(void *memory, size_t count);
/* Constant time for equal lengths; different lengths are different at once. */
bool secret_equal(bytes a, bytes b);

#endif
