/* A connection to the simulated Redis, at the seam of common/cache: commands and answers take their
 * time, the line may be cut, and what was sent before may still arrive after that. */
#ifndef SSCARD_TESTS_SIM_REDIS_SIM_CONNECTION_H
#define SSCARD_TESTS_SIM_REDIS_SIM_CONNECTION_H

#include "common/cache/connection.h"
#include "tests/sim/redis/sim_redis.h"

/* The wire between all connections and one server. Embedded; zeroed, then sim_wire_init(). */
typedef struct sim_wire {
        loop *loop;
        sim_redis *redis;
        random_source *random;
        uint32_t delay_ms_max; /* each way */
        bool stalled;          /* the server stands still: what arrives waits */
        bool refuses;          /* no new connection */
        /* Once, when the next script arrives: before it runs, or right after it. NULL: nobody
         * waits for one. */
        void (*script_arrives)(void *argument);
        void *script_argument;
        bool script_runs_first;
        struct sim_connection *connections;
        struct sim_stream *streams; /* those that were cut too, until they are empty */
} sim_wire;

void sim_wire_init(sim_wire *wire, loop *l, sim_redis *redis, random_source *random);
/* Pair of init: every connection must be gone. Forgets what is still under way. */
void sim_wire_release(sim_wire *wire);
/* Cuts every line, as a dying server does. Commands under way: some arrive, most do not; those that
 * do run without an answer. `none_arrives`: the process is dead. */
void sim_wire_cut(sim_wire *wire, bool none_arrives);
/* One line at random. */
void sim_wire_cut_one(sim_wire *wire);
void sim_wire_stall(sim_wire *wire, bool stalled);

cache_connection *sim_connection_create(sim_wire *wire);

#endif
