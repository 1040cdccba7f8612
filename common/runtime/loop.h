/* The loop: one thread that owns gRPC's completion queue, libuv and every coroutine of an instance.
 * It sleeps in grpc_completion_queue_next and nowhere else (design: one turn, see bridge.c).
 *
 * Two kinds with one API: the real one, and a virtual one without gRPC and libuv for the simulator,
 * where time is a clock_manual and runs only when every task waits. */
#ifndef SSCARD_COMMON_RUNTIME_LOOP_H
#define SSCARD_COMMON_RUNTIME_LOOP_H

#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct loop loop;

typedef struct loop_options {
        const clock_source *clock; /* required, outlives the loop */
        random_source *random;     /* required, outlives the loop */
        uint32_t worker_threads;   /* of task_offload; 0: 2 */
        uint32_t stack_bytes;      /* of a coroutine; 0: 64 KiB (256 KiB under ASan and TSan) */
} loop_options;

/* NULL when a thread or descriptor cannot be had. Real: calls grpc_init() and, for the process,
 * ignores SIGPIPE (hiredis writes without MSG_NOSIGNAL). Its clock's monotonic_ms must be the
 * system's. Pair: loop_destroy(). */
loop *loop_create(const loop_options *options) MUST_CHECK;
/* For the simulator: no gRPC, no libuv, no thread; offloaded work runs inline. `clock` is advanced
 * by loop_run_virtual(); it should be options->clock, or NULL when that one is driven elsewhere. */
loop *loop_create_virtual(const loop_options *options, clock_manual *clock) MUST_CHECK;
/* Every task must be over, every timer closed, every server and peer destroyed. */
void loop_destroy(loop *l);

const clock_source *loop_clock(const loop *l);
random_source *loop_random(const loop *l);
/* Monotonic milliseconds as of this turn: cheap, may be some ms old. */
int64_t loop_now_ms(const loop *l);
/* Monotonic microseconds at which this turn began: cheap; and right now: a clock call. */
int64_t loop_turn_us(const loop *l);
int64_t loop_precise_us(const loop *l);
bool loop_is_virtual(const loop *l);

/* Runs turns until loop_stop() was called and every holder (loop_hold) has let go. May be called
 * again afterwards. Loop thread only, as everything here but loop_post(). */
void loop_run(loop *l);
void loop_stop(loop *l);
/* Keeps loop_run() running: a server that drains, a task that is not over. */
void loop_hold(loop *l);
void loop_release_hold(loop *l);
/* Virtual only: runs what is ready, then steps the clock from timer to timer, not past `until_ms`
 * (monotonic). Returns when nothing is ready or due before then, or when loop_stop() was called;
 * the clock then stands at `until_ms` (INT64_MAX: at the last timer). */
void loop_run_virtual(loop *l, int64_t until_ms);

/* Work that is done once at the end of each turn while it is marked: flush a socket, send replies.
 * Embedded in its owner, zeroed; intrusive; marking twice is once. While anything is marked the
 * loop does not sleep: a flush that cannot go on (socket full) must not mark itself again until it
 * can. `last`: runs after all others and after libuv, once a turn (replies). Clear the mark with
 * loop_unmark_flush() before the memory goes. */
typedef struct loop_flush {
        void (*run)(struct loop_flush *flush);
        struct loop_flush *next;
        bool marked, last;
} loop_flush;
void loop_mark_flush(loop *l, loop_flush *flush);
void loop_unmark_flush(loop *l, loop_flush *flush);

/* A one-shot timer on the monotonic clock. Embedded in its owner; zeroed, then loop_timer_init().
 * The callback runs on the loop, outside any coroutine, never inside loop_timer_start(). Equal
 * times fire in the order of their start. Starting a running timer moves it. Close before the
 * memory goes; `closed` (NULL is allowed) is called when the loop has forgotten it, at once. */
typedef struct loop_timer {
        loop *owner;
        void (*fire)(struct loop_timer *timer);
        void *data;
        int64_t at_ms;
        /* Of the heap: */
        struct loop_timer *child, *previous, *next;
        uint64_t sequence; /* 0: not running */
} loop_timer;
void loop_timer_init(loop *l, loop_timer *timer, void (*fire)(loop_timer *timer), void *data);
void loop_timer_start(loop_timer *timer, int64_t at_monotonic_ms);
void loop_timer_stop(loop_timer *timer);
void loop_timer_close(loop_timer *timer, void (*closed)(loop_timer *timer));

/* Runs `callback` on the loop, soon, outside any coroutine, in the order of posting. The only
 * function here that any thread may call. */
void loop_post(loop *l, void (*callback)(void *argument), void *argument);
/* The same without allocation: `post` is embedded in its owner and free again when called back. */
typedef struct loop_posted {
        void (*callback)(void *argument);
        void *argument;
        struct loop_posted *next;
        bool owned_by_loop;
} loop_posted;
void loop_post_embedded(loop *l, loop_posted *post);

/* For metrics. A turn that lasted 2^(i-1) … 2^i - 1 µs is counted in turn_us[i]. */
enum { LOOP_TURN_BUCKETS = 24 };
typedef struct loop_counts {
        uint64_t turns, sleeps, kicks, uv_runs, timers, tasks, interrupted, offloads;
        uint64_t turn_us[LOOP_TURN_BUCKETS], turn_us_sum;
        uint32_t stacks, stacks_spare, workers_busy, jobs_waiting;
} loop_counts;
loop_counts loop_count(const loop *l);
/* The deepest use of any pooled stack so far, in bytes, rounded up to pages. Slow (mincore). */
size_t loop_stack_high_water(const loop *l);

#endif
