/* A Redis in memory on the simulator's clock: the commands that the house uses, and the very Lua
 * texts that it sends. Not a Redis for anybody else: an unknown command is an error reply. */
#ifndef SSCARD_TESTS_SIM_REDIS_SIM_REDIS_H
#define SSCARD_TESTS_SIM_REDIS_SIM_REDIS_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/cache/reply.h"

#include <stdbool.h>

typedef struct sim_redis sim_redis;

/* Its wall clock is the host's: it neither steps back nor stands still. */
sim_redis *sim_redis_create(const clock_source *clock, random_source *random);
void sim_redis_destroy(sim_redis *redis);

/* Runs one command; the reply is in `a`. */
void sim_redis_run(sim_redis *redis, arena *a, const bytes *words, size_t count,
                   cache_reply *reply);

/* Grows whenever a key is set or taken away. */
uint64_t sim_redis_changes(const sim_redis *redis);

/* Wherever a script says `from`, this server runs `to`: a planted bug. Both outlive the server. At
 * most SIM_REDIS_PLANTS_MAX. */
enum { SIM_REDIS_PLANTS_MAX = 4 };
void sim_redis_plant(sim_redis *redis, const char *from, const char *to);

/* ---- faults ---- */
/* A new process: a new run id, no scripts, nothing in memory. */
void sim_redis_restart_empty(sim_redis *redis);
/* A new process that has loaded what sim_redis_save() put aside. */
void sim_redis_restart_old(sim_redis *redis);
void sim_redis_save(sim_redis *redis);
void sim_redis_flush(sim_redis *redis);
void sim_redis_forget_scripts(sim_redis *redis);
/* One key at random, leases too. */
void sim_redis_evict(sim_redis *redis);

#endif
