/* The job that fires durable timers. It keeps in memory only when each part is due next; what is
 * due stands in the table. Must never lose a timer: a row goes only after its command is done. */
#include "common/commit/timer.h"

#include "common/commit/commit_statements.h"
#include "common/commit/engine.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum {
        PARTS = 256,
        RETRY_MS = 1000,
        ROUNDS_PER_RUN = 16, /* then the runner starts anew, with an empty arena */
};
#define NOTHING_DUE INT64_MAX
#define NOT_YET_READ INT64_MIN

/* One that wants to know when nothing is due any more. */
typedef struct timer_waiter {
        task *t;
        timer_job *job; /* NULL: called, or has left */
        struct timer_waiter *prev, *next;
} timer_waiter;

struct timer_job {
        commit_engine *engine;
        timer_fire *fire;
        void *service;
        const char *const *kinds;
        uint32_t parallel_max, tick_ms;

        int64_t next_due[PARTS]; /* business; NOTHING_DUE, NOT_YET_READ */
        int64_t retry_at[PARTS]; /* monotonic: after a failure */
        commit_listener listener;
        loop_timer tick;
        task runner;
        bool runs_again; /* somebody asked since the runner last looked */
        bool stops;
        uint64_t fired, failed;
        timer_waiter *waiters;
        void (*stopped)(void *argument);
        void *stopped_argument;
};

typedef struct timer_command {
        timer_job *job;
        uint8_t part;
        change_timer timer;
        timer_verdict verdict;
} timer_command;

char *timer_request_id(arena *a, const change_timer *timer)
{
        char key[ULID_TEXT_BYTES + 1];
        ulid_format(timer->key, key);
        return arena_format(a, "timer/%s/%s/%lld", key, timer->kind, (long long)timer->due);
}

static int64_t business_now(const timer_job *job)
{
        return clock_business_ms(loop_clock(job->engine->loop));
}

static int64_t monotonic_now(const timer_job *job)
{
        return clock_monotonic_ms(loop_clock(job->engine->loop));
}

/* The table's own texts are the service's constants; NULL: a kind that this version does not know.
 */
static const char *kind_find(const timer_job *job, const char *kind)
{
        for (const char *const *each = job->kinds; each && *each; each++)
                if (strcmp(*each, kind) == 0) return *each;
        return NULL;
}

static bool part_refresh(task *t, timer_job *job, int part)
{
        SCOPED(arena) memory = {0};
        store_rows rows = {.arena = &memory};
        if (!store_query(t, job->engine->store, &timer_next, &rows, store_integer(part)))
                return false;
        job->next_due[part] =
                rows.row_count ? store_row_integer(store_row(&rows, 0), 0) : NOTHING_DUE;
        return true;
}

/* Appends what is due in one part. */
static bool part_collect(task *t, timer_job *job, int part, timer_command *commands, size_t *count)
{
        store_rows rows = {0};
        if (!store_query(t, job->engine->store, &timer_due, &rows, store_integer(part),
                         store_integer(business_now(job))))
                return false;
        for (size_t i = 0; i < rows.row_count && *count < job->parallel_max; i++) {
                const store_value *row = store_row(&rows, i);
                const char *kind = kind_find(job, store_row_text(row, 2));
                if (!kind) {
                        job->retry_at[part] = monotonic_now(job) + RETRY_MS;
                        job->failed++;
                        continue;
                }
                commands[(*count)++] = (timer_command){
                        .job = job,
                        .part = (uint8_t)part,
                        .timer = {store_row_ulid(row, 1), kind, store_row_integer(row, 0)},
                        .verdict = TIMER_AGAIN};
        }
        return rows.row_count > 0 || part_refresh(t, job, part);
}

static bool round_collect(task *t, timer_job *job, timer_command *commands, size_t *count)
{
        int64_t now = business_now(job), monotonic = monotonic_now(job);
        *count = 0;
        for (int part = 0; part < PARTS && *count < job->parallel_max; part++) {
                if (job->next_due[part] == NOT_YET_READ && !part_refresh(t, job, part))
                        return false;
                if (job->next_due[part] > now || job->retry_at[part] > monotonic) continue;
                if (!part_collect(t, job, part, commands, count)) return false;
        }
        return true;
}

static void command_run(task *child, void *argument)
{
        timer_command *command = argument;
        command->verdict =
                command->job->fire(command->job->service, child, command->part, &command->timer);
}

/* What the command left standing goes now. */
static bool round_clear(task *t, timer_job *job, const timer_command *commands, size_t count)
{
        store_batch batch = store_batch_begin(&t->arena);
        for (size_t i = 0; i < count; i++) {
                const timer_command *c = &commands[i];
                if (c->verdict != TIMER_DONE) continue;
                store_rows rows = {0};
                const store_value key[] = {store_integer(c->part), store_integer(c->timer.due),
                                           store_ulid(&c->timer.key), store_text(c->timer.kind)};
                if (!store_query_values(t, job->engine->store, &timer_load, &rows, key, 4))
                        return false;
                if (rows.row_count) store_batch_add_values(&batch, &timer_clear, key, 4);
        }
        return batch.count == 0 || store_commit(t, job->engine->store, &batch) == STORE_OK;
}

static bool round_fire(task *t, timer_job *job, timer_command *commands, size_t count)
{
        task_group *group = task_group_begin(t);
        for (size_t i = 0; i < count; i++)
                task_group_spawn(group, command_run, &commands[i]);
        bool waited = task_group_wait(group);
        (void)waited; /* what did not start is fired AGAIN */
        for (size_t i = 0; i < count; i++) {
                if (commands[i].verdict == TIMER_DONE) {
                        job->fired++;
                } else {
                        job->failed++;
                        job->retry_at[commands[i].part] = monotonic_now(job) + RETRY_MS;
                }
        }
        if (!round_clear(t, job, commands, count)) return false;
        for (size_t i = 0; i < count; i++)
                if (i == 0 || commands[i].part != commands[i - 1].part)
                        if (!part_refresh(t, job, commands[i].part)) return false;
        return true;
}

static void runner_run(task *t)
{
        timer_job *job = t->owner;
        timer_command *commands = arena_alloc(&t->arena, job->parallel_max * sizeof *commands);
        for (int round = 0; round < ROUNDS_PER_RUN && !job->stops; round++) {
                size_t count;
                job->runs_again = false;
                if (!round_collect(t, job, commands, &count)) {
                        job->failed++;
                        return;
                }
                if (count == 0) return;
                job->runs_again = true;
                if (!round_fire(t, job, commands, count)) {
                        job->runs_again = false;
                        job->failed++;
                        return;
                }
        }
}

static void job_freed(loop_timer *timer)
{
        task *runner = timer->data;
        timer_job *job = runner->owner;
        void (*stopped)(void *argument) = job->stopped;
        void *argument = job->stopped_argument;
        free(job);
        if (stopped) stopped(argument);
}

static void job_finish(timer_job *job)
{
        commit_engine_unlisten(job->engine, &job->listener);
        loop_timer_close(&job->tick, NULL);
        task_release(&job->runner, job_freed);
}

static void job_run(timer_job *job);

static void tick_schedule(timer_job *job)
{
        int64_t next = timer_job_next_due(job), now = business_now(job);
        int64_t wait_ms = next > now ? next - now : RETRY_MS; /* due, but it has just failed */
        if (next == NOT_YET_READ) wait_ms = 1;
        if (wait_ms > job->tick_ms) wait_ms = job->tick_ms;
        loop_timer_start(&job->tick, monotonic_now(job) + wait_ms);
}

static void waiters_call(timer_job *job)
{
        timer_waiter *waiters = job->waiters, *each, *next;
        job->waiters = NULL;
        DL_FOREACH(waiters, each) each->job = NULL;
        for (each = waiters; each; each = next) {
                next = each->next;
                task_resume(each->t);
        }
}

static void runner_done(task *t)
{
        timer_job *job = t->owner;
        if (job->stops) {
                waiters_call(job);
                job_finish(job);
                return;
        }
        if (job->runs_again) {
                job_run(job);
                return;
        }
        tick_schedule(job);
        waiters_call(job);
}

static void job_run(timer_job *job)
{
        job->runs_again = true;
        if (!task_is_over(&job->runner)) return;
        if (task_start(&job->runner, TASK_NO_DEADLINE, runner_run, runner_done)) return;
        job->runs_again = false;
        job->failed++;
        tick_schedule(job);
        waiters_call(job);
}

static void job_tick(loop_timer *timer)
{
        timer_job *job = timer->data;
        if (timer_job_next_due(job) <= business_now(job))
                job_run(job);
        else
                tick_schedule(job);
}

/* A timer that this process has just set. */
static void job_committed(commit_listener *listener, uint8_t part, const change_set *changes)
{
        timer_job *job = (timer_job *)((char *)listener - offsetof(timer_job, listener));
        bool earlier = false;
        for (const change_set_timer *each = changes->timers; each; each = each->next) {
                if (!each->set || each->timer.due >= job->next_due[part]) continue;
                job->next_due[part] = each->timer.due;
                earlier = true;
        }
        if (!earlier || !task_is_over(&job->runner) || job->stops) return;
        /* Before the tick that is set? Then sooner; else the tick finds it. */
        if (job->next_due[part] - business_now(job) < job->tick_ms) tick_schedule(job);
}

timer_job *timer_job_start(const timer_options *options, failure *f)
{
        assert(options->engine && options->fire && options->kinds);
        timer_job *job = calloc(1, sizeof *job);
        if (!job) {
                failure_set(f, FAILURE_RESOURCE_EXHAUSTED, "NO_MEMORY",
                            "There is no memory for the timers.");
                return NULL;
        }
        job->engine = options->engine;
        job->fire = options->fire;
        job->service = options->service;
        job->kinds = options->kinds;
        job->parallel_max = options->parallel_max ? options->parallel_max : 64;
        job->tick_ms = options->tick_ms ? options->tick_ms : 200;
        for (int part = 0; part < PARTS; part++)
                job->next_due[part] = NOT_YET_READ;
        loop_timer_init(job->engine->loop, &job->tick, job_tick, job);
        task_init(&job->runner, job->engine->loop, job);
        job->listener.committed = job_committed;
        commit_engine_listen(job->engine, &job->listener);
        tick_schedule(job);
        return job;
}

void timer_job_stop(timer_job *job, void (*stopped)(void *argument), void *argument)
{
        assert(!job->stops);
        job->stops = true;
        job->stopped = stopped;
        job->stopped_argument = argument;
        loop_timer_stop(&job->tick);
        if (task_is_over(&job->runner)) job_finish(job);
}

int64_t timer_job_next_due(const timer_job *job)
{
        int64_t next = NOTHING_DUE;
        for (int part = 0; part < PARTS; part++)
                if (job->next_due[part] < next) next = job->next_due[part];
        return next;
}

bool timer_job_waiting(task *t, timer_job *job, int64_t *count, int64_t *next_due)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_list(t, job->engine->store, &timer_waiting, &rows,
                        store_integer(business_now(job))))
                return false;
        const store_value *row = store_row(&rows, 0);
        *count = store_row_integer(row, 0);
        *next_due = *count > 0 ? store_row_integer(row, 1) : NOTHING_DUE;
        return true;
}

static void waiter_leave(task *t)
{
        timer_waiter *waiter = t->waits_for;
        if (waiter->job) DL_DELETE(waiter->job->waiters, waiter);
        waiter->job = NULL;
}

bool timer_job_run_due(task *t, timer_job *job, uint64_t *fired)
{
        TASK_MAY_SUSPEND(t);
        assert(!job->stops);
        uint64_t fired_before = job->fired, failed_before = job->failed;
        memset(job->retry_at, 0, sizeof job->retry_at);
        timer_waiter waiter = {.t = t, .job = job};
        DL_APPEND(job->waiters, &waiter);
        job_run(job);
        if (waiter.job && !task_park(t, &waiter, waiter_leave)) return false;
        *fired = job->fired - fired_before;
        if (job->failed == failed_before) return true;
        return task_fail(t, FAILURE_UNAVAILABLE, "TIMER_FAILED", "A timer could not be fired.");
}
