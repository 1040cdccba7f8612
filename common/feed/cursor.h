/* A Watch cursor: 256 positions, opaque to those who keep it. base64url, versioned, with a MAC, so
 * that a forged or damaged one is refused and never followed. */
#ifndef SSCARD_COMMON_FEED_CURSOR_H
#define SSCARD_COMMON_FEED_CURSOR_H

#include "common/base/arena.h"
#include "common/base/scoped.h"
#include "common/crypto/keyed_hash.h"

#include <stdbool.h>
#include <stdint.h>

enum { FEED_PARTS = 256, FEED_CURSOR_TEXT_MAX = 4096 };

/* Zero stands before the first event of every part. */
typedef struct feed_cursor {
        int64_t seq[FEED_PARTS];
} feed_cursor;

/* In the arena. */
char *feed_cursor_format(arena *a, const feed_cursor *cursor, keyed_hash *hash);
/* "" is the zero cursor. False: not made by feed_cursor_format() under this key. */
bool feed_cursor_parse(const char *text, keyed_hash *hash, feed_cursor *cursor) MUST_CHECK;

#endif
