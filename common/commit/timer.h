/* Durable timers: what is due is fired as a command, once, on the business clock.
 * A timer is set and cleared by the change set of a write; it survives restarts. */
#ifndef SSCARD_COMMON_COMMIT_TIMER_H
#define SSCARD_COMMON_COMMIT_TIMER_H

#include "common/commit/commit.h"

typedef struct timer_job timer_job;

typedef enum timer_verdict {
        TIMER_DONE = 1, /* committed, or nothing is left to do: the row goes */
        TIMER_AGAIN,    /* failed for now; it will be fired again */
} timer_verdict;

/* Makes true what the timer says, as a command of SYSTEM under timer_request_id(). Its commit
 * should clear the timer (change_set_clear_timer); a row that is left after TIMER_DONE is deleted.
 * On a task of its own. Twice must be once. */
typedef timer_verdict timer_fire(void *service, task *t, uint8_t part, const change_timer *timer);

typedef struct timer_options {
        commit_engine *engine;
        timer_fire *fire;
        void *service;
        const char *const *kinds; /* NULL-ended: every kind that may stand in the table */
        uint32_t parallel_max;    /* commands at a time; 0: 64 */
        uint32_t tick_ms;         /* looks at the business clock at least so often; 0: 200 */
} timer_options;

/* Starts the job: reads what stands in the table, then ticks. NULL and `f` set: no memory, or the
 * store. Pair: timer_job_stop(). */
timer_job *timer_job_start(const timer_options *options, failure *f) MUST_CHECK;
/* Fires nothing new; `stopped` on the loop when the last command is over and the job is freed. */
void timer_job_stop(timer_job *job, void (*stopped)(void *argument), void *argument);

/* When the next one is due; INT64_MAX: none stands. For a clock that goes from timer to timer. */
int64_t timer_job_next_due(const timer_job *job);
/* Fires all that is due now and waits until it is done, those that they set included. Suspends.
 * False: interrupted, or some failed. */
bool timer_job_run_due(task *t, timer_job *job, uint64_t *fired) MUST_CHECK;

/* Those that are not due yet: how many, and when the first one is (INT64_MAX: none). Suspends.
 * False: the store. */
bool timer_job_waiting(task *t, timer_job *job, int64_t *count, int64_t *next_due) MUST_CHECK;

/* "timer/<key>/<kind>/<due>". In the arena. */
char *timer_request_id(arena *a, const change_timer *timer);
/* The caller under which timers are keyed. */
#define TIMER_CALLER "system timer"
#define TIMER_METHOD "timer"

#endif
