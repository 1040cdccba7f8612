/* Borrowed runs of bytes: comparison and hexadecimal.
 * Must never own what it points to, nor compare secrets (common/crypto does, in constant time). */
#include "common/base/bytes.h"

#include <string.h>

bytes bytes_of_text(const char *text)
{
        return bytes_of(text, text ? strlen(text) : 0);
}

bool bytes_equal(bytes a, bytes b)
{
        if (a.length != b.length) return false;
        return a.length == 0 || memcmp(a.data, b.data, a.length) == 0;
}

void bytes_to_hex(bytes b, char *text)
{
        static const char digits[] = "0123456789abcdef";
        for (size_t i = 0; i < b.length; i++) {
                *text++ = digits[b.data[i] >> 4];
                *text++ = digits[b.data[i] & 15];
        }
        *text = '\0';
}
