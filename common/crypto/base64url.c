/* base64url over libsodium.
 * Must never accept two texts for the same bytes. */
#include "common/crypto/base64url.h"

#include <sodium.h>

void base64url_encode(bytes from, char *text)
{
        size_t size =
                sodium_base64_encoded_len(from.length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        sodium_bin2base64(text, size, from.data, from.length,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool base64url_decode(bytes text, uint8_t *to, size_t size, size_t *length)
{
        /* libsodium 1.0.18 takes some bytes above 0x7f for digits. Their place is all that this
         * tells, so it need not be constant in time. */
        for (size_t i = 0; i < text.length; i++)
                if (text.data[i] >= 0x80) return false;
        size_t written;
        const char *end;
        if (sodium_base642bin(to, size, (const char *)text.data, text.length, NULL, &written, &end,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
                return false;
        if (end != (const char *)text.data + text.length) return false;
        *length = written;
        return true;
}
