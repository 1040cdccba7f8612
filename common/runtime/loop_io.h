/* The two worlds under a real loop, for rooms that speak to them: common/rpc (gRPC's completion
 * queue) and common/cache (libuv). Nobody else includes this. Loop thread only. */
#ifndef SSCARD_COMMON_RUNTIME_LOOP_IO_H
#define SSCARD_COMMON_RUNTIME_LOOP_IO_H

#include "common/runtime/loop.h"

#include <grpc/grpc.h>
#include <uv.h>

/* The queue that the loop sleeps in. Every tag given to it is a loop_tag, embedded in its owner and
 * alive until `complete` was called, which happens on the loop, outside any coroutine. NULL for a
 * virtual loop. */
grpc_completion_queue *loop_queue(loop *l);
typedef struct loop_tag {
        void (*complete)(struct loop_tag *tag, bool ok);
} loop_tag;

/* libuv's loop. It is run for you; never call uv_run(). NULL for a virtual loop.
 *
 * libuv learns of a handle that was started or changed (uv_poll_start, uv_read_start, uv_close …)
 * only in its next run. Inside a libuv callback that is this run; anywhere else (a coroutine, a
 * loop_flush, a loop_timer) call loop_uv_changed() after it, or the change may be seen late. */
uv_loop_t *loop_uv(loop *l);
void loop_uv_changed(loop *l);

/* Says how many answers are due through libuv (commands sent to Redis and not answered): while
 * there are any, each turn looks at libuv before it sleeps, which is cheaper than being woken by
 * the kicker. Only a hint; without it everything works, a little slower. */
void loop_answer_expected(loop *l);
void loop_answer_came(loop *l);

/* Calls `callback` on the loop at each such signal; loop_destroy() leaves it ignored. At most
 * LOOP_SIGNALS_MAX signals; false: no more room, or the signal cannot be caught. */
enum { LOOP_SIGNALS_MAX = 4 };
bool loop_on_signal(loop *l, int signal_number, void (*callback)(void *argument, int signal_number),
                    void *argument) MUST_CHECK;

#endif
