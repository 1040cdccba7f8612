/* The feed: every row once, in order within its part, from any cursor, and soon. */
#include "common/feed/feed.h"

#include "tests/unit/common/commit/ledger.h"

typedef struct feeder {
        ledger l; /* first */
        feed *feed;
        int64_t seen, woken_at_ms;
} feeder;

static void feeder_open(feeder *f, bool is_real)
{
        memset(f, 0, sizeof *f);
        ledger_open(&f->l, is_real);
        f->feed = feed_open(f->l.engine);
}

static void feeder_close(feeder *f)
{
        feed_close(f->feed);
        ledger_close(&f->l);
}

/* A new holder of any part. */
static void add_in_part(task *t, ledger *l, uint8_t part)
{
        account one = {.id = new_id(l), .holder = new_id(l), .state = "OPEN"};
        one.id.bytes[15] = one.holder.bytes[15] = part;
        ledger_write w;
        write_begin(&w, t, one.holder, 0);
        write_change(&w, t, NULL, &one);
        w.request.part = part;
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
}

static void read_all_body(task *t, fixture *f)
{
        feeder *feeder_ = (feeder *)f;
        enum { COUNT = 1300 };
        for (int i = 0; i < COUNT; i++)
                add_in_part(t, &feeder_->l, (uint8_t)(i % 3 == 0 ? 9 : i * 7));
        feed_cursor cursor = {{0}};
        int64_t seen = 0, next[FEED_PARTS] = {0};
        for (int round = 0;; round++) {
                SCOPED(arena) memory = {0};
                feed_event *events;
                size_t count;
                assert_true(feed_read(t, feeder_->feed, &memory, &cursor, &events, &count));
                if (count == 0) break;
                assert_true(count <= FEED_EVENTS_MAX);
                for (size_t i = 0; i < count; i++) {
                        assert_int_equal(events[i].row.seq, ++next[events[i].row.part]);
                        assert_non_null(events[i].record);
                        assert_string_equal(events[i].record->kind, "account");
                        seen++;
                }
                /* The reader forgets everything but the cursor's text. */
                char *text =
                        feed_cursor_format(&memory, &cursor, commit_engine_hash(feeder_->l.engine));
                memset(&cursor, 0, sizeof cursor);
                assert_true(
                        feed_cursor_parse(text, commit_engine_hash(feeder_->l.engine), &cursor));
        }
        assert_int_equal(seen, COUNT);
}

static void S8_every_event_comes_once_and_in_order_within_its_part(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                feeder f;
                feeder_open(&f, real);
                fixture_run(&f.l.fixture, read_all_body);
                feeder_close(&f);
        }
}

static void follower_run(task *child, void *argument)
{
        feeder *f = argument;
        feed_cursor cursor = {{0}};
        while (f->seen < 20) {
                SCOPED(arena) memory = {0};
                feed_event *events;
                size_t count;
                assert_true(feed_read(child, f->feed, &memory, &cursor, &events, &count));
                f->seen += (int64_t)count;
                if (count == 0) assert_true(feed_wait(child, f->feed));
        }
        f->woken_at_ms = clock_monotonic_ms(loop_clock(child->loop));
}

static void follow_body(task *t, fixture *fixture_)
{
        feeder *f = (feeder *)fixture_;
        task_group *group = task_group_begin(t);
        task_group_spawn(group, follower_run, f);
        for (int i = 0; i < 20; i++) {
                add_in_part(t, &f->l, (uint8_t)i);
                assert_true(task_sleep(t, 3));
        }
        int64_t last_ms = clock_monotonic_ms(loop_clock(t->loop)) - 3;
        assert_true(task_group_wait(group));
        assert_int_equal(f->seen, 20);
        assert_true(f->woken_at_ms <= last_ms + 1); /* virtual time: it did not wait for the poll */
}

static void a_follower_is_woken_by_the_commit(void **state)
{
        (void)state;
        feeder f;
        feeder_open(&f, false);
        fixture_run(&f.l.fixture, follow_body);
        feeder_close(&f);
}

static void hurried_run(task *child, void *argument)
{
        feeder *f = argument;
        child->deadline_ms = clock_monotonic_ms(loop_clock(child->loop)) + 50;
        while (feed_wait(child, f->feed)) {
                SCOPED(arena) memory = {0};
                feed_cursor cursor = {{0}};
                feed_event *events;
                size_t count;
                assert_true(feed_read(child, f->feed, &memory, &cursor, &events, &count));
        }
        assert_int_equal(child->failure.kind, FAILURE_DEADLINE_EXCEEDED);
        f->seen++;
}

static void hurried_body(task *t, fixture *fixture_)
{
        feeder *f = (feeder *)fixture_;
        task_group *group = task_group_begin(t);
        for (int i = 0; i < 3; i++)
                task_group_spawn(group, hurried_run, f);
        assert_true(task_group_wait(group));
        assert_int_equal(f->seen, 3);
        add_in_part(t, &f->l, 1); /* nobody is left in the list */
}

static void a_follower_that_is_cancelled_leaves(void **state)
{
        (void)state;
        feeder f;
        feeder_open(&f, false);
        fixture_run(&f.l.fixture, hurried_body);
        feeder_close(&f);
}

static void gap_body(task *t, fixture *fixture_)
{
        feeder *f = (feeder *)fixture_;
        for (int i = 0; i < 5; i++)
                add_in_part(t, &f->l, PART);
        RUN_SQL(t, &f->l, &journal_cut, store_integer(PART), store_integer(3), store_integer(4));
        feed_cursor cursor = {{0}};
        feed_event *events;
        size_t count;
        assert_false(feed_read(t, f->feed, &t->arena, &cursor, &events, &count));
        assert_string_equal(t->failure.reason, "JOURNAL_BROKEN");
}

static void S8_a_gap_in_the_journal_is_never_passed_over(void **state)
{
        (void)state;
        feeder f;
        feeder_open(&f, false);
        fixture_run(&f.l.fixture, gap_body);
        feeder_close(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S8_every_event_comes_once_and_in_order_within_its_part),
                cmocka_unit_test(a_follower_is_woken_by_the_commit),
                cmocka_unit_test(a_follower_that_is_cancelled_leaves),
                cmocka_unit_test(S8_a_gap_in_the_journal_is_never_passed_over),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
