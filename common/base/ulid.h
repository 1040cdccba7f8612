/* ULIDs whose last byte is the part (0-255) of the holder they belong to.
 * 48 bits of milliseconds, 72 random bits, 8 bits of part; Crockford base 32, upper case. */
#ifndef SSCARD_COMMON_BASE_ULID_H
#define SSCARD_COMMON_BASE_ULID_H

#include "common/base/random.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stdint.h>

enum { ULID_BYTES = 16, ULID_TEXT_BYTES = 26 };

typedef struct ulid {
        uint8_t bytes[ULID_BYTES];
} ulid;

ulid ulid_new(int64_t unix_ms, random_source *random, uint8_t part);
/* Writes 26 characters and a NUL. */
void ulid_format(ulid id, char text[ULID_TEXT_BYTES + 1]);
/* Exactly 26 upper-case characters, first one 0-7; false: not a ULID. `id` untouched then. */
bool ulid_parse(const char *text, ulid *id) MUST_CHECK;
bool ulid_parse_bytes(const char *text, size_t length, ulid *id) MUST_CHECK;
static inline uint8_t ulid_part(ulid id)
{
        return id.bytes[ULID_BYTES - 1];
}
int64_t ulid_unix_ms(ulid id);
bool ulid_equal(ulid a, ulid b);
bool ulid_is_zero(ulid id);

#endif
