/* The loop: one thread that owns gRPC's completion queue, libuv and every coroutine of an instance.
 * It sleeps in grpc_completion_queue_next and nowhere else (design: one turn, see loop.c).
 *
 * Two kinds with one API: the real one, and a virtual one without gRPC and libuv for the simulator,
 * where time is a clock_manual and runs only when every task waits. */
#ifndef SSCARD_COMMON_RUNTIME_LOOP_H
#define SSCARD_COMMON_RUNTIME_LOOP_H

#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/scoped.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct loop loop;

typedef struct loop_options {
        const clock_source *clock; /* required, outlives the loop */
        random_source *random;     /* required, outlives the loop */
        uint32_t worker_threads;   /* of loop_offload; 0: 2 */
        uint32_t stack_bytes;      /* of a coroutine; 0: 64 KiB (256 KiB under ASan) */
} loop_options;

/* NULL when a thread or descriptor cannot be had. Real: calls grpc_init(). Pair: loop_destroy(). */
loop *loop_create(const loop_options *options) MUST_CHECK;
/* For the simulator: no gRPC, no libuv, offloaded work runs inline. `clock` is advanced by
 * loop_run_virtual(). */
loop *loop_create_virtual(const loop_options *options, clock_manual *clock) MUST_CHECK;
/* Every task must be over, every timer closed. */
void loop_destroy(loop *l);

const clock_source *loop_clock(const loop *l);
random_source *loop_random(const loop *l);
/* Monotonic milliseconds as of this turn: cheap, may be some ms old. */
int64_t loop_now_ms(const loop *l);

/* Runs turns until loop_stop() was called and every holder (loop_hold) has let go. */
void loop_run(loop *l);
void loop_stop(loop *l);
/* Keeps loop_run() running: a server that drains, a task that is not over. */
void loop_hold(loop *l);
void loop_release_hold(loop *l);
/* Virtual only: runs what is ready, then steps the clock from timer to timer, not past `until_ms`
 * (monotonic). Returns when nothing is ready or due before then. */
void loop_run_virtual(loop *l, int64_t until_ms);

/* Work that is done once at the end of each turn while it is marked: flush a socket, send replies.
 * Embedded in its owner; intrusive; marking twice is once. */
typedef struct loop_flush {
        void (*run)(struct loop_flush *flush);
        struct loop_flush *next;
        bool marked;
} loop_flush;
void loop_mark_flush(loop *l, loop_flush *flush);

/* A one-shot timer on the monotonic clock. Embedded in its owner; zeroed, then loop_timer_init().
 * The callback runs on the loop, outside any coroutine. Close before the memory goes: `closed` is
 * called (maybe in a later turn) when the loop has forgotten it; NULL is allowed. */
typedef struct loop_timer {
        loop *owner;
        void (*fire)(struct loop_timer *timer);
        void (*closed)(struct loop_timer *timer);
        void *data;
        void *handle; /* of the implementation */
        int64_t at_ms;
        struct loop_timer *previous, *next;
} loop_timer;
void loop_timer_init(loop *l, loop_timer *timer, void (*fire)(loop_timer *timer), void *data);
void loop_timer_start(loop_timer *timer, int64_t at_monotonic_ms);
void loop_timer_stop(loop_timer *timer);
void loop_timer_close(loop_timer *timer, void (*closed)(loop_timer *timer));

/* Runs `callback` on the loop, soon. The only function here that any thread may call. */
void loop_post(loop *l, void (*callback)(void *argument), void *argument);

#endif
