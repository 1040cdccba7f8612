/* Breaks things, one after the other, and mends them. */
#include "tests/sim/region/sim_world.h"

enum {
        AWAY_MS_MAX = 6000,
        DEAD_MS_MAX = 3000,
        FAULT_PAUSE_MS_MIN = 50,
        LEAP_PAUSE_MS_MAX = 6000,
        DAY_MS = 24 * 3600 * 1000,
};

const char *sim_fault_name(sim_fault fault)
{
        static const char *const names[] = {
                [SIM_FAULT_CARD_DIES] = "card dies",
                [SIM_FAULT_CARD_DIES_BEFORE_SCRIPT] = "card dies before a script runs",
                [SIM_FAULT_CARD_DIES_AFTER_SCRIPT] = "card dies after a script ran",
                [SIM_FAULT_STATUS_DIES] = "status dies",
                [SIM_FAULT_REDIS_RESTARTS_EMPTY] = "Redis restarts empty",
                [SIM_FAULT_REDIS_RESTARTS_OLD] = "Redis restarts with old data",
                [SIM_FAULT_REDIS_FLUSHED] = "Redis is flushed",
                [SIM_FAULT_REDIS_EVICTS] = "Redis evicts",
                [SIM_FAULT_REDIS_STALLS] = "Redis stands still",
                [SIM_FAULT_REDIS_AWAY] = "Redis is away",
                [SIM_FAULT_LINE_CUT] = "a line is cut",
                [SIM_FAULT_SCRIPTS_FORGOTTEN] = "scripts are forgotten",
        };
        _Static_assert(sizeof names / sizeof *names == SIM_FAULTS, "a name for each fault");
        return names[fault];
}

/* ---- processes ---- */

static void restart_fire(loop_timer *timer)
{
        sim_process_start(timer->data);
}

static sim_world *world_of(sim_process *process)
{
        return (sim_world *)((char *)process->around - offsetof(sim_world, around));
}

static void process_gone(sim_process *process)
{
        sim_world *w = world_of(process);
        loop_timer *restart = process == &w->card ? &w->card_restart : &w->status_restart;
        uint64_t dead_ms = w->faults_over ? 0 : sim_random(&w->fault_random, DEAD_MS_MAX);
        loop_timer_start(restart, loop_now_ms(w->loop) + (int64_t)dead_ms);
}

static void process_dies(sim_process *process)
{
        if (process->is_up) sim_process_die(process, process_gone);
}

static void card_dies_at_script(void *world)
{
        sim_world *w = world;
        w->summary->fault_counts[w->wire.script_runs_first ? SIM_FAULT_CARD_DIES_AFTER_SCRIPT
                                                           : SIM_FAULT_CARD_DIES_BEFORE_SCRIPT]++;
        process_dies(&w->card);
}

static void card_dies_at_next_script(sim_world *w, bool runs_first)
{
        w->wire.script_arrives = card_dies_at_script;
        w->wire.script_argument = w;
        w->wire.script_runs_first = runs_first;
}

/* ---- Redis ---- */

static void undo_fire(loop_timer *timer)
{
        sim_world *w = timer->data;
        w->undo = SIM_FAULTS;
        w->wire.refuses = false;
        sim_wire_stall(&w->wire, false);
}

static void undo_later(sim_world *w, sim_fault fault)
{
        w->undo = fault;
        loop_timer_start(&w->undo_timer,
                         loop_now_ms(w->loop) + (int64_t)sim_random(&w->fault_random, AWAY_MS_MAX));
}

static void fault_happens(sim_world *w, sim_fault fault)
{
        bool waits = fault == SIM_FAULT_CARD_DIES_BEFORE_SCRIPT ||
                     fault == SIM_FAULT_CARD_DIES_AFTER_SCRIPT;
        if (!waits) w->summary->fault_counts[fault]++;
        switch (fault) {
        case SIM_FAULT_CARD_DIES_BEFORE_SCRIPT:
                card_dies_at_next_script(w, false);
                break;
        case SIM_FAULT_CARD_DIES_AFTER_SCRIPT:
                card_dies_at_next_script(w, true);
                break;
        case SIM_FAULT_CARD_DIES:
                process_dies(&w->card);
                break;
        case SIM_FAULT_STATUS_DIES:
                process_dies(&w->status);
                break;
        case SIM_FAULT_REDIS_RESTARTS_EMPTY:
                sim_wire_cut(&w->wire, true);
                sim_redis_restart_empty(w->redis);
                break;
        case SIM_FAULT_REDIS_RESTARTS_OLD:
                sim_wire_cut(&w->wire, true);
                sim_redis_restart_old(w->redis);
                break;
        case SIM_FAULT_REDIS_FLUSHED:
                sim_redis_flush(w->redis);
                break;
        case SIM_FAULT_REDIS_EVICTS:
                sim_redis_evict(w->redis);
                break;
        case SIM_FAULT_REDIS_STALLS:
                sim_wire_stall(&w->wire, true);
                undo_later(w, fault);
                break;
        case SIM_FAULT_REDIS_AWAY: /* the network between, not the server: it keeps what it has */
                w->wire.refuses = true;
                sim_wire_cut(&w->wire, false);
                undo_later(w, fault);
                break;
        case SIM_FAULT_LINE_CUT:
                sim_wire_cut_one(&w->wire);
                break;
        case SIM_FAULT_SCRIPTS_FORGOTTEN:
                sim_redis_forget_scripts(w->redis);
                break;
        case SIM_FAULTS:
                break;
        }
}

static void fault_fire(loop_timer *timer)
{
        sim_world *w = timer->data;
        if (w->faults_over) return;
        if (sim_random(&w->fault_random, 4) == 0) sim_redis_save(w->redis);
        sim_fault fault = (sim_fault)sim_random(&w->fault_random, SIM_FAULTS);
        if (w->options->faults & 1U << fault) fault_happens(w, fault);
        uint64_t pause_ms =
                FAULT_PAUSE_MS_MIN + sim_random(&w->fault_random, w->options->fault_pause_ms);
        loop_timer_start(timer, loop_now_ms(w->loop) + (int64_t)pause_ms);
}

/* ---- time ---- */

/* Days in a moment: what rules and timers call now, while calls, tokens and leases go on. */
void sim_leap(sim_world *w, int64_t ms)
{
        if (w->leap_count == SIM_LEAPS_MAX) return;
        w->clock.business_ms += ms;
        w->leapt_ms += ms;
        w->leaps[w->leap_count].wall_ms = w->clock.wall_ms;
        w->leaps[w->leap_count++].ahead_ms = w->leapt_ms;
        w->summary->days = (uint32_t)(w->leapt_ms / DAY_MS);
}

static void leap(loop_timer *timer)
{
        sim_world *w = timer->data;
        sim_leap(w, (int64_t)sim_random(&w->fault_random, (uint64_t)w->options->leap_ms_max + 1));
        loop_timer_start(timer, loop_now_ms(w->loop) +
                                        (int64_t)sim_random(&w->fault_random, LEAP_PAUSE_MS_MAX));
}

void sim_faults_start(sim_world *w)
{
        w->undo = SIM_FAULTS;
        loop_timer_init(w->loop, &w->leap_timer, leap, w);
        if (w->options->leap_ms_max) loop_timer_start(&w->leap_timer, loop_now_ms(w->loop));
        loop_timer_init(w->loop, &w->fault_timer, fault_fire, w);
        loop_timer_init(w->loop, &w->undo_timer, undo_fire, w);
        loop_timer_init(w->loop, &w->card_restart, restart_fire, &w->card);
        loop_timer_init(w->loop, &w->status_restart, restart_fire, &w->status);
        loop_timer_start(&w->fault_timer, loop_now_ms(w->loop) + w->options->fault_pause_ms);
}

void sim_faults_end(sim_world *w)
{
        w->faults_over = true;
        loop_timer_stop(&w->fault_timer);
        loop_timer_stop(&w->leap_timer);
        w->wire.script_arrives = NULL;
        if (w->undo != SIM_FAULTS) undo_fire(&w->undo_timer);
        w->around.lost_per_mille = 0;
}

void sim_faults_release(sim_world *w)
{
        loop_timer_close(&w->fault_timer, NULL);
        loop_timer_close(&w->leap_timer, NULL);
        loop_timer_close(&w->undo_timer, NULL);
        loop_timer_close(&w->card_restart, NULL);
        loop_timer_close(&w->status_restart, NULL);
}
