/* Names of things in Redis. One part's keys are on one instance. */
#ifndef SSCARD_COMMON_CACHE_KEY_H
#define SSCARD_COMMON_CACHE_KEY_H

#include "common/base/bytes.h"

#include <stdint.h>

enum { CACHE_KEY_BYTES_MAX = 111 };

typedef struct cache_key {
        char text[CACHE_KEY_BYTES_MAX + 1];
        uint8_t length;
} cache_key;

/* "sscard:{<part>}:<service>:<holder>": one service's whole record of one holder. */
void cache_key_of_record(cache_key *key, uint8_t part, const char *service, const char *holder);
/* "sscard:lease:<service>". */
void cache_key_of_lease(cache_key *key, const char *service);
static inline bytes cache_key_bytes(const cache_key *key)
{
        return bytes_of(key->text, key->length);
}

#endif
