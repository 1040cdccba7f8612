/* Formats keys. A name that does not fit is a bug: services and holders are ours. */
#include "common/cache/key.h"

#include <assert.h>
#include <string.h>

static char *put(char *at, const char *text)
{
        size_t length = strlen(text);
        memcpy(at, text, length);
        return at + length;
}

static void key_end(cache_key *key, char *at)
{
        *at = 0;
        key->length = (uint8_t)(at - key->text);
}

void cache_key_of_record(cache_key *key, uint8_t part, const char *service, const char *holder)
{
        assert(strlen(service) + strlen(holder) + strlen("sscard:{255}::") <= CACHE_KEY_BYTES_MAX);
        char *at = put(key->text, "sscard:{");
        if (part >= 100) *at++ = (char)('0' + part / 100);
        if (part >= 10) *at++ = (char)('0' + part / 10 % 10);
        *at++ = (char)('0' + part % 10);
        at = put(at, "}:");
        at = put(at, service);
        *at++ = ':';
        key_end(key, put(at, holder));
}

void cache_key_of_lease(cache_key *key, const char *service)
{
        assert(strlen(service) + strlen("sscard:lease:") <= CACHE_KEY_BYTES_MAX);
        key_end(key, put(put(key->text, "sscard:lease:"), service));
}
