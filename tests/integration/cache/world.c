/* Puts the world of a cache test together. */
#include "tests/integration/cache/world.h"

#include "common/base/clock.h"
#include "common/base/random.h"

enum { STEP_MS = 5, WAIT_MAX_MS = 20000 };

cache_connection *world_connect(world *w)
{
        cache_connection_options options = {.address = w->redis.socket, .stall_ms = 200};
        failure f = {0};
        cache_connection *connection = cache_connection_create(w->loop, &options, &f);
        assert_non_null(connection);
        return connection;
}

void world_sleep(task *t, int64_t ms)
{
        assert_true(task_sleep(t, ms));
}

void world_wait_until(task *t, bool (*condition)(void *argument), void *argument)
{
        for (int64_t waited = 0; !condition(argument); waited += STEP_MS) {
                assert_true(waited < WAIT_MAX_MS);
                world_sleep(t, STEP_MS);
        }
}

static bool is_up(void *connection)
{
        return cache_connection_is_up(connection);
}

void world_wait_until_up(task *t, cache_connection *connection)
{
        world_wait_until(t, is_up, connection);
}

static void run(task *t)
{
        world *w = t->owner;
        w->body(w, t);
}

static void timer_closed(loop_timer *timer)
{
        world *w = ((task *)timer->data)->owner;
        loop_stop(w->loop);
}

static void done(task *t)
{
        world *w = t->owner;
        cache_connection_destroy(w->connection);
        task_release(t, timer_closed);
}

void world_run(void (*body)(world *w, task *t))
{
        world_run_with(body, NULL);
}

void world_run_with(void (*body)(world *w, task *t), void *data)
{
        world w = {.body = body, .data = data};
        redis_process_init(&w.redis);
        random_system_init(&w.random);
        loop_options options = {
                .clock = clock_system(), .random = &w.random.base, .stack_bytes = 256 << 10};
        w.loop = loop_create(&options);
        assert_non_null(w.loop);
        w.connection = world_connect(&w);
        task_init(&w.task, w.loop, &w);
        assert_true(task_start(&w.task, TASK_NO_DEADLINE, run, done));
        loop_run(w.loop);
        loop_destroy(w.loop);
        redis_process_release(&w.redis);
}
