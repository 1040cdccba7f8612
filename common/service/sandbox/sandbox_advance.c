/* Timer after timer. Must never leave the clock standing: a cancelled call lets it go, too. */
#include "common/service/sandbox/sandbox_advance.h"

enum { ANSWER_MS = 100 }; /* of the deadline, kept for the answer */

/* The clock stands while this lives. */
typedef struct held_clock {
        const sandbox_clock *clock;
        sandbox_journey *journey;
} held_clock;

static void held_clock_release(held_clock *held)
{
        sandbox_clock_let_go(held->clock);
}

static void move(const held_clock *held, int64_t unix_ms)
{
        if (unix_ms <= held->journey->now_ms) return; /* overdue, or nowhere to go */
        sandbox_clock_move(held->clock, unix_ms);
        held->journey->now_ms = unix_ms;
}

static bool fire(task *t, timer_job *timers, const held_clock *held)
{
        TASK_MAY_SUSPEND(t);
        uint64_t fired = 0;
        bool all = timer_job_run_due(t, timers, &fired);
        held->journey->timers_fired += fired;
        return all;
}

bool sandbox_advance(task *t, timer_job *timers, const sandbox_clock *clock,
                     const sandbox_target *target, sandbox_journey *journey)
{
        TASK_MAY_SUSPEND(t);
        *journey = (sandbox_journey){.now_ms = sandbox_clock_hold(clock)};
        SCOPED(held_clock) held = {clock, journey};
        if (!fire(t, timers, &held)) return false;
        int64_t next = timer_job_next_due(timers), until = target->until_ms;
        if (target->next_timer) until = next == INT64_MAX ? journey->now_ms : next;
        while (next <= until) {
                if (task_time_left_ms(t) < ANSWER_MS)
                        return task_fail(t, FAILURE_DEADLINE_EXCEEDED, "CLOCK_ADVANCE_UNFINISHED",
                                         "The time for this call ended under way.");
                move(&held, next);
                if (!fire(t, timers, &held)) return false;
                next = timer_job_next_due(timers);
        }
        move(&held, until);
        return true;
}
