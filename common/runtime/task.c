/* Tasks: who runs on which coroutine, who waits, and why waiting ends.
 * Must never enter one coroutine from another: what becomes ready meanwhile stands in a line. */
#include "common/runtime/task.h"

#include "common/runtime/loop_internal.h"

#include <stdarg.h>
#include <stdio.h>

enum { STACKS_SPARE_BEFORE_TRIM = 64, TRIM_AFTER_MS = 5000 };

static int64_t earlier(int64_t a, int64_t b)
{
        return a < b ? a : b;
}

/* A wait costs no timer: it is moved only to an earlier time. When it fires too early, or for a
 * task that is over, it looks again. */
static void timer_within(task *t, int64_t at_ms)
{
        if (at_ms == TASK_NO_DEADLINE) return;
        if (t->timer.sequence && t->timer.at_ms <= at_ms) return;
        loop_timer_start(&t->timer, at_ms);
}

static void timer_fired(loop_timer *timer)
{
        task *t = timer->data;
        if (!t->coroutine) return;
        int64_t now_ms = loop_now_ms(t->loop);
        if (t->parked && t->wake_ms <= now_ms) {
                t->wake_ms = TASK_NO_DEADLINE;
                timer_within(t, t->deadline_ms);
                task_resume(t); /* last: the task may be over, even freed, when this returns */
                return;
        }
        if (t->deadline_ms <= now_ms) {
                task_interrupt(t, FAILURE_DEADLINE_EXCEEDED);
                return;
        }
        timer_within(t, earlier(t->wake_ms, t->deadline_ms));
}

void task_init(task *t, loop *l, void *owner)
{
        t->loop = l;
        t->owner = owner;
        t->wake_ms = TASK_NO_DEADLINE;
        loop_timer_init(l, &t->timer, timer_fired, t);
}

void task_release(task *t, void (*closed)(loop_timer *timer))
{
        assert(!t->coroutine);
        arena_release(&t->arena);
        loop_timer_close(&t->timer, closed);
}

void task_before_first_park(task *t, void (*hook)(task *t))
{
        t->before_first_park = hook;
}

static void task_main(void *argument)
{
        task *t = argument;
        t->run(t);
        assert(t->no_suspend == 0);
}

static void stacks_put(loop *l, coroutine *co)
{
        coroutine_put(&l->coroutines, co);
        if (l->coroutines.spare_count <= STACKS_SPARE_BEFORE_TRIM || !l->bridge) return;
        if (!l->trim_timer.sequence) loop_timer_start(&l->trim_timer, l->now_ms + TRIM_AFTER_MS);
}

static void task_enter(task *t)
{
        loop *l = t->loop;
        coroutine *co = t->coroutine;
        if (t->started) {
                coroutine_enter(&l->coroutines, co);
        } else {
                t->started = true;
                coroutine_start(&l->coroutines, co, task_main, t);
        }
        if (!coroutine_is_over(co)) return;
        assert(!t->parked);
        t->coroutine = NULL;
        stacks_put(l, co);
        if (t->done) t->done(t);
}

static void task_schedule(task *t)
{
        loop *l = t->loop;
        t->ready_next = NULL;
        *l->ready_end = t;
        l->ready_end = &t->ready_next;
        if (l->switching) return;
        l->switching = true;
        while ((t = l->ready)) {
                l->ready = t->ready_next;
                if (!l->ready) l->ready_end = &l->ready;
                task_enter(t);
        }
        l->switching = false;
}

bool task_start(task *t, int64_t deadline_ms, void (*run)(task *t), void (*done)(task *t))
{
        assert(!t->coroutine);
        coroutine *co = coroutine_take(&t->loop->coroutines);
        if (!co) return false;
        arena_reset(&t->arena);
        failure_clear(&t->failure);
        t->coroutine = co;
        t->deadline_ms = deadline_ms;
        t->wake_ms = TASK_NO_DEADLINE;
        t->run = run;
        t->done = done;
        t->interrupted = FAILURE_NONE;
        t->no_suspend = 0;
        t->started = t->parked = t->parked_once = false;
        t->loop->counts.tasks++;
        task_schedule(t);
        return true;
}

bool task_is_over(const task *t)
{
        return !t->coroutine;
}

bool task_fail(task *t, failure_kind kind, const char *reason, const char *format, ...)
{
        if (t->failure.kind) return false;
        char message[FAILURE_MESSAGE_BYTES];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(message, sizeof message, format, arguments);
        va_end(arguments);
        return failure_set(&t->failure, kind, reason, "%s", message);
}

void task_interrupt(task *t, failure_kind why)
{
        assert(why != FAILURE_NONE);
        if (!t->coroutine || t->interrupted) return;
        t->interrupted = why;
        if (!t->parked) return; /* it hears of it when it next waits */
        t->loop->counts.interrupted++;
        if (!t->interrupt)
                return; /* it cannot be undone; it ends soon, and the task is told then */
        t->interrupt(t);
        task_resume(t);
}

bool task_is_interrupted(const task *t)
{
        return t->interrupted != FAILURE_NONE;
}

static bool task_fail_interrupted(task *t)
{
        if (t->interrupted == FAILURE_DEADLINE_EXCEEDED)
                return failure_set(&t->failure, FAILURE_DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED",
                                   "The deadline has passed.");
        if (t->interrupted == FAILURE_CANCELLED)
                return failure_set(&t->failure, FAILURE_CANCELLED, "CANCELLED",
                                   "The call was cancelled.");
        return failure_set(&t->failure, t->interrupted, "INTERRUPTED", "The call was interrupted.");
}

static bool park(task *t, void *waits_for, int64_t wake_ms, void (*interrupt)(task *t))
{
        TASK_MAY_SUSPEND(t);
        assert(t->coroutine && t->loop->coroutines.running == t->coroutine);
        if (!t->parked_once) {
                t->parked_once = true;
                if (t->before_first_park) t->before_first_park(t);
        }
        t->waits_for = waits_for;
        if (t->interrupted && interrupt) {
                interrupt(t);
                return task_fail_interrupted(t);
        }
        t->wake_ms = wake_ms;
        t->interrupt = interrupt;
        timer_within(t, earlier(wake_ms, t->deadline_ms));
        t->parked = true;
        coroutine_leave(&t->loop->coroutines, t->coroutine);
        t->wake_ms = TASK_NO_DEADLINE;
        return t->interrupted ? task_fail_interrupted(t) : true;
}

bool task_park(task *t, void *waits_for, void (*interrupt)(task *t))
{
        return park(t, waits_for, TASK_NO_DEADLINE, interrupt);
}

void task_interrupt_nothing(task *t)
{
        (void)t;
}

void task_resume(task *t)
{
        assert(t->parked);
        t->parked = false;
        task_schedule(t);
}

bool task_is_parked(const task *t)
{
        return t->parked;
}

int64_t task_time_left_ms(const task *t)
{
        if (t->deadline_ms == TASK_NO_DEADLINE) return TASK_NO_DEADLINE;
        int64_t left_ms = t->deadline_ms - clock_monotonic_ms(loop_clock(t->loop));
        return left_ms > 0 ? left_ms : 0;
}

bool task_sleep(task *t, int64_t milliseconds)
{
        int64_t now_ms = clock_monotonic_ms(loop_clock(t->loop)); /* the loop's may be old */
        return park(t, NULL, now_ms + milliseconds, task_interrupt_nothing);
}

typedef struct offloaded {
        worker_job job;
        task *t;
} offloaded;

static void offload_done(void *argument)
{
        offloaded *o = argument;
        task_resume(o->t);
}

/* The job is on the task's stack, so the wait cannot be undone. */
bool task_offload(task *t, void (*work)(void *argument), void *argument)
{
        TASK_MAY_SUSPEND(t);
        t->loop->counts.offloads++;
        if (!t->loop->workers) {
                work(argument);
                return t->interrupted ? task_fail_interrupted(t) : true;
        }
        offloaded o = {.job = {.work = work, .argument = argument}, .t = t};
        o.job.done = (loop_posted){.callback = offload_done, .argument = &o};
        worker_pool_submit(t->loop->workers, &o.job);
        return task_park(t, &o, NULL);
}
