/* Writes sentences into a buffer that may be too small, and goes on counting. */
#ifndef SSCARD_COMMON_POLICY_BOUNDED_TEXT_H
#define SSCARD_COMMON_POLICY_BOUNDED_TEXT_H

#include "common/base/scoped.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct bounded_text {
        char *text;          /* the caller's */
        size_t size, length; /* of the buffer; of all that was written, larger if it did not fit */
        bool english;
} bounded_text;

/* In `language` ("zh" or "en"). The buffer holds "" until something is written. */
bounded_text bounded_text_begin(char *text, size_t size, const char *language);
void bounded_text_add(bounded_text *t, const char *format, ...) FORMAT_CHECK(2, 3);
/* Cuts at a character's edge what did not fit; what a larger buffer would have taken, without the
 * NUL (like snprintf). */
size_t bounded_text_end(bounded_text *t);
/* The longest prefix of `text` of at most `bytes` bytes that does not cut a UTF-8 character. */
size_t policy_text_cut(const char *text, size_t bytes);

#endif
