/* A task: straight-line code on a coroutine of the loop. A handler's rpc_call contains one.
 *
 * No task, no suspension: a function may suspend only if its first parameter is a task (or an
 * rpc_call). Each such function begins with TASK_MAY_SUSPEND(task). A stack is never abandoned: a
 * cancelled or timed-out task is resumed with a failure and returns through its clean-ups. */
#ifndef SSCARD_COMMON_RUNTIME_TASK_H
#define SSCARD_COMMON_RUNTIME_TASK_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "common/base/scoped.h"
#include "common/runtime/loop.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#define TASK_NO_DEADLINE INT64_MAX

typedef struct task task;
typedef struct coroutine coroutine;

/* Embedded in its owner (an rpc_call, a job). Fields above the line are for everybody, read only;
 * those below belong to task.c. */
struct task {
        loop *loop;
        arena arena;         /* emptied by task_start() */
        failure failure;     /* the first one; set by task_fail() */
        int64_t deadline_ms; /* monotonic; TASK_NO_DEADLINE */
        void *owner;         /* whoever embeds it, for task_park's interrupt functions */
        void *waits_for;     /* of the wait, for its interrupt function */
        /* ---- */
        coroutine *coroutine; /* NULL: over, or never started */
        void (*run)(task *t);
        void (*done)(task *t);              /* on the loop, after run() has returned */
        void (*interrupt)(task *t);         /* while parked: undoes the wait; NULL: it cannot be */
        void (*before_first_park)(task *t); /* the server posts RECV_CLOSE here; may be NULL */
        task *ready_next;
        failure_kind interrupted; /* why waiting makes no sense any more */
        int64_t wake_ms;
        loop_timer timer; /* one lazy timer, only ever moved earlier, never stopped */
        int32_t no_suspend;
        bool started, parked, parked_once;
};

/* Prepares an embedded, zeroed task. Keeps its arena and timer over task_start() … done() cycles.
 */
void task_init(task *t, loop *l, void *owner);
/* Pair of task_init(). The task must be over. `closed` as of loop_timer_close(); its timer's `data`
 * is the task. NULL is allowed. */
void task_release(task *t, void (*closed)(loop_timer *timer));
/* A function to be called before the task waits for the first time (in each run); NULL: none. */
void task_before_first_park(task *t, void (*hook)(task *t));

/* Runs `run` on a coroutine: at once, until it first parks or returns, when called from the loop;
 * soon, when called from a coroutine or from a `done`. `done` (NULL is allowed) is called on the
 * loop after it returned; it may start the task anew or free it. False: no memory for a stack;
 * nothing ran. */
bool task_start(task *t, int64_t deadline_ms, void (*run)(task *t),
                void (*done)(task *t)) MUST_CHECK;
bool task_is_over(const task *t);

/* Records the first failure of the task; returns false. */
bool task_fail(task *t, failure_kind kind, const char *reason, const char *format, ...)
        FORMAT_CHECK(4, 5);

/* Cancels from outside (the client went away, the server stops): a parked task is resumed with this
 * failure at once, or when its wait ends if that cannot be undone. */
void task_interrupt(task *t, failure_kind why);
bool task_is_interrupted(const task *t);

/* Sleeps; suspends. False: interrupted or past the deadline. */
bool task_sleep(task *t, int64_t milliseconds) MUST_CHECK;
/* Runs `work` on a worker thread; suspends until it has run (an interrupted task waits for it too:
 * keep jobs short). False: interrupted; the work has been done nevertheless. */
bool task_offload(task *t, void (*work)(void *argument), void *argument) MUST_CHECK;

/* What every function that looks blocking is made of: parks until task_resume(). `interrupt` undoes
 * the wait when the task is cancelled meanwhile (t->waits_for says which); NULL: it cannot be
 * undone and goes on. False: interrupted, the failure is recorded; unless `interrupt` has been
 * called the wait had ended all the same, so look at what it brought before giving up (nothing may
 * leak). */
bool task_park(task *t, void *waits_for, void (*interrupt)(task *t)) MUST_CHECK;
/* For an `interrupt` that has nothing to undo. */
void task_interrupt_nothing(task *t);
/* Goes on with a parked task: at once, when called from the loop (a completion's data is still
 * valid in the task then); soon, when called from a coroutine or from a `done`. */
void task_resume(task *t);
bool task_is_parked(const task *t);
/* Milliseconds left, never negative; TASK_NO_DEADLINE when there is none. */
int64_t task_time_left_ms(const task *t);

/* Children that run beside their parent: spawn several, then wait for all. A child has its own
 * stack and arena and the parent's deadline; interruption of the parent reaches its children.
 * Suspends: task_group_wait only. The group must be waited for before its scope ends. */
typedef struct task_group task_group;
task_group *task_group_begin(task *parent);
/* The same, but its children have no more than so many milliseconds: for a wait that must end while
 * the parent goes on. */
task_group *task_group_begin_within(task *parent, int64_t milliseconds);
/* False: no stack; `run` is not called, and task_group_wait() will report the failure. */
void task_group_spawn(task_group *group, void (*run)(task *child, void *argument), void *argument);
/* Waits for all children whatever happens. False: the parent was interrupted, or a child could not
 * start. Children's own failures are theirs: they report through their argument. */
bool task_group_wait(task_group *group) MUST_CHECK;

/* First line of every function that may suspend. */
#define TASK_MAY_SUSPEND(t) assert((t)->no_suspend == 0)
/* Inside such a scope nothing may suspend, not even when the answer happens to be at hand. */
#define NO_SUSPEND_BEGIN(t) ((void)(t)->no_suspend++)
#define NO_SUSPEND_END(t) ((void)(t)->no_suspend--)

#endif
