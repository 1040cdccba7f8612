/* What the rooms of the simulated region share. */
#ifndef SSCARD_TESTS_SIM_REGION_SIM_WORLD_H
#define SSCARD_TESTS_SIM_REGION_SIM_WORLD_H

#include "tests/sim/region/sim_region.h"

#include "sscard/card/v1/card_service.pb-c.h"
#include "tools/people/people.h"

enum { SIM_THINGS_MAX = 64 };
#define SIM_START_UNIX_MS INT64_C(1795399200000) /* 2026-11-23 10:00 in China */

typedef struct sim_world sim_world;

/* One caller: one call at a time, with a deadline. */
typedef struct sim_client {
        sim_world *world;
        task task;
        loop_timer pause;
        size_t operation; /* index into the history of the one that runs */
        uint32_t repeats; /* left of the write that got no answer */
        bool recovers;    /* that write: RecoverCard, else ReportLoss */
        bool over;
} sim_client;

struct sim_world {
        const sim_options *options;
        sim_summary *summary;
        const sim_keys *keys;
        clock_manual clock;
        random_seeded random, fault_random, client_random;
        loop *loop;
        logger *log;
        sim_redis *redis;
        sim_wire wire;
        sim_surroundings around;
        rpc_service card_rpc, status_rpc;
        sim_process card, status;
        rpc_peer *to_card, *to_status;

        people crowd;
        char things[SIM_THINGS_MAX]
                   [SIM_NAME_BYTES]; /* cards first, then whatever the trail names */
        uint32_t thing_count, card_count;
        const char *outlet, *clerk_token, *platform_token;
        arena arena;

        sim_client clients[SIM_CLIENTS_MAX];
        history_operation history[SIM_OPERATIONS_MAX];
        size_t operation_count;
        uint32_t request_count;
        int last_state[SIM_THINGS_MAX]; /* as somebody saw it: what clients are likely to do next */
        int64_t last_stamp;
        bool ending;     /* no new calls */
        int64_t calm_ms; /* monotonic: from here on everything must work */
        uint32_t unknown_when_calm, ok_when_calm;

        loop_timer fault_timer, undo_timer, card_restart, status_restart;
        uint32_t undo; /* the fault that ends when undo_timer fires; SIM_FAULTS: none */
        bool faults_over;

        trail_row *rows;
        size_t row_count, row_room;
};

/* Zeroed, with options, summary and keys set: everything stands, nothing has happened. */
void sim_world_open(sim_world *w);
void sim_world_close(sim_world *w);
void sim_world_run(sim_world *w, int64_t ms);

/* A number of its own for each instant; later ones are higher. */
int64_t sim_stamp(sim_world *w);
int64_t sim_stamp_of_unix_ms(int64_t unix_ms);
uint64_t sim_random(random_seeded *random, uint64_t below);
/* The index of a thing's name; a new one if need be. */
uint32_t sim_thing(sim_world *w, const char *name);

/* One task (its owner is the world) to its end; the loop runs as long. */
void sim_do(sim_world *w, void (*run)(task *t));

void sim_clients_prepare(sim_world *w); /* tokens, people */
void sim_clients_import(task *t);       /* owner: the world */
void sim_clients_start(sim_world *w);
bool sim_clients_are_over(const sim_world *w);
void sim_clients_release(sim_world *w);

void sim_faults_start(sim_world *w);
/* Ends what was broken, and breaks nothing more. */
void sim_faults_end(sim_world *w);
void sim_faults_release(sim_world *w);

void sim_trail_read(task *t); /* owner: the world */

#endif
