/* Tasks on a virtual loop: start, park, resume, interrupt, deadline, sleep, offload. */
#include "tests/unit/common/runtime/fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct subject {
        fixture fixture;
        task task;
        int steps, undone, dones, hooks;
        bool result;
        int64_t resumed_at_ms;
        void *work_argument;
} subject;

static void subject_init(subject *s)
{
        memset(s, 0, sizeof *s);
        fixture_init_virtual(&s->fixture);
        task_init(&s->task, s->fixture.loop, s);
}

static void subject_release(subject *s)
{
        task_release(&s->task, NULL);
        fixture_release(&s->fixture);
}

static void count_done(task *t)
{
        subject *s = t->owner;
        s->dones++;
}

static void undo(task *t)
{
        subject *s = t->owner;
        assert_ptr_equal(t->waits_for, s);
        s->undone++;
}

static void run_to_the_end(task *t)
{
        subject *s = t->owner;
        s->steps++;
}

static void a_task_that_never_waits_is_over_when_start_returns(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_to_the_end, count_done));
        assert_int_equal(s.steps, 1);
        assert_int_equal(s.dones, 1);
        assert_true(task_is_over(&s.task));
        subject_release(&s);
}

static void run_park(task *t)
{
        subject *s = t->owner;
        s->steps++;
        s->result = task_park(t, s, undo);
        s->steps++;
}

static void a_parked_task_goes_on_where_it_stood(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_park, count_done));
        assert_int_equal(s.steps, 1);
        assert_true(task_is_parked(&s.task));
        task_resume(&s.task);
        assert_int_equal(s.steps, 2);
        assert_true(s.result);
        assert_int_equal(s.dones, 1);
        assert_int_equal(s.undone, 0);
        subject_release(&s);
}

static void an_interrupted_wait_is_undone_and_the_task_fails_as_cancelled(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_park, count_done));
        task_interrupt(&s.task, FAILURE_CANCELLED);
        assert_false(s.result);
        assert_int_equal(s.undone, 1);
        assert_int_equal(s.task.failure.kind, FAILURE_CANCELLED);
        assert_true(task_is_over(&s.task));
        subject_release(&s);
}

static void run_park_twice(task *t)
{
        subject *s = t->owner;
        if (!task_park(t, s, undo)) s->steps++;
        if (!task_park(t, s, undo)) s->steps++;
}

static void an_interrupted_task_does_not_wait_any_more(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_park_twice, count_done));
        task_interrupt(&s.task, FAILURE_CANCELLED);
        assert_int_equal(s.steps, 2);
        assert_int_equal(s.undone, 2);
        assert_int_equal(s.dones, 1);
        subject_release(&s);
}

static void run_park_for_good(task *t)
{
        subject *s = t->owner;
        s->result = task_park(t, s, NULL);
        s->steps++;
}

static void a_wait_that_cannot_be_undone_ends_first_and_then_the_task_hears_of_it(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_park_for_good, count_done));
        task_interrupt(&s.task, FAILURE_CANCELLED);
        assert_int_equal(s.steps, 0);
        task_resume(&s.task);
        assert_int_equal(s.steps, 1);
        assert_false(s.result);
        subject_release(&s);
}

static void a_deadline_ends_a_wait_at_its_time_and_not_before(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        int64_t deadline_ms = loop_now_ms(s.fixture.loop) + 500;
        assert_true(task_start(&s.task, deadline_ms, run_park, count_done));
        fixture_run_ms(&s.fixture, 499);
        assert_true(task_is_parked(&s.task));
        fixture_run_ms(&s.fixture, 1);
        assert_true(task_is_over(&s.task));
        assert_int_equal(s.task.failure.kind, FAILURE_DEADLINE_EXCEEDED);
        assert_string_equal(s.task.failure.reason, "DEADLINE_EXCEEDED");
        subject_release(&s);
}

static void run_sleep(task *t)
{
        subject *s = t->owner;
        s->result = task_sleep(t, 100);
        s->resumed_at_ms = loop_now_ms(t->loop);
}

static void sleep_takes_as_long_as_it_says(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        int64_t began_ms = loop_now_ms(s.fixture.loop);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_sleep, count_done));
        fixture_run_ms(&s.fixture, 1000);
        assert_true(s.result);
        assert_int_equal(s.resumed_at_ms - began_ms, 100);
        subject_release(&s);
}

static void a_sleep_ends_early_at_the_deadline(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        int64_t began_ms = loop_now_ms(s.fixture.loop);
        assert_true(task_start(&s.task, began_ms + 30, run_sleep, count_done));
        fixture_run_ms(&s.fixture, 1000);
        assert_false(s.result);
        assert_int_equal(s.resumed_at_ms - began_ms, 30);
        subject_release(&s);
}

static void a_lazy_timer_of_an_earlier_run_does_not_disturb_the_next(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        int64_t began_ms = loop_now_ms(s.fixture.loop);
        assert_true(task_start(&s.task, began_ms + 50, run_park, count_done));
        task_resume(&s.task); /* over; its timer still stands at +50 */
        assert_true(task_start(&s.task, began_ms + 400, run_park, count_done));
        fixture_run_ms(&s.fixture, 399);
        assert_true(task_is_parked(&s.task));
        fixture_run_ms(&s.fixture, 1);
        assert_int_equal(s.task.failure.kind, FAILURE_DEADLINE_EXCEEDED);
        assert_int_equal(s.dones, 2);
        subject_release(&s);
}

static void work_add(void *argument)
{
        ++*(int *)argument;
}

static void run_offload(task *t)
{
        subject *s = t->owner;
        s->result = task_offload(t, work_add, &s->steps);
}

static void offloaded_work_runs_inline_on_a_virtual_loop(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_offload, count_done));
        assert_int_equal(s.steps, 1);
        assert_true(s.result);
        subject_release(&s);
}

static void run_fail_twice(task *t)
{
        assert_false(task_fail(t, FAILURE_UNAVAILABLE, "FIRST", "the %s one", "first"));
        assert_false(task_fail(t, FAILURE_INTERNAL, "SECOND", "the second one"));
}

static void the_first_failure_wins(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_fail_twice, count_done));
        assert_int_equal(s.task.failure.kind, FAILURE_UNAVAILABLE);
        assert_string_equal(s.task.failure.reason, "FIRST");
        assert_string_equal(s.task.failure.message, "the first one");
        subject_release(&s);
}

static void count_hook(task *t)
{
        subject *s = t->owner;
        s->hooks++;
}

static void the_hook_runs_before_the_first_wait_only(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        task_before_first_park(&s.task, count_hook);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_to_the_end, count_done));
        assert_int_equal(s.hooks, 0);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_park_twice, count_done));
        task_resume(&s.task);
        task_resume(&s.task);
        assert_int_equal(s.hooks, 1);
        assert_true(task_is_over(&s.task));
        subject_release(&s);
}

static void start_again(task *t)
{
        subject *s = t->owner;
        if (++s->dones < 1000)
                assert_true(task_start(t, TASK_NO_DEADLINE, run_to_the_end, start_again));
}

static void done_may_start_the_task_anew_without_growing_the_stack(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_to_the_end, start_again));
        assert_int_equal(s.dones, 1000);
        assert_int_equal(loop_count(s.fixture.loop).stacks, 1);
        subject_release(&s);
}

typedef struct waker {
        task task;
        task *other;
        int steps_seen;
} waker;

static void run_wake_other(task *t)
{
        waker *w = t->owner;
        subject *s = w->other->owner;
        task_resume(w->other);
        w->steps_seen = s->steps; /* it runs when this one has left */
}

static void a_task_wakes_another_which_runs_when_the_first_has_left(void **state)
{
        (void)state;
        subject s;
        subject_init(&s);
        waker w = {.other = &s.task};
        task_init(&w.task, s.fixture.loop, &w);
        assert_true(task_start(&s.task, TASK_NO_DEADLINE, run_park, count_done));
        assert_true(task_start(&w.task, TASK_NO_DEADLINE, run_wake_other, NULL));
        assert_int_equal(w.steps_seen, 1);
        assert_int_equal(s.steps, 2);
        task_release(&w.task, NULL);
        subject_release(&s);
}

static void run_suspend_where_it_must_not(task *t)
{
        NO_SUSPEND_BEGIN(t);
        if (!task_sleep(t, 1)) return;
        NO_SUSPEND_END(t);
}

static void suspending_inside_no_suspend_ends_the_process(void **state)
{
        (void)state;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                subject s;
                signal(SIGABRT, SIG_DFL);
                fclose(stderr);
                subject_init(&s);
                if (!task_start(&s.task, TASK_NO_DEADLINE, run_suspend_where_it_must_not, NULL))
                        _exit(2);
                _exit(1); /* it lived: the assert did not fire */
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), SIGABRT);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_task_that_never_waits_is_over_when_start_returns),
                cmocka_unit_test(a_parked_task_goes_on_where_it_stood),
                cmocka_unit_test(an_interrupted_wait_is_undone_and_the_task_fails_as_cancelled),
                cmocka_unit_test(an_interrupted_task_does_not_wait_any_more),
                cmocka_unit_test(
                        a_wait_that_cannot_be_undone_ends_first_and_then_the_task_hears_of_it),
                cmocka_unit_test(a_deadline_ends_a_wait_at_its_time_and_not_before),
                cmocka_unit_test(sleep_takes_as_long_as_it_says),
                cmocka_unit_test(a_sleep_ends_early_at_the_deadline),
                cmocka_unit_test(a_lazy_timer_of_an_earlier_run_does_not_disturb_the_next),
                cmocka_unit_test(offloaded_work_runs_inline_on_a_virtual_loop),
                cmocka_unit_test(the_first_failure_wins),
                cmocka_unit_test(the_hook_runs_before_the_first_wait_only),
                cmocka_unit_test(done_may_start_the_task_anew_without_growing_the_stack),
                cmocka_unit_test(a_task_wakes_another_which_runs_when_the_first_has_left),
                cmocka_unit_test(suspending_inside_no_suspend_ends_the_process),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
