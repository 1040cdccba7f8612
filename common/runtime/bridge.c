/* The bridge: gRPC's completion queue is the only place where the thread sleeps; libuv's readiness
 * comes there by a kicker thread. Nobody may sleep anywhere else: nested epolls hang.
 *
 *   one turn   1  events of the queue, at most 256: requests, answers, posts, kicks
 *                 (past deadline while anything is deferred; else this very call sleeps)
 *              2  flushes, one write a backend; timers
 *              3  libuv, when it has something; flushes again
 *              4  the replies of this turn; one more look at libuv
 *
 *   kicker     waits on an outer epoll that holds libuv's, one shot, armed just before the sleep,
 *              and queues an empty batch. Order matters: every deferred thing is done, then armed,
 *              then sleep: what gets ready in between is seen by EPOLL_CTL_MOD, which looks at the
 *              level, not at the edge. */
#define _GNU_SOURCE
#include "common/runtime/loop_internal.h"
#include "common/runtime/loop_io.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { EVENTS_A_TURN = 256 };

typedef struct signal_watch {
        uv_async_t handle;
        int number;
        void (*callback)(void *argument, int signal_number);
        void *argument;
} signal_watch;

/* A signal handler has no context. Not libuv's own: that one falls back to the default action when
 * it is stopped, and the next SIGTERM then kills a process that is ending in order. */
static signal_watch *_Atomic watched[NSIG];
static atomic_int signal_handlers_running;

struct bridge {
        loop *owner;
        grpc_completion_queue *queue;
        uv_loop_t uv;
        uv_prepare_t keeper; /* active for ever: without one uv_backend_timeout() is 0: a spin */
        signal_watch signals[LOOP_SIGNALS_MAX];
        int signal_count;

        bool uv_ready; /* libuv has something to do */
        bool armed;    /* the kicker would tell */
        uint32_t answers_expected;

        loop_tag posted_tag;
        grpc_call *lame; /* never started: empty batches on it wake the queue */
        grpc_channel *lame_channel;
        int outer, kicker_stop;
        pthread_t kicker;
        bool kicker_runs;
};

grpc_completion_queue *loop_queue(loop *l)
{
        return l->bridge ? l->bridge->queue : NULL;
}

uv_loop_t *loop_uv(loop *l)
{
        return l->bridge ? &l->bridge->uv : NULL;
}

void loop_uv_changed(loop *l)
{
        if (l->bridge) l->bridge->uv_ready = true;
}

void loop_answer_expected(loop *l)
{
        if (l->bridge) l->bridge->answers_expected++;
}

void loop_answer_came(loop *l)
{
        if (!l->bridge) return;
        assert(l->bridge->answers_expected > 0);
        l->bridge->answers_expected--;
}

static void signal_came(uv_async_t *handle)
{
        signal_watch *watch = handle->data;
        watch->callback(watch->argument, watch->number);
}

/* On any thread, between any two instructions. */
static void signal_arrived(int number)
{
        int error = errno;
        atomic_fetch_add(&signal_handlers_running, 1);
        signal_watch *watch = atomic_load(&watched[number]);
        if (watch) uv_async_send(&watch->handle);
        atomic_fetch_sub(&signal_handlers_running, 1);
        errno = error;
}

static bool signal_handle(int number, void (*handler)(int number))
{
        struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
        sigfillset(&action.sa_mask);
        return sigaction(number, &action, NULL) == 0;
}

bool loop_on_signal(loop *l, int signal_number, void (*callback)(void *argument, int signal_number),
                    void *argument)
{
        bridge *b = l->bridge;
        if (!b || b->signal_count == LOOP_SIGNALS_MAX) return false;
        assert(signal_number > 0 && signal_number < NSIG);
        assert(!atomic_load(&watched[signal_number])); /* one loop hears of a signal */
        signal_watch *watch = &b->signals[b->signal_count++];
        watch->number = signal_number;
        watch->callback = callback;
        watch->argument = argument;
        uv_async_init(&b->uv, &watch->handle, signal_came);
        watch->handle.data = watch;
        loop_uv_changed(l);
        atomic_store(&watched[signal_number], watch);
        return signal_handle(signal_number, signal_arrived);
}

static void *kicker_main(void *argument)
{
        bridge *b = argument;
        for (struct epoll_event event;;) {
                if (epoll_wait(b->outer, &event, 1, -1) != 1) continue;
                if (event.data.fd == b->kicker_stop) return NULL;
                grpc_call_start_batch(b->lame, NULL, 0, NULL, NULL);
        }
}

void bridge_wake(bridge *b)
{
        grpc_call_start_batch(b->lame, NULL, 0, &b->posted_tag, NULL);
}

static void kicker_arm(bridge *b)
{
        if (b->armed) return;
        struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT,
                                    .data.fd = uv_backend_fd(&b->uv)};
        epoll_ctl(b->outer, EPOLL_CTL_MOD, event.data.fd, &event);
        b->armed = true;
}

static bool kicker_create(bridge *b)
{
        b->outer = epoll_create1(EPOLL_CLOEXEC);
        b->kicker_stop = eventfd(0, EFD_CLOEXEC);
        if (b->outer < 0 || b->kicker_stop < 0) return false;
        struct epoll_event stop = {.events = EPOLLIN, .data.fd = b->kicker_stop},
                           event = {.events = EPOLLONESHOT, .data.fd = uv_backend_fd(&b->uv)};
        if (epoll_ctl(b->outer, EPOLL_CTL_ADD, b->kicker_stop, &stop) < 0) return false;
        if (epoll_ctl(b->outer, EPOLL_CTL_ADD, event.data.fd, &event) < 0) return false;
        b->kicker_runs = pthread_create(&b->kicker, NULL, kicker_main, b) == 0;
        return b->kicker_runs;
}

static void posted_came(loop_tag *tag, bool ok)
{
        (void)ok;
        bridge *b = (bridge *)((char *)tag - offsetof(bridge, posted_tag));
        loop_posted_run(b->owner);
}

static void keep(uv_prepare_t *handle)
{
        (void)handle;
}

bridge *bridge_create(loop *l)
{
        bridge *b = calloc(1, sizeof *b);
        if (!b) return NULL;
        signal(SIGPIPE, SIG_IGN);
        b->owner = l;
        b->outer = b->kicker_stop = -1;
        b->posted_tag.complete = posted_came;
        if (uv_loop_init(&b->uv) < 0) {
                free(b);
                return NULL;
        }
        uv_prepare_init(&b->uv, &b->keeper);
        uv_prepare_start(&b->keeper, keep);
        grpc_init();
        b->queue = grpc_completion_queue_create_for_next(NULL);
        b->lame_channel = grpc_lame_client_channel_create("kicker", GRPC_STATUS_UNAVAILABLE,
                                                          "only for waking the queue");
        b->lame = grpc_channel_create_call(b->lame_channel, NULL, GRPC_PROPAGATE_DEFAULTS, b->queue,
                                           grpc_slice_from_static_string("/kicker/Kick"), NULL,
                                           gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
        if (kicker_create(b)) return b;
        bridge_destroy(b);
        return NULL;
}

static void handle_close(uv_handle_t *handle, void *none)
{
        (void)none;
        if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void event_complete(bridge *b, grpc_event event)
{
        loop_tag *tag = event.tag;
        if (tag) {
                tag->complete(tag, event.success);
                return;
        }
        b->armed = false;
        b->uv_ready = true;
        b->owner->counts.kicks++;
}

/* From handled to ignored in one step: a second SIGTERM while the process ends must not turn its
 * exit code into a killing. */
static void signals_stop(bridge *b)
{
        for (int i = 0; i < b->signal_count; i++) {
                signal_handle(b->signals[i].number, SIG_IGN);
                atomic_store(&watched[b->signals[i].number], NULL);
        }
        while (atomic_load(&signal_handlers_running)) /* one that began before it was ignored */
                sched_yield();
}

void bridge_destroy(bridge *b)
{
        signals_stop(b);
        if (b->kicker_runs) { /* first: nobody kicks from here on */
                eventfd_write(b->kicker_stop, 1);
                pthread_join(b->kicker, NULL);
        }
        uv_walk(&b->uv, handle_close, NULL);
        while (uv_run(&b->uv, UV_RUN_DEFAULT))
                continue;
        if (uv_loop_close(&b->uv)) abort();
        grpc_call_unref(b->lame); /* calls, channels, servers, queue: the order matters */
        grpc_channel_destroy(b->lame_channel);
        grpc_completion_queue_shutdown(b->queue);
        for (;;) {
                gpr_timespec never = gpr_inf_future(GPR_CLOCK_MONOTONIC);
                grpc_event event = grpc_completion_queue_next(b->queue, never, NULL);
                if (event.type == GRPC_QUEUE_SHUTDOWN) break;
                event_complete(b, event);
        }
        grpc_completion_queue_destroy(b->queue);
        if (b->outer >= 0) close(b->outer);
        if (b->kicker_stop >= 0) close(b->kicker_stop);
        free(b);
        grpc_shutdown_blocking();
}

static bool uv_has_something(bridge *b)
{
        if (b->armed && !b->answers_expected) return false; /* the kicker would tell */
        struct pollfd backend = {.fd = uv_backend_fd(&b->uv), .events = POLLIN};
        return poll(&backend, 1, 0) > 0;
}

static gpr_timespec timespec_of_ms(int64_t ms)
{
        if (ms == INT64_MAX) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
        return (gpr_timespec){ms / 1000, (int32_t)(ms % 1000) * 1000000, GPR_CLOCK_MONOTONIC};
}

/* Until when the queue may sleep; 0 while anything is deferred, so that a burst shares one write.
 */
static int64_t sleep_until_ms(bridge *b)
{
        loop *l = b->owner;
        int uv_timeout = uv_backend_timeout(&b->uv); /* from uv_now(), however old; 0: run it */
        if (uv_timeout == 0) b->uv_ready = true;
        if (b->uv_ready || l->flushes || l->flushes_last || (l->stopping && !l->holds)) return 0;
        int64_t timer_ms = loop_timers_next_ms(l);
        int64_t uv_ms = uv_timeout < 0 ? INT64_MAX : (int64_t)uv_now(&b->uv) + uv_timeout;
        int64_t until_ms = timer_ms < uv_ms ? timer_ms : uv_ms;
        return until_ms > l->now_ms ? until_ms : 0;
}

static void uv_turn(bridge *b)
{
        loop *l = b->owner;
        bool run = b->uv_ready || uv_has_something(b);
        if (!run) {
                int timeout = uv_backend_timeout(&b->uv);
                run = timeout >= 0 && (int64_t)uv_now(&b->uv) + timeout <= l->now_ms;
        }
        if (run) {
                b->uv_ready = false;
                uv_run(&b->uv, UV_RUN_NOWAIT);
                l->counts.uv_runs++;
                loop_flushes_run(l); /* what the resumed tasks asked for */
        }
        loop_flushes_last_run(l);
        if (run && !b->uv_ready) b->uv_ready = uv_has_something(b); /* cheaper than a kick */
}

int64_t bridge_now_us(void)
{
        return (int64_t)(uv_hrtime() / 1000);
}

static void turn_begins(loop *l)
{
        l->turn_us = bridge_now_us();
        l->now_ms = l->turn_us / 1000;
}

void bridge_turn(bridge *b)
{
        loop *l = b->owner;
        bool began = false;
        for (int n = 0; n < EVENTS_A_TURN; n++) {
                int64_t until_ms = sleep_until_ms(b);
                if (until_ms) {
                        kicker_arm(b);
                        l->counts.sleeps++;
                }
                grpc_event event =
                        grpc_completion_queue_next(b->queue, timespec_of_ms(until_ms), NULL);
                if (event.type != GRPC_OP_COMPLETE) break;
                if (!began) turn_begins(l); /* after the sleep */
                began = true;
                event_complete(b, event);
        }
        if (!began) turn_begins(l);
        loop_flushes_run(l);
        if (loop_timers_run(l)) loop_flushes_run(l);
        uv_turn(b);

        int64_t ended_us = bridge_now_us(), us = ended_us - l->turn_us;
        int bucket = us > 0 ? 64 - __builtin_clzll((uint64_t)us) : 0;
        l->now_ms = ended_us / 1000;
        l->counts.turns++;
        l->counts.turn_us_sum += (uint64_t)us;
        l->counts.turn_us[bucket < LOOP_TURN_BUCKETS ? bucket : LOOP_TURN_BUCKETS - 1]++;
}
