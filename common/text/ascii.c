/* ASCII that is safe to show, whatever came in.
 * Must never let an escape sequence or a line break through. */
#include "common/text/ascii.h"

#include <assert.h>
#include <string.h>

static bool is_printable(uint8_t byte)
{
        return byte >= 0x20 && byte <= 0x7e;
}

bool ascii_is_printable(bytes text)
{
        for (size_t i = 0; i < text.length; i++)
                if (!is_printable(text.data[i])) return false;
        return true;
}

size_t ascii_make_safe(bytes text, char *safe, size_t size)
{
        assert(size >= 4);
        size_t written = 0;
        bool in_run = false;
        for (size_t i = 0; i < text.length; i++) {
                bool printable = is_printable(text.data[i]);
                if (!printable && in_run) continue;
                in_run = !printable;
                if (written == size - 1) {
                        memcpy(safe + size - 4, "...", 3);
                        break;
                }
                safe[written++] = printable ? (char)text.data[i] : '?';
        }
        safe[written] = '\0';
        return written;
}

static bool is_letter_or_digit(uint8_t byte)
{
        return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= 'a' && byte <= 'z');
}

bool ascii_is_token(bytes text, const char *marks, size_t length_max)
{
        if (text.length == 0 || text.length > length_max) return false;
        for (size_t i = 0; i < text.length; i++) {
                uint8_t byte = text.data[i];
                if (is_letter_or_digit(byte)) continue;
                if (byte == 0 || !strchr(marks, byte)) return false;
        }
        return true;
}
