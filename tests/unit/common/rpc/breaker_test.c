/* The breaker: opens after failures in a row, lets one probe through, closes when that is good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/rpc/breaker.h"

static void failures_in_a_row_open_it(void **state)
{
        (void)state;
        breaker b = {.failures_max = 3, .open_ms = 100};
        breaker_note(&b, false, 0);
        breaker_note(&b, false, 0);
        breaker_note(&b, true, 0); /* not in a row */
        breaker_note(&b, false, 0);
        breaker_note(&b, false, 0);
        assert_true(breaker_allows(&b, 0));
        breaker_note(&b, false, 0);
        assert_false(breaker_allows(&b, 99));
}

static void one_probe_goes_through_and_decides(void **state)
{
        (void)state;
        breaker b = {.failures_max = 1, .open_ms = 100};
        breaker_note(&b, false, 0);
        assert_true(breaker_allows(&b, 100));
        assert_false(breaker_allows(&b, 100)); /* one at a time */
        breaker_note(&b, false, 110);
        assert_false(breaker_allows(&b, 150));
        assert_true(breaker_allows(&b, 210));
        breaker_note(&b, true, 211);
        assert_true(breaker_allows(&b, 212));
        assert_true(breaker_allows(&b, 212));
}

static void a_probe_that_says_nothing_leaves_room_for_another(void **state)
{
        (void)state;
        breaker b = {.failures_max = 1, .open_ms = 100};
        breaker_note(&b, false, 0);
        assert_true(breaker_allows(&b, 100));
        breaker_forget(&b);
        assert_true(breaker_allows(&b, 101));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(failures_in_a_row_open_it),
                cmocka_unit_test(one_probe_goes_through_and_decides),
                cmocka_unit_test(a_probe_that_says_nothing_leaves_room_for_another),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
