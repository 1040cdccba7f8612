/* The clocks: real ones move on, the shifted one shifts only business time, the manual one obeys.
 */
#include "common/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void system_clock_is_after_2020_and_monotonic(void **state)
{
        (void)state;
        const clock_source *clock = clock_system();
        assert_true(clock_wall_ms(clock) > INT64_C(1577836800000));
        assert_true(clock_business_ms(clock) > INT64_C(1577836800000));
        int64_t before = clock_monotonic_ms(clock);
        for (int i = 0; i < 1000; i++) {
                int64_t now = clock_monotonic_ms(clock);
                assert_true(now >= before);
                before = now;
        }
}

static void manual_clock_stands_still_until_it_is_moved(void **state)
{
        (void)state;
        clock_manual clock;
        clock_manual_init(&clock, 1000);
        assert_int_equal(clock_business_ms(&clock.base), 1000);
        assert_int_equal(clock_wall_ms(&clock.base), 1000);
        assert_int_equal(clock_monotonic_ms(&clock.base), 0);
        clock_manual_advance(&clock, 5);
        assert_int_equal(clock_business_ms(&clock.base), 1005);
        assert_int_equal(clock_wall_ms(&clock.base), 1005);
        assert_int_equal(clock_monotonic_ms(&clock.base), 5);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(system_clock_is_after_2020_and_monotonic),
                cmocka_unit_test(manual_clock_stands_still_until_it_is_moved),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
