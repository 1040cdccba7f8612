/* Puts owner and reader together, with the protocol's times shortened tenfold. */
#include "tests/integration/cache/region.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char holder[] = "01JD00000000000000000000AA";

static bool is_believed(void *argument)
{
        region *g = argument;
        return cache_reader_believes(g->reader, 0) && cache_owner_view_of(g->owner).trusted;
}

void region_wait_believed(region *g, task *t)
{
        world_wait_until(t, is_believed, g);
}

static void region_begin(region *g, world *w, task *t, cache_owner_options owner, uint32_t poll_ms)
{
        *g = (region){.w = w, .version = 1};
        memory_trust_init(&g->trust);
        owner.connection = w->connection;
        owner.trust = &g->trust.base;
        owner.service = "card";
        owner.instance = "r0";
        g->owner = cache_owner_create(w->loop, &owner);
        g->reader_connection = world_connect(w);
        static const char *const services[] = {"card", "bank"};
        cache_reader_options reader = {g->reader_connection, services, 2, poll_ms};
        g->reader = cache_reader_create(w->loop, &reader);
        cache_key_of_record(&g->key, 7, "card", holder);
        region_wait_believed(g, t);
}

void region_init(region *g, world *w, task *t)
{
        cache_owner_options owner = {
                .renew_ms = 50,
                .life_ms = REGION_LIFE_MS,
                .wait_ms = REGION_WAIT_MS,
                .retrust_ms = REGION_RETRUST_MS,
        };
        region_begin(g, w, t, owner, 20);
}

void region_init_slow(region *g, world *w, task *t)
{
        region_begin(g, w, t, (cache_owner_options){0}, 0);
}

static void closed(void *argument)
{
        ((region *)argument)->closing--;
}

static bool is_closed(void *argument)
{
        return ((region *)argument)->closing == 0;
}

void region_release(region *g, task *t)
{
        g->closing = 2;
        cache_reader_destroy(g->reader, closed, g);
        cache_owner_destroy(g->owner, closed, g);
        world_wait_until(t, is_closed, g);
        cache_connection_destroy(g->reader_connection);
}

bytes region_record(arena *a, uint64_t version)
{
        return bytes_of_text(arena_format(a, "record of version %" PRIu64, version));
}

cache_look region_look(region *g, task *t)
{
        static const uint32_t card[] = {0};
        cache_look look;
        assert_true(cache_reader_look_up(t, g->reader, 7, holder, card, 1, 0, &look));
        if (look.finding == CACHE_FOUND)
                assert_true(bytes_equal(look.record, region_record(&t->arena, look.version)));
        return look;
}

bool region_write(region *g, task *t, uint64_t *version)
{
        uint64_t base = g->version;
        cache_fence fence = {0};
        cache_fence_take(t, g->owner, &g->key, base, &fence);
        if (g->version != base) return false; /* CONFLICT */
        g->version++;
        bytes record = region_record(&t->arena, base + 1);
        *version = base + 1;
        return cache_publish(t, g->owner, &g->key, &fence, base + 1, &record);
}

uint64_t region_load(region *g, task *t)
{
        SCOPED(cache_load) load = {0};
        cache_load_begin(t, g->owner, &g->key, &load);
        uint64_t version = g->version;
        assert_true(task_sleep(t, 1)); /* the answer of the database is on its way */
        cache_load_install(&load, version, region_record(&t->arena, version));
        return version;
}
