/* Text that is safe to show: in a header, a log line, an error message, a terminal. */
#ifndef SSCARD_COMMON_TEXT_ASCII_H
#define SSCARD_COMMON_TEXT_ASCII_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* Printable ASCII only (0x20-0x7e). */
bool ascii_is_printable(bytes text);
/* Copies what is printable; each run of other bytes becomes one '?'. Cut to `size` with "..." at
 * the end when it does not fit; always ends in a NUL. Returns the length written. `size` >= 4. */
size_t ascii_make_safe(bytes text, char *safe, size_t size);
/* Only the characters of that alphabet, and between 1 and `length_max` of them? For ids chosen by
 * callers: ascii_is_token("…", "-_.:", 64) accepts letters, digits and the given marks. */
bool ascii_is_token(bytes text, const char *marks, size_t length_max);

#endif
