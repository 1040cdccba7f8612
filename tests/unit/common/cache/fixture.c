/* Builds and takes down the small world of a cache test. */
#include "tests/unit/common/cache/fixture.h"

#include <inttypes.h>
#include <string.h>

enum { START_MS = 1700000000, RUN_MS_MAX = 600000, ENDING_MS = 20000 };

static const char holder[] = "01JD00000000000000000000AA";

int64_t fixture_now(const fixture *f)
{
        return clock_monotonic_ms(&f->clock.base);
}

void fixture_sleep(task *t, int64_t ms)
{
        assert_true(task_sleep(t, ms));
}

static void run(fixture *f, fixture_server *server, const char *const *texts, size_t count,
                cache_reply *reply)
{
        bytes words[8];
        for (size_t i = 0; i < count; i++)
                words[i] = bytes_of_text(texts[i]);
        sim_redis_run(server->redis, &f->arena, words, count, reply);
}

const char *fixture_get(fixture *f, fixture_server *server, const char *key)
{
        cache_reply reply;
        run(f, server, (const char *const[]){"GET", key}, 2, &reply);
        return reply.kind == CACHE_REPLY_TEXT ? (const char *)reply.text.data : NULL;
}

int64_t fixture_life(fixture *f, fixture_server *server, const char *key)
{
        cache_reply reply;
        run(f, server, (const char *const[]){"PTTL", key}, 2, &reply);
        return reply.integer;
}

void fixture_set(fixture *f, fixture_server *server, const char *key, const char *value)
{
        cache_reply reply;
        run(f, server, (const char *const[]){"SET", key, value}, 3, &reply);
        assert_true(cache_reply_is(&reply, "OK"));
}

bytes fixture_record(fixture *f, uint64_t version)
{
        return bytes_of_text(arena_format(&f->arena, "record %" PRIu64, version));
}

cache_look fixture_look(fixture *f, task *t, int64_t max_staleness_ms)
{
        static const uint32_t card[] = {0};
        cache_look look;
        assert_true(
                cache_reader_look_up(t, f->reader, 7, holder, card, 1, max_staleness_ms, &look));
        return look;
}

static void server_init(fixture *f, fixture_server *server)
{
        server->redis = sim_redis_create(&f->clock.base, &f->random.base);
        sim_wire_init(&server->wire, f->loop, server->redis, &f->random.base);
        server->wire.delay_ms_max = 0;
}

static void server_release(fixture_server *server)
{
        sim_wire_release(&server->wire);
        sim_redis_destroy(server->redis);
}

static void owner_open(fixture *f, fixture_server *server)
{
        f->owner_connection = sim_connection_create(&server->wire);
        cache_owner_options options = {.connection = f->owner_connection,
                                       .trust = &f->trust.base,
                                       .service = "card",
                                       .instance = "r0"};
        f->owner = cache_owner_create(f->loop, &options);
}

static void owner_gone(void *argument)
{
        *(bool *)argument = true;
}

static void owner_close(fixture *f, task *t)
{
        bool gone = false;
        cache_owner_destroy(f->owner, owner_gone, &gone);
        while (!gone)
                fixture_sleep(t, 1);
        cache_connection_destroy(f->owner_connection);
}

void fixture_owner_restart(fixture *f, task *t, fixture_server *server)
{
        owner_close(f, t);
        owner_open(f, server);
}

static void task_run(task *t)
{
        fixture *f = t->owner;
        f->steps(f, t);
        owner_close(f, t);
        bool gone = false;
        cache_reader_destroy(f->reader, owner_gone, &gone);
        while (!gone)
                fixture_sleep(t, 1);
        cache_connection_destroy(f->reader_connection);
}

void fixture_run(void (*steps)(fixture *f, task *t))
{
        fixture f = {.steps = steps};
        clock_manual_init(&f.clock, START_MS);
        random_seeded_init(&f.random, 3);
        loop_options options = {
                .clock = &f.clock.base, .random = &f.random.base, .stack_bytes = 256 << 10};
        f.loop = loop_create_virtual(&options, &f.clock);
        assert_non_null(f.loop);
        server_init(&f, &f.x);
        server_init(&f, &f.y);
        memory_trust_init(&f.trust);
        cache_key_of_record(&f.key, 7, "card", holder);
        owner_open(&f, &f.x);
        f.reader_connection = sim_connection_create(&f.x.wire);
        static const char *const services[] = {"card", "bank"};
        cache_reader_options reader = {
                .connection = f.reader_connection, .services = services, .service_count = 2};
        f.reader = cache_reader_create(f.loop, &reader);
        task t = {0};
        task_init(&t, f.loop, &f);
        assert_true(task_start(&t, TASK_NO_DEADLINE, task_run, NULL));
        loop_run_virtual(f.loop, fixture_now(&f) + RUN_MS_MAX);
        assert_true(task_is_over(&t));
        task_release(&t, NULL);
        loop_run_virtual(f.loop, fixture_now(&f) + ENDING_MS);
        server_release(&f.x);
        server_release(&f.y);
        loop_destroy(f.loop);
        arena_release(&f.arena);
}
