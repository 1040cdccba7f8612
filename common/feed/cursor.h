/* A Watch cursor: 256 positions, opaque to those who keep it. base64url, versioned, with a MAC, so
 * that a forged or damaged one is refused and never followed. */
#ifndef SSCARD_COMMON_FEED_CURSOR_H
#define SSCARD_COMMON_FEED_CURSOR_H

#include "common/base/arena.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stdint.h>

enum { FEED_PARTS = 256, FEED_CURSOR_TEXT_MAX = 4096 };

/* Zero stands before the first event of every part. */
typedef struct feed_cursor {
        int64_t seq[FEED_PARTS];
} feed_cursor;

/* `key`: 32 bytes, the service's. In the arena. */
char *feed_cursor_format(arena *a, const feed_cursor *cursor, const uint8_t key[32]);
/* "" is the zero cursor. False: not made by feed_cursor_format() with this key. */
bool feed_cursor_parse(const char *text, const uint8_t key[32], feed_cursor *cursor) MUST_CHECK;

#endif
