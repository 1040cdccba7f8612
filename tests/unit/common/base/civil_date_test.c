/* Civil dates: the calendar against the C library's, and China's midnight. */
#include "common/base/civil_date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

static civil_date parsed(const char *text)
{
        civil_date date;
        assert_true(civil_date_parse(text, &date));
        return date;
}

static void assert_date(civil_date date, const char *expected)
{
        char text[11];
        civil_date_format(date, text);
        assert_string_equal(text, expected);
}

static void every_day_of_four_centuries_agrees_with_the_c_library(void **state)
{
        (void)state;
        for (int32_t days = -80000; days < 80000; days++) {
                time_t seconds = (time_t)days * 86400;
                struct tm tm;
                assert_non_null(gmtime_r(&seconds, &tm));
                civil_date date = civil_date_from_days(days);
                assert_int_equal(date.year, tm.tm_year + 1900);
                assert_int_equal(date.month, tm.tm_mon + 1);
                assert_int_equal(date.day, tm.tm_mday);
                assert_int_equal(civil_date_to_days(date), days);
        }
}

static void validity_knows_leap_years(void **state)
{
        (void)state;
        assert_true(civil_date_is_valid((civil_date){2000, 2, 29}));
        assert_true(civil_date_is_valid((civil_date){2024, 2, 29}));
        assert_false(civil_date_is_valid((civil_date){1900, 2, 29}));
        assert_false(civil_date_is_valid((civil_date){2023, 2, 29}));
        assert_false(civil_date_is_valid((civil_date){2023, 4, 31}));
        assert_false(civil_date_is_valid((civil_date){2023, 0, 1}));
        assert_false(civil_date_is_valid((civil_date){2023, 13, 1}));
        assert_false(civil_date_is_valid((civil_date){0, 1, 1}));
        assert_false(civil_date_is_valid((civil_date){2023, 1, 0}));
        assert_true(civil_date_is_zero((civil_date){0}));
        assert_false(civil_date_is_zero((civil_date){0, 0, 1}));
}

static void adding_years_moves_a_leap_day_back(void **state)
{
        (void)state;
        assert_date(civil_date_add_years(parsed("2024-02-29"), 10), "2034-02-28");
        assert_date(civil_date_add_years(parsed("2024-02-29"), 4), "2028-02-29");
        assert_date(civil_date_add_years(parsed("2024-03-01"), -1), "2023-03-01");
}

static void sums_beyond_the_calendar_stay_at_its_ends(void **state)
{
        (void)state;
        assert_date(civil_date_add_years(parsed("9995-06-01"), 10), "9999-12-31");
        assert_date(civil_date_add_years(parsed("0003-06-01"), -10), "0001-01-01");
        assert_date(civil_date_add_days(parsed("9999-12-31"), INT32_MAX), "9999-12-31");
        assert_date(civil_date_add_days(parsed("0001-01-01"), INT32_MIN), "0001-01-01");
        assert_date(civil_date_at(INT64_MAX), "9999-12-31");
        assert_date(civil_date_at(INT64_MIN), "0001-01-01");
        assert_date(civil_date_from_days(INT32_MAX), "9999-12-31");
}

static void a_day_begins_at_midnight_in_china(void **state)
{
        (void)state;
        int64_t start = civil_date_start_unix_ms(parsed("2026-11-23"));
        assert_int_equal(start, INT64_C(1795363200000)); /* 2026-11-22T16:00:00Z */
        assert_date(civil_date_at(start), "2026-11-23");
        assert_date(civil_date_at(start - 1), "2026-11-22");
        assert_date(civil_date_at(start + 86399999), "2026-11-23");
        assert_date(civil_date_at(0), "1970-01-01");
        assert_date(civil_date_at(-8 * 3600000), "1970-01-01");
        assert_date(civil_date_at(-8 * 3600000 - 1), "1969-12-31");
}

static void only_the_exact_form_parses(void **state)
{
        (void)state;
        static const char *const bad[] = {"",           "2026",       "2026-11-2",   "2026-11-233",
                                          "2026/11/23", "2026-13-01", "2026-02-30",  "-026-01-01",
                                          "2026-1-011", "0000-00-00", " 2026-11-23", "２026-11-23"};
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                civil_date date = {1, 2, 3};
                assert_false(civil_date_parse(bad[i], &date));
                assert_int_equal(civil_date_compare(date, (civil_date){1, 2, 3}), 0);
        }
        assert_false(civil_date_parse(NULL, &(civil_date){0}));
        assert_date(parsed("0001-01-01"), "0001-01-01");
}

static void age_changes_on_the_birthday(void **state)
{
        (void)state;
        assert_int_equal(civil_date_age_years(parsed("2008-11-23"), parsed("2026-11-22")), 17);
        assert_int_equal(civil_date_age_years(parsed("2008-11-23"), parsed("2026-11-23")), 18);
        assert_int_equal(civil_date_age_years(parsed("2008-02-29"), parsed("2026-02-28")), 17);
        assert_int_equal(civil_date_age_years(parsed("2008-02-29"), parsed("2026-03-01")), 18);
}

static void order_is_by_year_then_month_then_day(void **state)
{
        (void)state;
        assert_true(civil_date_compare(parsed("2025-12-31"), parsed("2026-01-01")) < 0);
        assert_true(civil_date_compare(parsed("2026-02-01"), parsed("2026-01-31")) > 0);
        assert_true(civil_date_compare(parsed("2026-01-30"), parsed("2026-01-31")) < 0);
        assert_int_equal(civil_date_compare(parsed("2026-01-31"), parsed("2026-01-31")), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_day_of_four_centuries_agrees_with_the_c_library),
                cmocka_unit_test(validity_knows_leap_years),
                cmocka_unit_test(adding_years_moves_a_leap_day_back),
                cmocka_unit_test(sums_beyond_the_calendar_stay_at_its_ends),
                cmocka_unit_test(a_day_begins_at_midnight_in_china),
                cmocka_unit_test(only_the_exact_form_parses),
                cmocka_unit_test(age_changes_on_the_birthday),
                cmocka_unit_test(order_is_by_year_then_month_then_day),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
