/* What the rooms of the simulated region share. */
#ifndef SSCARD_TESTS_SIM_REGION_SIM_WORLD_H
#define SSCARD_TESTS_SIM_REGION_SIM_WORLD_H

#include "tests/sim/region/sim_region.h"
#include "tests/sim/region/sim_requests.h"

#include "sscard/card/v1/card_service.pb-c.h"
#include "tools/people/people.h"

enum { SIM_THINGS_MAX = 512, SIM_THINGS_TO_SPARE = 64, SIM_ETAG_BYTES = 24, SIM_LEAPS_MAX = 256 };
#define SIM_START_UNIX_MS INT64_C(1795399200000) /* 2026-11-23 10:00 in China */

/* One caller: one call at a time, with a deadline. */
typedef struct sim_client {
        sim_world *world;
        task task;
        loop_timer pause;
        size_t operation; /* index into the history of the one that runs */
        uint32_t repeats; /* left of the write that got no answer */
        sim_wish wish;    /* that write */
        char etag[SIM_ETAG_BYTES];
        bool asks;     /* a read: what may be done? */
        bool promised; /* the wish was said to be allowed, at that etag */
        bool over;
} sim_client;

/* What somebody knows of a thing: what clients are likely to do next. */
typedef struct sim_thing_known {
        bool is_card;
        uint64_t person;
        uint32_t holder; /* a thing, too */
        int state;       /* of a card */
        /* By the trail. */
        uint64_t version;
        int64_t next_due_ms; /* when time changes it next */
} sim_thing_known;

/* Follows the feed, and comes back with its cursor. */
typedef struct sim_watcher {
        sim_world *world;
        task task;
        loop_timer pause;
        bytes cursor, kept; /* malloc */
        uint64_t seen[SIM_THINGS_MAX], kept_seen[SIM_THINGS_MAX];
        bool caught_up, over;
} sim_watcher;

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
        sim_thing_known known[SIM_THINGS_MAX];
        uint32_t thing_count;
        uint64_t next_person; /* of the crowd: nobody has met her */
        uint32_t newcomers_left;
        const char *outlet, *clerk_token;
        arena arena;

        sim_client clients[SIM_CLIENTS_MAX];
        history_operation history[SIM_OPERATIONS_MAX];
        size_t operation_count;
        uint32_t request_count;
        int64_t last_stamp;
        bool ending;     /* no new calls */
        int64_t calm_ms; /* monotonic: from here on everything must work */
        uint32_t unknown_when_calm, ok_when_calm;

        sim_watcher watcher;
        rpc_method methods[SIM_METHODS_MAX]; /* of the card service, some with a planted handler */

        loop_timer fault_timer, undo_timer, leap_timer, card_restart, status_restart;
        uint32_t undo; /* the fault that ends when undo_timer fires; SIM_FAULTS: none */
        bool faults_over;
        int64_t leapt_ms; /* of business time */
        struct {
                int64_t wall_ms, ahead_ms;
        } leaps[SIM_LEAPS_MAX]; /* since when business time is so far ahead */
        uint32_t leap_count;

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
/* The first stamp at which business time has come there; INT64_MAX: it never has. */
int64_t sim_stamp_of_business(const sim_world *w, int64_t business_ms);
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

void sim_watcher_start(sim_world *w);
/* To the end of the feed; then what it has seen must be the trail. */
void sim_watcher_finish(sim_world *w);
void sim_watcher_release(sim_world *w);

/* Business time goes on by so much at once. */
void sim_leap(sim_world *w, int64_t ms);
void sim_faults_start(sim_world *w);
/* Ends what was broken, and breaks nothing more. */
void sim_faults_end(sim_world *w);
void sim_faults_release(sim_world *w);

void sim_trail_read(task *t); /* owner: the world */
/* Did every timer do its work? Notes one that did not. */
void sim_trail_check_timers(sim_world *w);

#endif
