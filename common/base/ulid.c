/* ULIDs: making them, and their text in Crockford base 32.
 * Must never accept text that another ULID's text would also decode to. */
#include "common/base/ulid.h"

#include <assert.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { MILLISECOND_BYTES = 6 };

ulid ulid_new(int64_t unix_ms, random_source *random, uint8_t part)
{
        assert(unix_ms >= 0);
        assert(unix_ms < INT64_C(1) << 48);
        ulid id;
        for (int i = 0; i < MILLISECOND_BYTES; i++)
                id.bytes[i] = (uint8_t)(unix_ms >> (8 * (MILLISECOND_BYTES - 1 - i)));
        random_fill(random, id.bytes + MILLISECOND_BYTES, ULID_BYTES - MILLISECOND_BYTES - 1);
        id.bytes[ULID_BYTES - 1] = part;
        return id;
}

void ulid_format(ulid id, char text[ULID_TEXT_BYTES + 1])
{
        /* 130 bits of text hold 128 of id: two leading zero bits, then five at a time. */
        uint32_t pending = 0;
        int pending_bits = 2;
        char *to = text;
        for (int i = 0; i < ULID_BYTES; i++) {
                pending = pending << 8 | id.bytes[i];
                pending_bits += 8;
                while (pending_bits >= 5) {
                        pending_bits -= 5;
                        *to++ = alphabet[pending >> pending_bits & 31];
                }
        }
        assert(pending_bits == 0);
        assert(to == text + ULID_TEXT_BYTES);
        *to = '\0';
}

/* 0-31, or 32 for what is not in the alphabet (lower case, I, L, O, U included). */
static uint32_t digit_value(char c)
{
        /* clang-format off */
        static const uint8_t values['Z' + 1] = { /* one more than the value; 0: none */
                ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7,
                ['7'] = 8, ['8'] = 9, ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14,
                ['E'] = 15, ['F'] = 16, ['G'] = 17, ['H'] = 18, ['J'] = 19, ['K'] = 20, ['M'] = 21,
                ['N'] = 22, ['P'] = 23, ['Q'] = 24, ['R'] = 25, ['S'] = 26, ['T'] = 27, ['V'] = 28,
                ['W'] = 29, ['X'] = 30, ['Y'] = 31, ['Z'] = 32,
        };
        /* clang-format on */
        unsigned char index = (unsigned char)c;
        if (index > 'Z' || values[index] == 0) return 32;
        return values[index] - 1u;
}

bool ulid_parse_bytes(const char *text, size_t length, ulid *id)
{
        if (length != ULID_TEXT_BYTES) return false;
        if (digit_value(text[0]) > 7) return false; /* would not fit 128 bits */

        ulid parsed;
        uint32_t pending = 0;
        int pending_bits = -2;
        size_t written = 0;
        for (size_t i = 0; i < length; i++) {
                uint32_t value = digit_value(text[i]);
                if (value > 31) return false;
                pending = pending << 5 | value;
                pending_bits += 5;
                if (pending_bits >= 8) {
                        pending_bits -= 8;
                        parsed.bytes[written++] = (uint8_t)(pending >> pending_bits);
                }
        }
        assert(written == ULID_BYTES);
        assert(pending_bits == 0);
        *id = parsed;
        return true;
}

bool ulid_parse(const char *text, ulid *id)
{
        if (!text) return false;
        return ulid_parse_bytes(text, strnlen(text, ULID_TEXT_BYTES + 1), id);
}

int64_t ulid_unix_ms(ulid id)
{
        int64_t ms = 0;
        for (int i = 0; i < MILLISECOND_BYTES; i++)
                ms = ms << 8 | id.bytes[i];
        return ms;
}

bool ulid_equal(ulid a, ulid b)
{
        return memcmp(a.bytes, b.bytes, ULID_BYTES) == 0;
}

bool ulid_is_zero(ulid id)
{
        static const ulid zero;
        return ulid_equal(id, zero);
}
