/* Offloaded work on real threads: every job runs once, every task goes on, also when interrupted.
 */
#include "tests/unit/common/runtime/fixture.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { TASKS = 64, JOBS_EACH = 50 };

typedef struct crowd {
        fixture fixture;
        task tasks[TASKS];
        int open, jobs, interrupted;
        pthread_t loop_thread;
} crowd;

typedef struct work {
        int *total; /* only the task touches it */
        pthread_t ran_on;
        int value;
} work;

static void work_run(void *argument)
{
        work *w = argument;
        w->ran_on = pthread_self();
        w->value = 1;
}

static void run_jobs(task *t)
{
        crowd *c = t->owner;
        for (int i = 0; i < JOBS_EACH; i++) {
                work w = {0};
                bool undisturbed = task_offload(t, work_run, &w);
                c->jobs += w.value;
                assert_false(pthread_equal(w.ran_on, c->loop_thread));
                if (!undisturbed) {
                        c->interrupted++;
                        return;
                }
        }
}

static void one_is_over(task *t)
{
        crowd *c = t->owner;
        if (--c->open == 0) loop_stop(c->fixture.loop);
}

static void crowd_init(crowd *c)
{
        memset(c, 0, sizeof *c);
        fixture_init_real(&c->fixture);
        c->loop_thread = pthread_self();
        for (int i = 0; i < TASKS; i++) {
                task_init(&c->tasks[i], c->fixture.loop, c);
                c->open++;
                assert_true(task_start(&c->tasks[i], TASK_NO_DEADLINE, run_jobs, one_is_over));
        }
}

static void crowd_release(crowd *c)
{
        for (int i = 0; i < TASKS; i++)
                task_release(&c->tasks[i], NULL);
        fixture_release(&c->fixture);
}

static void every_job_runs_once_on_a_worker(void **state)
{
        (void)state;
        static crowd c;
        crowd_init(&c);
        loop_run(c.fixture.loop);
        assert_int_equal(c.jobs, TASKS * JOBS_EACH);
        assert_int_equal(loop_count(c.fixture.loop).offloads, TASKS * JOBS_EACH);
        crowd_release(&c);
}

static void an_interrupted_task_waits_for_its_job_and_then_fails(void **state)
{
        (void)state;
        static crowd c;
        crowd_init(&c);
        for (int i = 0; i < TASKS; i++)
                task_interrupt(&c.tasks[i], FAILURE_CANCELLED);
        loop_run(c.fixture.loop);
        assert_int_equal(c.interrupted, TASKS);
        assert_int_equal(c.jobs, TASKS); /* the one that was under way */
        crowd_release(&c);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_job_runs_once_on_a_worker),
                cmocka_unit_test(an_interrupted_task_waits_for_its_job_and_then_fails),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
