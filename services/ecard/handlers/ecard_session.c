/* Makes and judges sessions. Must never look anything up: the record it judges by is given. */
#include "services/ecard/handlers/ecard_session.h"

#include "common/crypto/base64url.h"
#include "common/crypto/secret_buffer.h"

#include <string.h>

/* version 1 | holder (16) | epoch (8) | expires (8) | MAC (32) */
enum {
        VERSION = 1,
        CONTENT_BYTES = 1 + ULID_BYTES + 8 + 8,
        RAW_BYTES = CONTENT_BYTES + DIGEST_BYTES
};

static digest mac_of(const ecard_app *app, const uint8_t *content)
{
        keyed_hash *hash = app->pepper;
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of("session", 8));
        keyed_hash_add(hash, bytes_of(content, CONTENT_BYTES));
        return keyed_hash_end(hash);
}

static void write_number(uint8_t *at, int64_t number)
{
        for (int i = 0; i < 8; i++)
                at[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

static int64_t read_number(const uint8_t *at)
{
        uint64_t number = 0;
        for (int i = 0; i < 8; i++)
                number = number << 8 | at[i];
        return (int64_t)number;
}

const char *ecard_session_issue(arena *a, const ecard_app *app,
                                const ecard_session_content *content)
{
        uint8_t raw[RAW_BYTES];
        raw[0] = VERSION;
        memcpy(raw + 1, content->holder.bytes, ULID_BYTES);
        write_number(raw + 1 + ULID_BYTES, content->epoch);
        write_number(raw + 1 + ULID_BYTES + 8, content->expires_at_ms);
        digest mac = mac_of(app, raw);
        memcpy(raw + CONTENT_BYTES, mac.bytes, DIGEST_BYTES);
        char *text = arena_alloc(a, base64url_length(RAW_BYTES) + 1);
        base64url_encode(bytes_of(raw, RAW_BYTES), text);
        return text;
}

ecard_session ecard_session_check(const ecard_app *app, const char *token,
                                  const ecard_record *ecard, int64_t wall_ms, int64_t *expires)
{
        uint8_t raw[RAW_BYTES];
        size_t length = 0;
        if (*token == '\0') return ECARD_SESSION_NONE;
        if (!base64url_decode(bytes_of_text(token), raw, sizeof raw, &length) ||
            length != RAW_BYTES || raw[0] != VERSION)
                return ECARD_SESSION_ENDED;
        digest mac = mac_of(app, raw);
        int64_t epoch = read_number(raw + 1 + ULID_BYTES);
        int64_t expires_at_ms = read_number(raw + 1 + ULID_BYTES + 8);
        bool ours = secret_equal(bytes_of(mac.bytes, DIGEST_BYTES),
                                 bytes_of(raw + CONTENT_BYTES, DIGEST_BYTES)) &&
                    memcmp(raw + 1, ecard->holder.bytes, ULID_BYTES) == 0;
        if (!ours || !ecard_is_issued(ecard) || epoch != ecard->password.epoch ||
            wall_ms >= expires_at_ms)
                return ECARD_SESSION_ENDED;
        if (expires) *expires = expires_at_ms;
        return ECARD_SESSION_LIVE;
}
