/* What the two files of the simulated Redis share. */
#ifndef SSCARD_TESTS_SIM_REDIS_SIM_REDIS_STATE_H
#define SSCARD_TESTS_SIM_REDIS_SIM_REDIS_STATE_H

#include "tests/sim/redis/sim_redis.h"

#include <uthash.h>

enum { SIM_SHA_DIGITS = 40 };

typedef struct sim_item {
        uint8_t *key, *value;
        size_t key_bytes, value_bytes;
        int64_t until_ms; /* 0: for ever */
        UT_hash_handle hh;
} sim_item;

typedef struct sim_script {
        char hash[SIM_SHA_DIGITS + 1];
        uint8_t *text;
        size_t text_bytes;
        UT_hash_handle hh;
} sim_script;

struct sim_redis {
        const clock_source *clock;
        random_source *random;
        char run_id[SIM_SHA_DIGITS + 1];
        sim_item *items, *saved;
        sim_script *scripts;
        uint64_t changes; /* keys that were set or taken away */
        struct {
                const char *from, *to;
        } plants[SIM_REDIS_PLANTS_MAX];
        size_t plant_count;
        int64_t frozen_ms; /* the time of the script that runs; 0: none runs */
        struct lua_State *lua;
        arena *lua_arena; /* of the script that runs */
};

void sim_redis_lua_open(sim_redis *redis);
void sim_redis_lua_close(sim_redis *redis);
/* `words`: the keys, then the arguments. */
void sim_redis_run_lua(sim_redis *redis, arena *a, const sim_script *script, const bytes *words,
                       size_t key_count, size_t word_count, cache_reply *reply);

#endif
