/* base64url without padding (RFC 4648, section 5), in constant time by libsodium. */
#ifndef SSCARD_COMMON_CRYPTO_BASE64URL_H
#define SSCARD_COMMON_CRYPTO_BASE64URL_H

#include "common/base/bytes.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stddef.h>

/* Characters that `length` bytes become, without the NUL. */
static inline size_t base64url_length(size_t length)
{
        return (length * 4 + 2) / 3;
}
/* Writes base64url_length() characters and a NUL. */
void base64url_encode(bytes from, char *text);
/* Strict: no padding, no white space, no bits left over. At most `size` bytes go to `to`; false and
 * `length` untouched: not base64url, or it does not fit. */
bool base64url_decode(bytes text, uint8_t *to, size_t size, size_t *length) MUST_CHECK;

#endif
