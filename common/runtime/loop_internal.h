/* What the files of this room share: the loop's inside. Nobody else includes this. */
#ifndef SSCARD_COMMON_RUNTIME_LOOP_INTERNAL_H
#define SSCARD_COMMON_RUNTIME_LOOP_INTERNAL_H

#include "common/runtime/coroutine.h"
#include "common/runtime/loop.h"
#include "common/runtime/task.h"

#include <pthread.h>

typedef struct bridge bridge;
typedef struct worker_pool worker_pool;

struct loop {
        const clock_source *clock;
        random_source *random;
        clock_manual *manual; /* virtual only; may be NULL there too */
        bridge *bridge;       /* NULL: virtual */
        worker_pool *workers; /* NULL: virtual */
        int64_t now_ms, turn_us;
        uint32_t holds;
        bool stopping;

        coroutine_pool coroutines;
        task *ready, **ready_end; /* to be entered, in this order */
        bool switching;           /* task_schedule() is at work further down the stack */

        loop_timer *timers;    /* pairing heap, its root first */
        loop_timer trim_timer; /* gives idle stacks back after a burst */
        uint64_t timer_sequence;
        loop_flush *flushes, **flushes_end;
        loop_flush *flushes_last, **flushes_last_end;

        pthread_mutex_t posted_lock;
        loop_posted *posted, **posted_end; /* under the lock */

        loop_counts counts;
};

/* loop.c */
bool loop_flushes_run(loop *l);
void loop_flushes_last_run(loop *l);
bool loop_posted_run(loop *l);
/* loop_timer.c: fires what is due at now_ms; false: nothing was. */
bool loop_timers_run(loop *l);
static inline int64_t loop_timers_next_ms(const loop *l)
{
        return l->timers ? l->timers->at_ms : INT64_MAX;
}

/* bridge.c */
bridge *bridge_create(loop *l);
void bridge_destroy(bridge *b);
void bridge_turn(bridge *b);
/* Monotonic microseconds. */
int64_t bridge_now_us(void);
/* From any thread: something was posted. */
void bridge_wake(bridge *b);

/* worker_pool.c: a job is embedded in its owner, done jobs come back as posts. */
typedef struct worker_job {
        void (*work)(void *argument);
        void *argument;
        struct worker_job *next;
        loop_posted done; /* posted after work() has returned */
} worker_job;
worker_pool *worker_pool_create(loop *l, uint32_t threads);
/* Waits for running jobs. */
void worker_pool_destroy(worker_pool *pool);
void worker_pool_submit(worker_pool *pool, worker_job *job);
void worker_pool_count(worker_pool *pool, uint32_t *busy, uint32_t *waiting);

#endif
