/* N14: who is wrong ten times about a person's notices waits; nobody else does. */
#include "services/status/handlers/notice_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static const ulid ANNA = {{1}}, BERT = {{2}};

static void N14_ten_misses_are_the_last(void **state)
{
        (void)state;
        notice_limit *limit = notice_limit_open();
        for (int i = 0; i < NOTICE_MISSES_MAX; i++) {
                assert_int_equal(notice_limit_wait_ms(limit, "caller", ANNA, 1000), 0);
                notice_limit_missed(limit, "caller", ANNA, 1000 + i);
        }
        assert_int_equal(notice_limit_wait_ms(limit, "caller", ANNA, 2000),
                         NOTICE_WINDOW_MS - 1000);
        assert_int_equal(notice_limit_wait_ms(limit, "caller", BERT, 2000), 0);
        assert_int_equal(notice_limit_wait_ms(limit, "another", ANNA, 2000), 0);
        assert_int_equal(notice_limit_wait_ms(limit, "caller", ANNA, 1000 + NOTICE_WINDOW_MS), 0);
        notice_limit_missed(limit, "caller", ANNA, 1000 + NOTICE_WINDOW_MS);
        assert_int_equal(notice_limit_wait_ms(limit, "caller", ANNA, 1001 + NOTICE_WINDOW_MS), 0);
        notice_limit_close(limit);
}

static void memory_is_bounded(void **state)
{
        (void)state;
        notice_limit *limit = notice_limit_open();
        for (int i = 0; i < NOTICE_LIMIT_ENTRIES_MAX + 1000; i++) {
                char caller[32];
                snprintf(caller, sizeof caller, "caller-%d", i);
                for (int n = 0; n < (i < 2 ? NOTICE_MISSES_MAX : 1); n++)
                        notice_limit_missed(limit, caller, ANNA, 1000);
        }
        assert_int_equal(notice_limit_wait_ms(limit, "caller-0", ANNA, 1000),
                         0); /* the oldest went */
        notice_limit_close(limit);
        notice_limit_close(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N14_ten_misses_are_the_last),
                cmocka_unit_test(memory_is_bounded),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
