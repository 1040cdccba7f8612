/* What stands in Redis is input: anybody may have written it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/cache/value.h"

#include "common/base/scoped.h"

#include <string.h>

static bool parse(const char *text, cache_value *value)
{
        return cache_value_parse(bytes_of_text(text), value);
}

static void the_three_kinds_are_told_apart(void **state)
{
        (void)state;
        cache_value v;
        assert_true(parse("V12:345:a:b", &v));
        assert_int_equal(v.kind, CACHE_VALUE_RECORD);
        assert_int_equal(v.epoch, 12);
        assert_int_equal(v.version, 345);
        assert_true(bytes_equal(v.rest, bytes_of_text("a:b")));
        assert_true(parse("F12:0a0b:344", &v));
        assert_int_equal(v.kind, CACHE_VALUE_FENCE);
        assert_int_equal(v.version, 344);
        assert_true(bytes_equal(v.rest, bytes_of_text("0a0b")));
        assert_true(parse("T12:0a0b", &v));
        assert_int_equal(v.kind, CACHE_VALUE_TOKEN);
        assert_int_equal(v.epoch, 12);
        assert_true(bytes_equal(v.rest, bytes_of_text("0a0b")));
}

static void a_record_may_be_empty_or_hold_any_byte(void **state)
{
        (void)state;
        cache_value v;
        assert_true(parse("V1:2:", &v));
        assert_int_equal(v.rest.length, 0);
        static const char any[] = "V1:2:\0\r\n:\377";
        assert_true(cache_value_parse(bytes_of(any, sizeof any - 1), &v));
        assert_int_equal(v.rest.length, 5);
}

static void rubbish_is_none_of_them_and_leaves_the_value_alone(void **state)
{
        (void)state;
        static const char *const rubbish[] = {
                "",
                "V",
                "V:",
                "V1",
                "V1:",
                "V1:2",
                "V:2:x",
                "Vx:2:x",
                "V-1:2:x",
                "V1:-2:x",
                "V 1:2:x",
                "V18446744073709551616:2:x",
                "V1:99999999999999999999:x",
                "F1",
                "F1:",
                "F1:ab",
                "F1:ab:",
                "F1:ab:x",
                "F1:ab:1:2",
                "F1:ab:11111111111111111111111111",
                "T",
                "T:ab",
                "X1:2:x",
                "v1:2:x",
                ":::",
        };
        for (size_t i = 0; i < ARRAY_LENGTH(rubbish); i++) {
                cache_value v = {.epoch = 99};
                assert_false(parse(rubbish[i], &v));
                assert_int_equal(v.epoch, 99);
        }
        cache_value v;
        assert_true(parse("V18446744073709551615:0:", &v));
        assert_true(v.epoch == UINT64_MAX);
}

static void every_cut_of_a_value_is_parsed_or_refused_within_its_bytes(void **state)
{
        (void)state;
        static const char *const whole[] = {"V12:345:record", "F12:0a0b0c0d:344", "T12:0a0b0c0d"};
        for (size_t i = 0; i < ARRAY_LENGTH(whole); i++)
                for (size_t n = 0; n <= strlen(whole[i]); n++) {
                        uint8_t exact[32]; /* at the end of an array of its own, for the sanitizer
                                            */
                        uint8_t *start = exact + sizeof exact - n;
                        memcpy(start, whole[i], n);
                        cache_value v;
                        if (cache_value_parse(bytes_of(start, n), &v))
                                assert_true(v.rest.data >= start &&
                                            v.rest.data + v.rest.length <= start + n);
                }
}

static void a_lease_names_an_epoch_and_a_server(void **state)
{
        (void)state;
        uint64_t epoch = 0;
        bytes run_id;
        assert_true(cache_lease_parse(bytes_of_text("7:00ff"), &epoch, &run_id));
        assert_int_equal(epoch, 7);
        assert_true(bytes_equal(run_id, bytes_of_text("00ff")));
        assert_false(cache_lease_parse(bytes_of_text("7:"), &epoch, &run_id));
        assert_false(cache_lease_parse(bytes_of_text("7"), &epoch, &run_id));
        assert_false(cache_lease_parse(bytes_of_text(":00ff"), &epoch, &run_id));
        assert_false(cache_lease_parse(bytes_of_text(""), &epoch, &run_id));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_three_kinds_are_told_apart),
                cmocka_unit_test(a_record_may_be_empty_or_hold_any_byte),
                cmocka_unit_test(rubbish_is_none_of_them_and_leaves_the_value_alone),
                cmocka_unit_test(every_cut_of_a_value_is_parsed_or_refused_within_its_bytes),
                cmocka_unit_test(a_lease_names_an_epoch_and_a_server),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
