/* UTF-8: validation, counting and what people may be shown.
 * Must never change a text: it judges, the caller refuses. */
#include "common/text/utf8.h"

#include <assert.h>
#include <string.h>

static const uint64_t high_bits = UINT64_C(0x8080808080808080);

static uint64_t word_at(const uint8_t *at)
{
        uint64_t word;
        memcpy(&word, at, sizeof word);
        return word;
}

static bool is_continuation(uint8_t byte)
{
        return (byte & 0xc0) == 0x80;
}

size_t utf8_decode(bytes text, uint32_t *code_point)
{
        assert(text.length > 0);
        const uint8_t *b = text.data;
        if (b[0] < 0x80) {
                *code_point = b[0];
                return 1;
        }
        size_t count = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
        if (b[0] < 0xc2 || b[0] > 0xf4 || text.length < count) return 0;

        uint32_t value = b[0] & (0xffu >> (count + 1));
        for (size_t i = 1; i < count; i++) {
                if (!is_continuation(b[i])) return 0;
                value = value << 6 | (b[i] & 0x3f);
        }
        static const uint32_t smallest[] = {[2] = 0x80, [3] = 0x800, [4] = 0x10000};
        if (value < smallest[count] || value > 0x10ffff) return 0;
        if (value >= 0xd800 && value <= 0xdfff) return 0;
        *code_point = value;
        return count;
}

bool utf8_is_valid(bytes text)
{
        size_t i = 0;
        while (i < text.length) {
                if (text.length - i >= 8 && !(word_at(text.data + i) & high_bits)) {
                        i += 8;
                        continue;
                }
                uint32_t code_point;
                size_t count = utf8_decode(bytes_of(text.data + i, text.length - i), &code_point);
                if (count == 0) return false;
                i += count;
        }
        return true;
}

size_t utf8_count(bytes text)
{
        size_t count = 0;
        for (size_t i = 0; i < text.length; i++)
                count += !is_continuation(text.data[i]);
        return count;
}

static bool must_not_be_seen(uint32_t code_point)
{
        if (code_point < 0x20) return true;
        if (code_point < 0x7f) return false;
        if (code_point <= 0x9f) return true;                           /* DEL, C1 */
        if (code_point == 0x2028 || code_point == 0x2029) return true; /* separators */
        if (code_point == 0x200e || code_point == 0x200f) return true; /* direction marks */
        if (code_point == 0x061c) return true;
        if (code_point >= 0x202a && code_point <= 0x202e) return true; /* overrides */
        if (code_point >= 0x2066 && code_point <= 0x2069) return true; /* isolates */
        if (code_point == 0xfeff) return true;                         /* byte order mark */
        if (code_point >= 0xfdd0 && code_point <= 0xfdef) return true; /* noncharacters */
        return (code_point & 0xfffe) == 0xfffe;
}

static bool is_allowed(uint32_t code_point, const char *allowed)
{
        return allowed && code_point != 0 && code_point < 0x80 &&
               strchr(allowed, (int)code_point) != NULL;
}

utf8_verdict utf8_check(bytes text, size_t code_points_max, const char *allowed,
                        size_t *code_points)
{
        size_t count = 0;
        bool control = false;
        for (size_t i = 0; i < text.length; count++) {
                uint32_t code_point;
                size_t taken = utf8_decode(bytes_of(text.data + i, text.length - i), &code_point);
                if (taken == 0) return UTF8_INVALID;
                if (must_not_be_seen(code_point) && !is_allowed(code_point, allowed))
                        control = true;
                i += taken;
        }
        if (control) return UTF8_CONTROL;
        if (count > code_points_max) return UTF8_TOO_LONG;
        if (code_points) *code_points = count;
        return UTF8_OK;
}

size_t utf8_prefix_bytes(bytes text, size_t code_points)
{
        size_t i = 0;
        for (; i < text.length; i++) {
                if (is_continuation(text.data[i])) continue;
                if (code_points == 0) break;
                code_points--;
        }
        return i;
}

const char *utf8_verdict_text(utf8_verdict verdict)
{
        switch (verdict) {
        case UTF8_OK:
                return "is well-formed text";
        case UTF8_INVALID:
                return "is not valid UTF-8";
        case UTF8_CONTROL:
                return "contains control or direction characters";
        case UTF8_TOO_LONG:
                return "is too long";
        }
        return "is not text";
}
