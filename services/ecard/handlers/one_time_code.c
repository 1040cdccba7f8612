/* Writes and reads codes. Must never be asked whether a code is still good: that is the rules'. */
#include "services/ecard/handlers/one_time_code.h"

#include "common/crypto/base64url.h"

#include <string.h>

#define PREFIX "SSC1."
enum {
        VERSION = 1,
        REGION_AT = 1,
        HOLDER_AT = REGION_AT + 3,
        NONCE_AT = HOLDER_AT + ULID_BYTES,
        EXPIRES_AT = NONCE_AT + ECARD_NONCE_BYTES,
        BINDING_AT = EXPIRES_AT + 8,
        CONTENT_BYTES = BINDING_AT + CODE_BINDING_BYTES,
        RAW_BYTES = CONTENT_BYTES + SIGNATURE_BYTES,
        PREFIX_BYTES = sizeof PREFIX - 1,
};

static void add_number(digest_run *run, uint64_t number)
{
        uint8_t raw[8];
        for (int i = 0; i < 8; i++)
                raw[i] = (uint8_t)(number >> (56 - 8 * i));
        digest_add(run, bytes_of(raw, sizeof raw));
}

void one_time_code_bind(const ecard_period *period, int64_t epoch,
                        uint8_t binding[CODE_BINDING_BYTES])
{
        digest_run run;
        digest_begin(&run);
        digest_add(&run, bytes_of(period->card.bytes, ULID_BYTES));
        add_number(&run, period->card_state_version);
        add_number(&run, period->lock_version);
        add_number(&run, (uint64_t)epoch);
        digest whole = digest_end(&run);
        memcpy(binding, whole.bytes, CODE_BINDING_BYTES);
}

const char *one_time_code_write(arena *a, const signing_key *key, const one_time_code *code)
{
        uint8_t raw[RAW_BYTES];
        raw[0] = VERSION;
        for (int i = 0; i < 3; i++)
                raw[REGION_AT + i] = (uint8_t)((code->region[2 * i] - '0') << 4 |
                                               (code->region[2 * i + 1] - '0'));
        memcpy(raw + HOLDER_AT, code->holder.bytes, ULID_BYTES);
        memcpy(raw + NONCE_AT, code->nonce, ECARD_NONCE_BYTES);
        for (int i = 0; i < 8; i++)
                raw[EXPIRES_AT + i] = (uint8_t)((uint64_t)code->expires_at_ms >> (56 - 8 * i));
        memcpy(raw + BINDING_AT, code->binding, CODE_BINDING_BYTES);
        signing_key_sign(key, bytes_of(raw, CONTENT_BYTES), raw + CONTENT_BYTES);
        char *text = arena_alloc(a, PREFIX_BYTES + base64url_length(RAW_BYTES) + 1);
        memcpy(text, PREFIX, PREFIX_BYTES);
        base64url_encode(bytes_of(raw, RAW_BYTES), text + PREFIX_BYTES);
        return text;
}

bool one_time_code_read(const signing_key *key, const char *text, one_time_code *code)
{
        uint8_t raw[RAW_BYTES];
        size_t length = 0;
        if (strncmp(text, PREFIX, PREFIX_BYTES) != 0) return false;
        if (!base64url_decode(bytes_of_text(text + PREFIX_BYTES), raw, sizeof raw, &length) ||
            length != RAW_BYTES || raw[0] != VERSION)
                return false;
        *code = (one_time_code){.signed_by_us = signing_key_verify(
                                        key, bytes_of(raw, CONTENT_BYTES), raw + CONTENT_BYTES)};
        for (int i = 0; i < REGION_CODE_LENGTH; i++)
                code->region[i] =
                        (char)('0' + (raw[REGION_AT + i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf));
        memcpy(code->holder.bytes, raw + HOLDER_AT, ULID_BYTES);
        memcpy(code->nonce, raw + NONCE_AT, ECARD_NONCE_BYTES);
        uint64_t expires = 0;
        for (int i = 0; i < 8; i++)
                expires = expires << 8 | raw[EXPIRES_AT + i];
        code->expires_at_ms = (int64_t)expires;
        memcpy(code->binding, raw + BINDING_AT, CODE_BINDING_BYTES);
        return true;
}
