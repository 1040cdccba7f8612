/* Timers: order, moving, stopping, against a plain list as the model. */
#include "tests/unit/common/runtime/fixture.h"

#include <string.h>

enum { TIMERS = 200, ROUNDS = 3000 };

typedef struct bench {
        fixture fixture;
        loop_timer timers[TIMERS];
        int64_t expected_ms[TIMERS]; /* 0: not running */
        int64_t last_ms;
        int fired;
} bench;

static void fired(loop_timer *timer)
{
        bench *b = timer->data;
        int i = (int)(timer - b->timers);
        assert_int_equal(loop_now_ms(b->fixture.loop), b->expected_ms[i]);
        assert_true(b->expected_ms[i] >= b->last_ms);
        b->last_ms = b->expected_ms[i];
        b->expected_ms[i] = 0;
        b->fired++;
}

static void timers_fire_at_their_time_whatever_was_moved_or_stopped(void **state)
{
        (void)state;
        static bench b;
        memset(&b, 0, sizeof b);
        fixture_init_virtual(&b.fixture);
        for (int i = 0; i < TIMERS; i++)
                loop_timer_init(b.fixture.loop, &b.timers[i], fired, &b);
        int started = 0, stopped = 0;
        for (int round = 0; round < ROUNDS; round++) {
                uint64_t dice = random_u64(&b.fixture.random.base);
                int i = (int)(dice % TIMERS);
                if (dice >> 60 < 10) {
                        int64_t at_ms =
                                loop_now_ms(b.fixture.loop) + 1 + (int64_t)(dice >> 20) % 300;
                        if (!b.expected_ms[i]) started++;
                        b.expected_ms[i] = at_ms;
                        loop_timer_start(&b.timers[i], at_ms);
                } else if (dice >> 60 < 13) {
                        if (b.expected_ms[i]) stopped++;
                        b.expected_ms[i] = 0;
                        loop_timer_stop(&b.timers[i]);
                } else {
                        fixture_run_ms(&b.fixture, (int64_t)(dice >> 20) % 20);
                }
        }
        fixture_run_ms(&b.fixture, 1000);
        assert_int_equal(b.fired, started - stopped);
        assert_true(b.fired > 500);
        for (int i = 0; i < TIMERS; i++)
                loop_timer_close(&b.timers[i], NULL);
        fixture_release(&b.fixture);
}

typedef struct ordered {
        loop_timer timer;
        int *next, number;
} ordered;

static void fired_in_order(loop_timer *timer)
{
        ordered *o = timer->data;
        assert_int_equal(o->number, *o->next);
        ++*o->next;
}

static void equal_times_fire_in_the_order_of_their_start(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        ordered timers[20];
        int next = 0;
        int64_t at_ms = loop_now_ms(f.loop) + 7;
        for (int i = 0; i < 20; i++) {
                timers[i] = (ordered){.next = &next, .number = i};
                loop_timer_init(f.loop, &timers[i].timer, fired_in_order, &timers[i]);
                loop_timer_start(&timers[i].timer, at_ms);
        }
        fixture_run_ms(&f, 7);
        assert_int_equal(next, 20);
        for (int i = 0; i < 20; i++)
                loop_timer_close(&timers[i].timer, NULL);
        fixture_release(&f);
}

static void count_closed(loop_timer *timer)
{
        ++*(int *)timer->data;
}

static void never(loop_timer *timer)
{
        (void)timer;
        fail();
}

static void a_closed_timer_never_fires(void **state)
{
        (void)state;
        fixture f;
        fixture_init_virtual(&f);
        int closed = 0;
        loop_timer timer;
        loop_timer_init(f.loop, &timer, never, &closed);
        loop_timer_start(&timer, loop_now_ms(f.loop) + 5);
        loop_timer_close(&timer, count_closed);
        fixture_run_ms(&f, 10);
        assert_int_equal(closed, 1);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(timers_fire_at_their_time_whatever_was_moved_or_stopped),
                cmocka_unit_test(equal_times_fire_in_the_order_of_their_start),
                cmocka_unit_test(a_closed_timer_never_fires),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
