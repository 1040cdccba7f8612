/* Tokens that were verified, until they expire: bounded, the least recently used goes first. */
#ifndef SSCARD_COMMON_IDENTITY_TOKEN_CACHE_INTERNAL_H
#define SSCARD_COMMON_IDENTITY_TOKEN_CACHE_INTERNAL_H

#include "common/base/bytes.h"
#include "common/identity/caller.h"

typedef struct token_cache token_cache;

token_cache *token_cache_create(uint32_t entries_max); /* never NULL */
void token_cache_destroy(token_cache *cache);
/* The caller, owned by the cache and valid until its next change; NULL: not remembered. */
const caller *token_cache_find(token_cache *cache, bytes token);
/* Takes `verified` (from malloc) over. Returns how many others had to go. */
uint32_t token_cache_put(token_cache *cache, bytes token, caller *verified);
void token_cache_remove(token_cache *cache, bytes token);
void token_cache_clear(token_cache *cache);
uint32_t token_cache_count(const token_cache *cache);

#endif
