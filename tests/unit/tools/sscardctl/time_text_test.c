/* Instants and spans as people type them. */
#include "tools/sscardctl/time_text.h"

#include "tests/unit/tools/sscardctl/fixture.h"

static void assert_instant(const char *text, int64_t seconds, int32_t nanos)
{
        time_value value = {0};
        if (!time_text_parse_instant(text, &value)) fail_msg("%s is refused", text);
        assert_int_equal(value.seconds, seconds);
        assert_int_equal(value.nanos, nanos);
}

static void an_instant_without_a_zone_is_china_standard_time(void **state)
{
        (void)state;
        assert_instant("1970-01-01 08:00:00", 0, 0);
        assert_instant("1970-01-01", -8 * 3600, 0);
        assert_instant("1970-01-01 09:30", 5400, 0);
        assert_instant("1970-01-01T00:00:00Z", 0, 0);
        assert_instant("1970-01-01T02:00:00.25+02:00", 0, 250000000);
        assert_instant("2024-02-29T00:00:00-01:30", 1709170200, 0);
}

static void what_is_no_instant_is_refused(void **state)
{
        (void)state;
        static const char *const wrong[] = {"",
                                            "tomorrow",
                                            "2023-02-29",
                                            "2024-01-01T",
                                            "2024-01-01T25:00:00Z",
                                            "2024-01-01T00:60:00Z",
                                            "2024-01-01T00:00:00X",
                                            "2024-01-01T00:00:00+8",
                                            "2024-01-01T00:00:00.Z",
                                            "2024-01-01T00:00:00Zjunk"};
        for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
                time_value value;
                if (time_text_parse_instant(wrong[i], &value)) fail_msg("%s is taken", wrong[i]);
        }
}

static void spans_have_units(void **state)
{
        (void)state;
        time_value value;
        assert_true(time_text_parse_span("90", &value) && value.seconds == 90);
        assert_true(time_text_parse_span("5m", &value) && value.seconds == 300);
        assert_true(time_text_parse_span("60d", &value) && value.seconds == 60 * 86400);
        assert_true(time_text_parse_span("1.5h", &value) && value.seconds == 5400);
        assert_true(time_text_parse_span("-0.5s", &value) && value.nanos == -500000000);
        assert_false(time_text_parse_span("", &value));
        assert_false(time_text_parse_span("5 m", &value));
        assert_false(time_text_parse_span("5mm", &value));
        assert_false(time_text_parse_span("1w", &value));
        assert_false(time_text_parse_span("99999999999999999999s", &value));
}

static void instants_are_printed_in_both_forms(void **state)
{
        fixture *x = *state;
        time_value value = {1767225599, 5000000};
        assert_string_equal(time_text_instant_json(&x->a, value), "2025-12-31T23:59:59.005Z");
        assert_string_equal(time_text_instant_human(&x->a, value), "2026-01-01 07:59:59");
        assert_string_equal(time_text_instant_json(&x->a, (time_value){-1, 0}),
                            "1969-12-31T23:59:59Z");
        assert_string_equal(time_text_span_json(&x->a, (time_value){-1, -500000000}), "-1.500s");
        /* Nothing that a server sends may end the program. */
        time_text_instant_json(&x->a, (time_value){INT64_MAX / 2, 0});
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_instant_without_a_zone_is_china_standard_time),
                cmocka_unit_test(what_is_no_instant_is_refused),
                cmocka_unit_test(spans_have_units),
                FIXTURE_TEST(instants_are_printed_in_both_forms),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
