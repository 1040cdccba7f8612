/* Durable timers: fired once, in time, after a restart too; a failing one is tried again. */
#include "tests/unit/common/commit/ledger.h"

typedef struct alarm_clock {
        ledger l; /* first */
        timer_job *job;
        ulid seen[2000];
        int64_t due[2000];
        size_t fired;
        size_t fails;      /* so many times the command fails first */
        bool commits;      /* the command writes and clears; else its row is left to the job */
        bool sets_another; /* the command sets the next timer, 10 ms later */
        bool stopped;
} alarm_clock;

static const char *const kinds[] = {"end", "warn", NULL};

static timer_verdict alarm_fire(void *service, task *t, uint8_t part, const change_timer *timer)
{
        alarm_clock *a = service;
        assert_int_equal(part, PART);
        if (a->fails && a->fails--) return TIMER_AGAIN;
        a->seen[a->fired] = timer->key;
        a->due[a->fired++] = timer->due;
        if (!a->commits) return TIMER_DONE;

        bool found;
        int64_t base;
        assert_true(commit_load_holder_version(t, a->l.engine, PART, &timer->key, &found, &base));
        account one = {.id = new_id(&a->l), .holder = timer->key, .state = "SHUT"};
        ledger_write w;
        write_begin(&w, t, timer->key, base);
        write_change(&w, t, NULL, &one);
        idempotency_key key = {.part = PART,
                               .caller = TIMER_CALLER,
                               .method = TIMER_METHOD,
                               .request_id = timer_request_id(&t->arena, timer)};
        w.request.key = &key;
        change_set_clear_timer(&w.changes, timer);
        if (a->sets_another && a->fired < 5) {
                change_timer next = *timer;
                next.due += 10;
                change_set_set_timer(&w.changes, &next);
        }
        assert_int_equal(write_apply(&w, t, &a->l), COMMIT_COMMITTED);
        return TIMER_DONE;
}

static void alarm_begin(alarm_clock *a)
{
        failure why = {0};
        timer_options options = {
                .engine = a->l.engine, .fire = alarm_fire, .service = a, .kinds = kinds};
        a->job = timer_job_start(&options, &why);
        assert_non_null(a->job);
}

static void alarm_stopped(void *argument)
{
        ((alarm_clock *)argument)->stopped = true;
}

static void alarm_end(alarm_clock *a)
{
        timer_job_stop(a->job, alarm_stopped, a);
        while (!a->stopped)
                loop_run_virtual(a->l.fixture.loop, loop_now_ms(a->l.fixture.loop) + 1000);
        a->stopped = false;
}

static void run_ms(alarm_clock *a, int64_t ms)
{
        loop_run_virtual(a->l.fixture.loop, loop_now_ms(a->l.fixture.loop) + ms);
}

/* A holder whose timer is due so many ms from now. */
static ulid set_timer(task *t, ledger *l, int64_t in_ms, const char *kind)
{
        account one = {.id = new_id(l), .holder = new_id(l), .state = "OPEN"};
        ledger_write w;
        write_begin(&w, t, one.holder, 0);
        write_change(&w, t, NULL, &one);
        change_timer timer = {.key = one.holder,
                              .kind = kind,
                              .due = clock_business_ms(loop_clock(l->fixture.loop)) + in_ms};
        change_set_set_timer(&w.changes, &timer);
        change_set_set_timer(&w.changes, &timer); /* once more is once */
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        return one.holder;
}

static void set_three_body(task *t, fixture *f)
{
        set_timer(t, ledger_of(f), 5000, "end");
        set_timer(t, ledger_of(f), 1000, "warn");
        set_timer(t, ledger_of(f), 3000, "end");
}

static void timers_fire_when_they_are_due_and_once(void **state)
{
        (void)state;
        for (int commits = 0; commits < 2; commits++) {
                alarm_clock a = {.commits = commits};
                ledger_open(&a.l, false);
                alarm_begin(&a);
                int64_t begin = clock_business_ms(loop_clock(a.l.fixture.loop));
                fixture_run(&a.l.fixture, set_three_body);
                int64_t now = clock_business_ms(loop_clock(a.l.fixture.loop));
                assert_true(timer_job_next_due(a.job) - begin <= 1000 + (now - begin));
                run_ms(&a, 10000);
                assert_int_equal(a.fired, 3);
                assert_true(a.due[0] < a.due[1] && a.due[1] < a.due[2]);
                assert_true(timer_job_next_due(a.job) == INT64_MAX);
                run_ms(&a, 10000);
                assert_int_equal(a.fired, 3);
                alarm_end(&a);
                ledger_close(&a.l);
        }
}

static void a_timer_survives_a_restart(void **state)
{
        (void)state;
        alarm_clock a = {.commits = true};
        ledger_open(&a.l, false);
        fixture_run(&a.l.fixture, set_three_body);
        run_ms(&a, 4000); /* nobody is there when two of them are due */
        alarm_begin(&a);
        run_ms(&a, 500);
        assert_int_equal(a.fired, 2);
        alarm_end(&a);
        alarm_begin(&a);
        run_ms(&a, 5000);
        assert_int_equal(a.fired, 3);
        alarm_end(&a);
        ledger_close(&a.l);
}

static void set_one_body(task *t, fixture *f)
{
        set_timer(t, ledger_of(f), 100, "end");
}

static void a_command_that_fails_is_fired_again(void **state)
{
        (void)state;
        alarm_clock a = {.fails = 3};
        ledger_open(&a.l, false);
        alarm_begin(&a);
        fixture_run(&a.l.fixture, set_one_body);
        run_ms(&a, 500);
        assert_int_equal(a.fired, 0);
        run_ms(&a, 20000);
        assert_int_equal(a.fired, 1);
        alarm_end(&a);
        ledger_close(&a.l);
}

static void run_due_body(task *t, fixture *f)
{
        alarm_clock *a = (alarm_clock *)f;
        uint64_t fired = 77;
        assert_true(timer_job_run_due(t, a->job, &fired));
        assert_int_equal(fired, 0);
        set_timer(t, &a->l, 0, "end");
        assert_true(timer_job_run_due(t, a->job, &fired));
        assert_int_equal(fired, 1);
        int64_t next = timer_job_next_due(a->job);
        clock_manual_advance(&f->clock, 1000); /* the three that follow, 10 ms apart */
        assert_true(next < clock_business_ms(loop_clock(f->loop)));
        assert_true(timer_job_run_due(t, a->job, &fired));
        assert_int_equal(fired, 4);
        assert_true(timer_job_next_due(a->job) == INT64_MAX);

        for (int i = 0; i < 1500; i++)
                set_timer(t, &a->l, 0, "warn");
        assert_true(timer_job_run_due(t, a->job, &fired));
        assert_int_equal(fired, 1500);

        a->fails = 1;
        set_timer(t, &a->l, 0, "end");
        assert_false(timer_job_run_due(t, a->job, &fired));
        assert_string_equal(t->failure.reason, "TIMER_FAILED");
        t->failure = (failure){0};
        assert_true(timer_job_run_due(t, a->job, &fired));
        assert_int_equal(fired, 1);
}

static void N12_a_clock_that_was_advanced_finds_all_that_is_due_done(void **state)
{
        (void)state;
        alarm_clock a = {.commits = true, .sets_another = true};
        ledger_open(&a.l, false);
        alarm_begin(&a);
        fixture_run(&a.l.fixture, run_due_body);
        alarm_end(&a);
        ledger_close(&a.l);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(timers_fire_when_they_are_due_and_once),
                cmocka_unit_test(a_timer_survives_a_restart),
                cmocka_unit_test(a_command_that_fails_is_fired_again),
                cmocka_unit_test(N12_a_clock_that_was_advanced_finds_all_that_is_due_done),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
