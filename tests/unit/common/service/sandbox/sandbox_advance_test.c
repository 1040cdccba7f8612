/* From timer to timer: each at its instant, in order, once; and a clock that always goes on. */
#include "common/commit/commit_statements.h"
#include "common/service/sandbox/sandbox_advance.h"
#include "tests/unit/common/store/fixture.h"

enum { SEEN_MAX = 100, PART = 7 };
static const int64_t DAY = 24 * 60 * 60 * 1000;

/* A timer job on a real loop whose business clock is the sandbox's. */
typedef struct box {
        fixture f; /* first; its clock is not used */
        sandbox_clock clock;
        keyring *ring;
        commit_engine *engine;
        timer_job *job;
        int64_t start_ms;
        int64_t due[SEEN_MAX], at[SEEN_MAX];
        size_t seen, fails; /* so many commands fail first */
        int64_t again_ms;  /* a command sets another timer so much later, up to SEEN_MAX; 0: none */
        size_t interrupts; /* the so-maniest command interrupts who waits; 0: none */
        /* The call under test: */
        sandbox_target target;
        int64_t time_left_ms; /* 0: no deadline */
        sandbox_journey journey;
        bool arrived, held_afterwards;
        failure why;
} box;

static const char *const kinds[] = {"end", "warn", NULL};

static void set_timer(task *t, box *b, int64_t due, const char *kind)
{
        ulid key = ulid_new(b->start_ms, &b->f.random.base, PART);
        store_batch batch = store_batch_begin(&t->arena);
        store_batch_add(&batch, &timer_set, store_integer(PART), store_integer(due),
                        store_ulid(&key), store_text(kind));
        assert_int_equal(store_commit(t, b->f.store, &batch), STORE_OK);
}

static timer_verdict fire(void *service, task *t, uint8_t part, const change_timer *timer)
{
        box *b = service;
        assert_int_equal(part, PART);
        assert_true(b->seen < SEEN_MAX);
        if (b->interrupts && b->seen + 1 == b->interrupts)
                task_interrupt(&b->f.task, FAILURE_CANCELLED);
        if (b->fails && b->fails--) return TIMER_AGAIN;
        b->due[b->seen] = timer->due;
        b->at[b->seen++] = clock_business_ms(&b->clock.base);
        if (b->again_ms && b->seen < SEEN_MAX) set_timer(t, b, timer->due + b->again_ms, "end");
        return TIMER_DONE;
}

static void box_open(box *b)
{
        static const uint8_t key[32] = {1, 2, 3};
        failure why = {0};
        char path[300];
        memset(b, 0, sizeof *b);
        b->f.is_real = true;
        fixture_folder(b->f.folder);
        random_seeded_init(&b->f.random, 1);
        snprintf(path, sizeof path, "%s/clock", b->f.folder);
        assert_true(sandbox_clock_open(&b->clock, path, SANDBOX_CLOCK_MOVE, &why));
        b->start_ms = clock_business_ms(&b->clock.base);
        loop_options options = {.clock = &b->clock.base, .random = &b->f.random.base};
        b->f.loop = loop_create(&options);
        assert_non_null(b->f.loop);
        fixture_open(&b->f, (store_options){.schemas = {&commit_schema}});
        b->ring = keyring_create(bytes_of(key, sizeof key), &why);
        commit_options commit = {.loop = b->f.loop,
                                 .store = b->f.store,
                                 .keyring = b->ring,
                                 .region = "330000",
                                 .service = b};
        b->engine = commit_engine_open(&commit, &why);
        assert_non_null(b->engine);
}

/* Timers are read when the job starts: set them before. */
static void job_begin(box *b)
{
        failure why = {0};
        timer_options timers = {.engine = b->engine, .fire = fire, .service = b, .kinds = kinds};
        b->job = timer_job_start(&timers, &why);
        assert_non_null(b->job);
}

static void job_stopped(void *argument)
{
        box *b = argument;
        loop_stop(b->f.loop);
        loop_release_hold(b->f.loop);
}

static void box_close(box *b)
{
        loop_hold(b->f.loop);
        timer_job_stop(b->job, job_stopped, b);
        loop_run(b->f.loop);
        commit_engine_close(b->engine);
        keyring_destroy(b->ring);
        fixture_release(&b->f);
        sandbox_clock_release(&b->clock);
}

static void advance_run(task *t)
{
        box *b = t->owner;
        b->arrived = sandbox_advance(t, b->job, &b->clock, &b->target, &b->journey);
        b->held_afterwards = sandbox_clock_is_held(&b->clock);
        b->why = t->failure;
}

static bool advance(box *b)
{
        memset(&b->f.task, 0, sizeof b->f.task);
        task_init(&b->f.task, b->f.loop, b);
        loop_hold(b->f.loop);
        int64_t deadline =
                b->time_left_ms ? loop_now_ms(b->f.loop) + b->time_left_ms : TASK_NO_DEADLINE;
        assert_true(task_start(&b->f.task, deadline, advance_run, fixture_done));
        loop_run(b->f.loop);
        task_release(&b->f.task, NULL);
        assert_false(b->held_afterwards);
        return b->arrived;
}

static void advance_to(box *b, int64_t until_ms)
{
        b->target = (sandbox_target){.until_ms = until_ms};
        if (!advance(b)) fail_msg("%s", b->why.reason);
        assert_int_equal(b->journey.now_ms, until_ms);
        assert_true(clock_business_ms(&b->clock.base) >= until_ms);
}

static void thirty_days_body(task *t, fixture *f)
{
        box *b = (box *)f;
        for (int day = 30; day > 0; day--)
                set_timer(t, b, b->start_ms + day * DAY, day % 2 ? "warn" : "end");
        set_timer(t, b, b->start_ms + 7 * DAY, "end"); /* two at once */
}

static void N12_timers_fire_at_their_instants_in_order_and_once(void **state)
{
        (void)state;
        box b;
        box_open(&b);
        fixture_run(&b.f, thirty_days_body);
        job_begin(&b);
        advance_to(&b, b.start_ms + 20 * DAY);
        assert_int_equal(b.journey.timers_fired, 21);
        advance_to(&b, b.start_ms + 60 * DAY);
        assert_int_equal(b.journey.timers_fired, 10);
        assert_int_equal(b.seen, 31);
        for (size_t i = 0; i < b.seen; i++) {
                assert_int_equal(b.at[i], b.due[i]);
                assert_true(i == 0 || b.due[i] >= b.due[i - 1]);
        }
        assert_int_equal(b.due[0], b.start_ms + DAY);
        assert_int_equal(b.due[30], b.start_ms + 30 * DAY);
        advance_to(&b, b.start_ms + 90 * DAY);
        assert_int_equal(b.journey.timers_fired, 0);
        box_close(&b);
}

static void one_body(task *t, fixture *f)
{
        box *b = (box *)f;
        set_timer(t, b, b->start_ms + DAY, "end");
}

static void N12_timers_that_timers_set_have_their_turn_under_way(void **state)
{
        (void)state;
        box b;
        box_open(&b);
        b.again_ms = DAY / 2;
        fixture_run(&b.f, one_body);
        job_begin(&b);
        advance_to(&b, b.start_ms + 10 * DAY);
        assert_int_equal(b.seen, 19); /* day 1, 1.5, 2 … 10 */
        for (size_t i = 0; i < b.seen; i++) {
                assert_int_equal(b.due[i], b.start_ms + DAY + (int64_t)i * DAY / 2);
                assert_int_equal(b.at[i], b.due[i]);
        }
        box_close(&b);
}

static void overdue_body(task *t, fixture *f)
{
        box *b = (box *)f;
        set_timer(t, b, b->start_ms - DAY, "end");
        set_timer(t, b, b->start_ms + DAY, "end");
        set_timer(t, b, b->start_ms + 2 * DAY, "end");
}

static void N12_what_is_overdue_comes_first_and_does_not_turn_the_clock_back(void **state)
{
        (void)state;
        box b;
        box_open(&b);
        fixture_run(&b.f, overdue_body);
        job_begin(&b);
        b.target = (sandbox_target){.next_timer = true};
        assert_true(advance(&b));
        assert_int_equal(b.seen, 2);
        assert_true(b.at[0] >= b.start_ms);
        assert_int_equal(b.at[1], b.start_ms + DAY);
        assert_int_equal(b.journey.now_ms, b.start_ms + DAY);
        assert_true(advance(&b));
        assert_int_equal(b.journey.now_ms, b.start_ms + 2 * DAY);
        assert_true(advance(&b)); /* none is left: nowhere to go */
        assert_int_equal(b.seen, 3);
        assert_true(clock_business_ms(&b.clock.base) < b.start_ms + 3 * DAY);
        box_close(&b);
}

static void N12_a_timer_that_fails_stops_the_clock_at_its_instant_until_the_next_try(void **state)
{
        (void)state;
        box b;
        box_open(&b);
        b.fails = 1;
        fixture_run(&b.f, overdue_body);
        job_begin(&b);
        b.target = (sandbox_target){.until_ms = b.start_ms + 5 * DAY};
        assert_false(advance(&b));
        assert_string_equal(b.why.reason, "TIMER_FAILED");
        assert_true(b.journey.now_ms < b.start_ms + DAY);
        advance_to(&b, b.start_ms + 5 * DAY);
        assert_int_equal(b.seen, 3);
        assert_int_equal(b.at[2], b.start_ms + 2 * DAY);
        box_close(&b);
}

static void N12_a_deadline_that_comes_near_ends_it_with_time_to_answer(void **state)
{
        (void)state;
        box b;
        box_open(&b);
        fixture_run(&b.f, thirty_days_body);
        job_begin(&b);
        b.target = (sandbox_target){.until_ms = b.start_ms + 60 * DAY};
        b.time_left_ms = 50; /* less than what is kept for the answer */
        assert_false(advance(&b));
        assert_int_equal(b.why.kind, FAILURE_DEADLINE_EXCEEDED);
        assert_true(b.journey.now_ms < b.start_ms + 60 * DAY);
        b.time_left_ms = 0;
        advance_to(&b, b.start_ms + 60 * DAY);
        assert_int_equal(b.seen, 31);
        box_close(&b);
}

static void N12_a_call_that_is_cancelled_under_way_leaves_no_clock_standing(void **state)
{
        (void)state;
        box b;
        box_open(&b);
        b.interrupts = 10;
        fixture_run(&b.f, thirty_days_body);
        job_begin(&b);
        b.target = (sandbox_target){.until_ms = b.start_ms + 60 * DAY};
        assert_false(advance(&b));
        assert_int_equal(b.why.kind, FAILURE_CANCELLED);
        int64_t now = clock_business_ms(&b.clock.base);
        assert_true(now >= b.start_ms + 9 * DAY && now < b.start_ms + 10 * DAY);
        b.interrupts = 0;
        advance_to(&b, b.start_ms + 60 * DAY);
        assert_int_equal(b.seen, 31);
        box_close(&b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N12_timers_fire_at_their_instants_in_order_and_once),
                cmocka_unit_test(N12_timers_that_timers_set_have_their_turn_under_way),
                cmocka_unit_test(N12_what_is_overdue_comes_first_and_does_not_turn_the_clock_back),
                cmocka_unit_test(
                        N12_a_timer_that_fails_stops_the_clock_at_its_instant_until_the_next_try),
                cmocka_unit_test(N12_a_deadline_that_comes_near_ends_it_with_time_to_answer),
                cmocka_unit_test(N12_a_call_that_is_cancelled_under_way_leaves_no_clock_standing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
