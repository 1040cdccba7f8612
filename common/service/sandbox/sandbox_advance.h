/* Moves the clock of a sandbox from timer to timer: what falls due on the way happens at its
 * instant and in order. */
#ifndef SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_ADVANCE_H
#define SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_ADVANCE_H

#include "common/commit/timer.h"
#include "common/service/sandbox/sandbox_clock.h"

/* How far it goes; times as of the business clock. */
typedef struct sandbox_target {
        int64_t until_ms;
        bool next_timer; /* instead: to the first one that is due after now; nowhere if none is */
} sandbox_target;

typedef struct sandbox_journey {
        int64_t now_ms; /* where the clock stood at the end, also of one that was broken off */
        uint64_t timers_fired;
} sandbox_journey;

/* The clock must not be held; it stands still under way and goes on afterwards, whatever happens.
 * Leaves some time of the task's deadline to answer. Suspends.
 * False: DEADLINE_EXCEEDED/CLOCK_ADVANCE_UNFINISHED, or a timer failed; `journey` says how far it
 * got. */
bool sandbox_advance(task *t, timer_job *timers, const sandbox_clock *clock,
                     const sandbox_target *target, sandbox_journey *journey) MUST_CHECK;

#endif
