/* A borrowed run of bytes: pointer and length, owned by somebody else. */
#ifndef SSCARD_COMMON_BASE_BYTES_H
#define SSCARD_COMMON_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bytes {
        const uint8_t *data;
        size_t length;
} bytes;

static inline bytes bytes_of(const void *data, size_t length)
{
        return (bytes){(const uint8_t *)data, length};
}
bytes bytes_of_text(const char *text);
bool bytes_equal(bytes a, bytes b);
/* Lower-case hexadecimal and a NUL into `text` (2 × length + 1). */
void bytes_to_hex(bytes b, char *text);

#endif
