/* Takes apart what stands in Redis: input, never trusted to be well formed. */
#include "common/cache/value.h"

#include <string.h>

/* Decimal digits up to `end` byte; moves past it. */
static bool number_take(bytes *text, char end, uint64_t *number)
{
        uint64_t value = 0;
        size_t i = 0;
        for (; i < text->length && text->data[i] >= '0' && text->data[i] <= '9'; i++) {
                uint64_t digit = (uint64_t)(text->data[i] - '0');
                if (value > (UINT64_MAX - digit) / 10) return false;
                value = value * 10 + digit;
        }
        if (i == 0 || i == text->length || text->data[i] != (uint8_t)end) return false;
        *number = value;
        *text = bytes_of(text->data + i + 1, text->length - i - 1);
        return true;
}

static bool number_is(bytes text, uint64_t *number)
{
        uint8_t ended[24];
        if (text.length >= sizeof ended) return false;
        memcpy(ended, text.data, text.length);
        ended[text.length] = ':';
        bytes rest = bytes_of(ended, text.length + 1);
        return number_take(&rest, ':', number) && rest.length == 0;
}

static bool fence_take(bytes rest, cache_value *value)
{
        const uint8_t *colon = rest.length ? memchr(rest.data, ':', rest.length) : NULL;
        if (!colon) return false;
        size_t id_bytes = (size_t)(colon - rest.data);
        value->rest = bytes_of(rest.data, id_bytes);
        return number_is(bytes_of(colon + 1, rest.length - id_bytes - 1), &value->version);
}

bool cache_value_parse(bytes text, cache_value *value)
{
        if (text.length < 2) return false;
        uint8_t mark = text.data[0];
        cache_value v = {0};
        bytes rest = bytes_of(text.data + 1, text.length - 1);
        if (!number_take(&rest, ':', &v.epoch)) return false;
        if (mark == 'V') {
                v.kind = CACHE_VALUE_RECORD;
                if (!number_take(&rest, ':', &v.version)) return false;
                v.rest = rest;
        } else if (mark == 'F') {
                v.kind = CACHE_VALUE_FENCE;
                if (!fence_take(rest, &v)) return false;
        } else if (mark == 'T') {
                v.kind = CACHE_VALUE_TOKEN;
                v.rest = rest;
        } else {
                return false;
        }
        *value = v;
        return true;
}

bool cache_lease_parse(bytes text, uint64_t *epoch, bytes *run_id)
{
        bytes rest = text;
        uint64_t number;
        if (!number_take(&rest, ':', &number) || rest.length == 0) return false;
        *epoch = number;
        *run_id = rest;
        return true;
}
