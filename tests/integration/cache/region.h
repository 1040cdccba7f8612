/* One owner ("card"), its database of one holder, and a reader with a connection of its own. */
#ifndef SSCARD_TESTS_INTEGRATION_CACHE_REGION_H
#define SSCARD_TESTS_INTEGRATION_CACHE_REGION_H

#include "tests/integration/cache/world.h"

#include "common/cache/fence.h"
#include "common/cache/lease.h"
#include "common/cache/load.h"
#include "common/cache/reader.h"
#include "tests/integration/cache/memory_trust.h"

enum { REGION_LIFE_MS = 200, REGION_WAIT_MS = 260, REGION_RETRUST_MS = 400 };

typedef struct region {
        world *w;
        memory_trust trust;
        cache_owner *owner;
        cache_connection *reader_connection;
        cache_reader *reader;
        cache_key key;
        uint64_t version; /* the database */
        int closing;
} region;

/* Services "card" and "bank" are read; "card" alone has an owner. Returns when "card" is believed.
 */
void region_init(region *g, world *w, task *t);
/* The same with the protocol's own figures. */
void region_init_slow(region *g, world *w, task *t);
void region_release(region *g, task *t);
/* A strong look at the holder's card record. */
cache_look region_look(region *g, task *t);
/* Load → fence → commit → publish, as a service does it. True: OK was said for `*version`. */
bool region_write(region *g, task *t, uint64_t *version);
/* What the owner does for a reader that missed. */
uint64_t region_load(region *g, task *t);
void region_wait_believed(region *g, task *t);
/* The bytes of a record say its version. */
bytes region_record(arena *a, uint64_t version);

#endif
