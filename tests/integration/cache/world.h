/* A real loop, a real Redis and a connection to it; a test's body runs as a task on that loop. */
#ifndef SSCARD_TESTS_INTEGRATION_CACHE_WORLD_H
#define SSCARD_TESTS_INTEGRATION_CACHE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/cache/connection.h"
#include "common/runtime/loop.h"
#include "common/runtime/task.h"
#include "tests/integration/cache/redis_process.h"

typedef struct world {
        redis_process redis;
        random_system random;
        loop *loop;
        cache_connection *connection;
        task task;
        void (*body)(struct world *w, task *t);
        void *data;
} world;

/* Runs the body to its end, then takes everything down. */
void world_run(void (*body)(world *w, task *t));
void world_run_with(void (*body)(world *w, task *t), void *data);
/* A connection of the world's options to its Redis: short stalls, quick reconnects. */
cache_connection *world_connect(world *w);
/* Waits, in steps of a few ms and 20 s at most, until `condition` holds; fails the test otherwise.
 */
void world_wait_until(task *t, bool (*condition)(void *argument), void *argument);
void world_wait_until_up(task *t, cache_connection *connection);
void world_sleep(task *t, int64_t ms);

#endif
