/* A bounded buffer of text. Must never cut a character in half. */
#include "common/policy/bounded_text.h"

#include "common/policy/refusal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bounded_text bounded_text_begin(char *text, size_t size, const char *language)
{
        static const policy_text probe = {"zh", "en"};
        if (size > 0) text[0] = '\0';
        return (bounded_text){text, size, 0, policy_text_in(probe, language) == probe.en};
}

void bounded_text_add(bounded_text *t, const char *format, ...)
{
        size_t left = t->length < t->size ? t->size - t->length : 0;
        va_list arguments;
        va_start(arguments, format);
        int length = vsnprintf(left > 0 ? t->text + t->length : NULL, left, format, arguments);
        va_end(arguments);
        assert(length >= 0);
        t->length += (size_t)length;
}

size_t bounded_text_end(bounded_text *t)
{
        if (t->size > 0 && t->length >= t->size)
                t->text[policy_text_cut(t->text, t->size - 1)] = '\0';
        return t->length;
}

size_t policy_text_cut(const char *text, size_t bytes)
{
        size_t length = strnlen(text, bytes + 1);
        if (length <= bytes) {
                /* A text that was cut by force may end in half a character. */
                size_t start = length;
                while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
                        start--;
                if (start == 0) return length;
                unsigned char lead = (unsigned char)text[start - 1];
                size_t wants = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
                return length - (start - 1) < wants ? start - 1 : length;
        }
        while (bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
                bytes--;
        return bytes;
}
