/* The cache of verified tokens: a hash of the signature finds, a full comparison decides.
 * Must never remember a token that was not verified: then who chooses signatures could choose where
 * in the table they fall. */
#include "common/identity/token_cache_internal.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

enum { HASHED_BYTES = 88 }; /* the signature of ES256 has 86 characters */

typedef struct cached_token {
        UT_hash_handle hh;
        struct cached_token *prev, *next; /* most recently used first */
        uint64_t key;                     /* keyed hash of the token's end */
        caller *caller;
        size_t length;
        uint8_t token[];
} cached_token;

struct token_cache {
        cached_token *table; /* uthash's head */
        cached_token *recent;
        uint32_t count, max;
        uint8_t hash_key[crypto_shorthash_KEYBYTES];
};

token_cache *token_cache_create(uint32_t entries_max)
{
        assert(entries_max > 0);
        if (sodium_init() < 0) abort();
        token_cache *cache = calloc(1, sizeof *cache);
        if (!cache) abort();
        cache->max = entries_max;
        randombytes_buf(cache->hash_key, sizeof cache->hash_key);
        return cache;
}

void token_cache_destroy(token_cache *cache)
{
        if (!cache) return;
        token_cache_clear(cache);
        free(cache);
}

static uint64_t key_of(const token_cache *cache, bytes token)
{
        size_t hashed = token.length < HASHED_BYTES ? token.length : HASHED_BYTES;
        uint64_t key;
        _Static_assert(sizeof key == crypto_shorthash_BYTES, "SipHash gives 64 bits");
        crypto_shorthash((unsigned char *)&key, token.data + token.length - hashed, hashed,
                         cache->hash_key);
        return key;
}

static cached_token *find(token_cache *cache, bytes token)
{
        uint64_t key = key_of(cache, token);
        cached_token *found = NULL;
        HASH_FIND_BYHASHVALUE(hh, cache->table, &key, sizeof key, (unsigned)key, found);
        if (!found || found->length != token.length) return NULL;
        return memcmp(found->token, token.data, token.length) == 0 ? found : NULL;
}

static void drop(token_cache *cache, cached_token *entry)
{
        HASH_DELETE(hh, cache->table, entry);
        DL_DELETE(cache->recent, entry);
        cache->count--;
        free(entry->caller);
        free(entry);
}

const caller *token_cache_find(token_cache *cache, bytes token)
{
        cached_token *found = find(cache, token);
        if (!found) return NULL;
        if (cache->recent != found) {
                DL_DELETE(cache->recent, found);
                DL_PREPEND(cache->recent, found);
        }
        return found->caller;
}

uint32_t token_cache_put(token_cache *cache, bytes token, caller *verified)
{
        uint64_t key = key_of(cache, token);
        cached_token *same = NULL;
        HASH_FIND_BYHASHVALUE(hh, cache->table, &key, sizeof key, (unsigned)key, same);
        if (same) drop(cache, same);

        uint32_t evicted = 0;
        while (cache->count >= cache->max) {
                drop(cache, cache->recent->prev); /* utlist: the head's prev is the tail */
                evicted++;
        }
        cached_token *entry = malloc(sizeof *entry + token.length);
        if (!entry) abort();
        entry->key = key;
        entry->caller = verified;
        entry->length = token.length;
        memcpy(entry->token, token.data, token.length);
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, cache->table, &entry->key, sizeof entry->key, (unsigned)key,
                                    entry);
        DL_PREPEND(cache->recent, entry);
        cache->count++;
        return evicted;
}

void token_cache_remove(token_cache *cache, bytes token)
{
        cached_token *found = find(cache, token);
        if (found) drop(cache, found);
}

void token_cache_clear(token_cache *cache)
{
        while (cache->recent)
                drop(cache, cache->recent);
        assert(cache->count == 0);
}

uint32_t token_cache_count(const token_cache *cache)
{
        return cache->count;
}
