/* Page tokens: state, then a MAC over state, method, caller and filter. Must never follow one that
 * was made for another list. */
#include "common/service/page.h"

#include "common/crypto/base64url.h"
#include "common/crypto/secret_buffer.h"

#include <string.h>

enum { PAGE_MAC_BYTES = 16 };

static digest page_mac(rpc_call *call, const char *filter, bytes state)
{
        const service_call *c = service_call_of(call);
        keyed_hash *hash = c->instance->keys.lookup;
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of("page", 5));
        keyed_hash_add(hash, bytes_of_text(rpc_call_method(call)->full_name));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, bytes_of_text(c->caller_key));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, bytes_of_text(filter));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, state);
        return keyed_hash_end(hash);
}

const char *page_token(rpc_call *call, const char *filter, const void *state, size_t state_bytes)
{
        assert(state_bytes <= PAGE_STATE_BYTES);
        uint8_t raw[PAGE_STATE_BYTES + PAGE_MAC_BYTES];
        digest mac = page_mac(call, filter, bytes_of(state, state_bytes));
        memcpy(raw, state, state_bytes);
        memcpy(raw + state_bytes, mac.bytes, PAGE_MAC_BYTES);
        size_t length = state_bytes + PAGE_MAC_BYTES;
        char *text = arena_alloc(rpc_call_arena(call), base64url_length(length) + 1);
        base64url_encode(bytes_of(raw, length), text);
        return text;
}

static bool refuse_token(rpc_call *call)
{
        rpc_reply_invalid(call, "page_token", "PAGE_TOKEN_MALFORMED", NULL,
                          "page_token must be next_page_token of the same list and filter");
        return false;
}

bool page_read(rpc_call *call, int32_t page_size, const char *token, const char *filter,
               int32_t *size, void *state, size_t state_bytes, bool *first)
{
        if (page_size < 0) {
                rpc_reply_invalid(call, "page_size", "PAGE_SIZE_INVALID", NULL,
                                  "page_size must not be negative");
                return false;
        }
        *size = page_size == 0 ? PAGE_SIZE_DEFAULT
                               : (page_size > PAGE_SIZE_MAX ? PAGE_SIZE_MAX : page_size);
        *first = *token == '\0';
        if (*first) return true;
        uint8_t raw[PAGE_STATE_BYTES + PAGE_MAC_BYTES];
        size_t length = 0;
        if (!base64url_decode(bytes_of_text(token), raw, sizeof raw, &length) ||
            length != state_bytes + PAGE_MAC_BYTES)
                return refuse_token(call);
        digest mac = page_mac(call, filter, bytes_of(raw, state_bytes));
        if (!secret_equal(bytes_of(mac.bytes, PAGE_MAC_BYTES),
                          bytes_of(raw + state_bytes, PAGE_MAC_BYTES)))
                return refuse_token(call);
        memcpy(state, raw, state_bytes);
        return true;
}
