/* UTF-8: is it valid, how many code points, may people see it. Every string of a request passes
 * here once, at the edge. Column width on a terminal is the CLI's. */
#ifndef SSCARD_COMMON_TEXT_UTF8_H
#define SSCARD_COMMON_TEXT_UTF8_H

#include "common/base/bytes.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is wrong with a text, the first thing found. */
typedef enum utf8_verdict {
        UTF8_OK = 0,
        UTF8_INVALID,  /* cut, overlong, surrogate, above U+10FFFF, a stray byte */
        UTF8_CONTROL,  /* C0, DEL, C1, line and paragraph separators, bidirectional overrides,
                        * byte order mark, noncharacters: never in a name or a note */
        UTF8_TOO_LONG, /* more code points than the limit */
} utf8_verdict;

/* Well-formed by Unicode's table 3-7. Empty text is. A word at a time while it is ASCII. */
bool utf8_is_valid(bytes text);
/* Code points of a valid text. */
size_t utf8_count(bytes text);
/* Valid, free of control characters (those in `allowed`, e.g. "\n", excepted; NULL: none) and at
 * most `code_points_max` long. `code_points` may be NULL; it is set when the verdict is OK. */
utf8_verdict utf8_check(bytes text, size_t code_points_max, const char *allowed,
                        size_t *code_points);
/* Decodes one code point of a text of at least one byte; returns its bytes, or 0: not UTF-8. */
size_t utf8_decode(bytes text, uint32_t *code_point);
/* The bytes of the first `code_points` code points of a valid text (all of it when shorter). */
size_t utf8_prefix_bytes(bytes text, size_t code_points);
/* One ASCII sentence without its subject: "is not valid UTF-8". Static. */
const char *utf8_verdict_text(utf8_verdict verdict);

#endif
