/* Owner, reader and a simulated Redis on a virtual loop: every millisecond is the test's. */
#ifndef SSCARD_TESTS_UNIT_COMMON_CACHE_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_CACHE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/cache/fence.h"
#include "common/cache/lease.h"
#include "common/cache/load.h"
#include "common/cache/reader.h"
#include "tests/integration/cache/memory_trust.h"
#include "tests/sim/redis/sim_connection.h"

/* A server and the wire to it. */
typedef struct fixture_server {
        sim_redis *redis;
        sim_wire wire;
} fixture_server;

typedef struct fixture {
        clock_manual clock;
        random_seeded random;
        loop *loop;
        fixture_server x, y; /* y: a second one, for a replica that is promoted */
        memory_trust trust;
        cache_connection *owner_connection, *reader_connection;
        cache_owner *owner;
        cache_reader *reader;
        cache_key key;
        arena arena;
        void (*steps)(struct fixture *f, task *t);
} fixture;

/* A world in which "card" owns, and "card" and "bank" are read; both talk to x. Runs the steps as a
 * task, to their end. */
void fixture_run(void (*steps)(fixture *f, task *t));
/* The owner of a service that has just been started anew: the old one is gone. */
void fixture_owner_restart(fixture *f, task *t, fixture_server *server);

int64_t fixture_now(const fixture *f);
void fixture_sleep(task *t, int64_t ms);
/* What stands there, in the fixture's arena; NULL: nothing. */
const char *fixture_get(fixture *f, fixture_server *server, const char *key);
int64_t fixture_life(fixture *f, fixture_server *server, const char *key);
void fixture_set(fixture *f, fixture_server *server, const char *key, const char *value);
cache_look fixture_look(fixture *f, task *t, int64_t max_staleness_ms);
bytes fixture_record(fixture *f, uint64_t version);

#endif
