/* Cursors: 256 positions as text and back. Must never follow one that this service did not make.
 *
 *   version 1 | 256 varints | MAC (16)      in base64url */
#include "common/feed/cursor.h"

#include "common/crypto/base64url.h"
#include "common/crypto/secret_buffer.h"

#include <assert.h>
#include <string.h>

enum {
        CURSOR_VERSION = 1,
        MAC_BYTES = 16,
        CURSOR_BYTES_MAX = 1 + FEED_PARTS * 9 + MAC_BYTES,
};

static digest cursor_mac(keyed_hash *hash, bytes body)
{
        static const char label[] = "feed cursor";
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of(label, sizeof label));
        keyed_hash_add(hash, body);
        return keyed_hash_end(hash);
}

char *feed_cursor_format(arena *a, const feed_cursor *cursor, keyed_hash *hash)
{
        uint8_t packed[CURSOR_BYTES_MAX], *at = packed;
        *at++ = CURSOR_VERSION;
        for (int part = 0; part < FEED_PARTS; part++) {
                assert(cursor->seq[part] >= 0);
                uint64_t value = (uint64_t)cursor->seq[part];
                for (; value >= 0x80; value >>= 7)
                        *at++ = (uint8_t)(value | 0x80);
                *at++ = (uint8_t)value;
        }
        digest mac = cursor_mac(hash, bytes_of(packed, (size_t)(at - packed)));
        memcpy(at, mac.bytes, MAC_BYTES);
        at += MAC_BYTES;
        size_t length = (size_t)(at - packed);
        char *text = arena_alloc(a, base64url_length(length) + 1);
        base64url_encode(bytes_of(packed, length), text);
        return text;
}

static bool position_read(const uint8_t **at, const uint8_t *end, int64_t *seq)
{
        uint64_t value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
                if (*at == end) return false;
                uint8_t byte = *(*at)++;
                value |= (uint64_t)(byte & 0x7f) << shift;
                if (byte < 0x80) {
                        *seq = (int64_t)value;
                        return true;
                }
        }
        return false;
}

bool feed_cursor_parse(const char *text, keyed_hash *hash, feed_cursor *cursor)
{
        feed_cursor read = {{0}};
        size_t text_length = strlen(text), length;
        if (text_length == 0) {
                *cursor = read;
                return true;
        }
        uint8_t packed[CURSOR_BYTES_MAX];
        if (text_length > FEED_CURSOR_TEXT_MAX) return false;
        if (!base64url_decode(bytes_of(text, text_length), packed, sizeof packed, &length))
                return false;
        if (length < 1 + FEED_PARTS + MAC_BYTES || packed[0] != CURSOR_VERSION) return false;

        size_t body = length - MAC_BYTES;
        digest mac = cursor_mac(hash, bytes_of(packed, body));
        if (!secret_equal(bytes_of(mac.bytes, MAC_BYTES), bytes_of(packed + body, MAC_BYTES)))
                return false;
        const uint8_t *at = packed + 1, *end = packed + body;
        for (int part = 0; part < FEED_PARTS; part++)
                if (!position_read(&at, end, &read.seq[part])) return false;
        if (at != end) return false;
        *cursor = read;
        return true;
}
