/* An owner's answer to a miss: a token before the database is read, the record over it afterwards.
 * Without a token nothing is installed, and nothing else is different. */
#ifndef SSCARD_COMMON_CACHE_LOAD_H
#define SSCARD_COMMON_CACHE_LOAD_H

#include "common/base/bytes.h"
#include "common/cache/key.h"
#include "common/cache/lease.h"
#include "common/runtime/task.h"

enum { CACHE_TOKEN_BYTES = 16, CACHE_TOKEN_LIFE_MS = 10000 };

/* SCOPED(cache_load) load = { 0 };  One load a key and process at a time: a second one meanwhile
 * has no token. Stays where it is from begin to release. */
typedef struct cache_load {
        cache_owner *owner; /* NULL: not begun, or another load of this key is under way */
        cache_key key;
        char token[CACHE_TOKEN_BYTES + 1];
        bool has_token;
        struct cache_load *previous, *next;
} cache_load;

/* Before the database is read. Suspends (one round trip). Best effort. */
void cache_load_begin(task *t, cache_owner *owner, const cache_key *key, cache_load *load);
/* What the database, read after begin, said. Does not suspend, does not wait for Redis. Not to be
 * called for a holder with an open case. */
void cache_load_install(cache_load *load, uint64_t version, bytes record);
/* Pair of begin; zero is allowed. */
void cache_load_release(cache_load *load);

#endif
