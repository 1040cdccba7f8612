/* Knobs: stricter accepted, laxer refused (S13). */
#include "common/policy/knob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const policy_knob TRIES = {.name = "tries",
                                  .type = POLICY_KNOB_INTEGER,
                                  .minimum = 1,
                                  .maximum = 9,
                                  .floor = POLICY_FLOOR_LOWER,
                                  .national = 6};
static const policy_knob NOTICE = {.name = "notice",
                                   .type = POLICY_KNOB_INTEGER,
                                   .minimum = 0,
                                   .maximum = 99,
                                   .floor = POLICY_FLOOR_HIGHER,
                                   .national = 7};
static const policy_knob STRICT = {
        .name = "strict", .type = POLICY_KNOB_BOOLEAN, .floor = POLICY_FLOOR_HIGHER, .national = 1};
static const policy_knob END = {
        .name = "end", .type = POLICY_KNOB_CHOICE, .choices = {"RESTORE", "HOLD", "CANCEL"}};
static const policy_knob WHERE = {.name = "where",
                                  .type = POLICY_KNOB_CHANNELS,
                                  .floor = POLICY_FLOOR_SUBSET,
                                  .national = POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE)};

static void S13_a_stricter_value_is_accepted_and_a_laxer_one_refused(void **state)
{
        (void)state;
        assert_int_equal(policy_knob_check(&TRIES, 6), POLICY_KNOB_ACCEPTED);
        assert_int_equal(policy_knob_check(&TRIES, 3), POLICY_KNOB_ACCEPTED);
        assert_int_equal(policy_knob_check(&TRIES, 7), POLICY_KNOB_LAXER);
        assert_int_equal(policy_knob_check(&TRIES, 0), POLICY_KNOB_OUT_OF_RANGE);
        assert_int_equal(policy_knob_check(&TRIES, 10), POLICY_KNOB_OUT_OF_RANGE);
        assert_int_equal(policy_knob_check(&NOTICE, 8), POLICY_KNOB_ACCEPTED);
        assert_int_equal(policy_knob_check(&NOTICE, 6), POLICY_KNOB_LAXER);
        assert_int_equal(policy_knob_check(&STRICT, 0), POLICY_KNOB_LAXER);
        assert_int_equal(policy_knob_check(&STRICT, 2), POLICY_KNOB_OUT_OF_RANGE);
        assert_int_equal(policy_knob_check(&END, 2), POLICY_KNOB_ACCEPTED);
        assert_int_equal(policy_knob_check(&END, 3), POLICY_KNOB_OUT_OF_RANGE);
        assert_int_equal(policy_knob_check(&WHERE, POLICY_C(BRANCH)), POLICY_KNOB_ACCEPTED);
        assert_int_equal(policy_knob_check(&WHERE, POLICY_C(ECARD)), POLICY_KNOB_LAXER);
        assert_int_equal(policy_knob_check(&WHERE, 1 << 20), POLICY_KNOB_OUT_OF_RANGE);
}

static void the_text_of_a_pack_is_read_and_written(void **state)
{
        (void)state;
        const struct {
                const policy_knob *knob;
                const char *text;
                int64_t value;
        } good[] = {{&TRIES, "3", 3},
                    {&STRICT, "true", 1},
                    {&END, "HOLD", 1},
                    {&WHERE, "SELF_SERVICE", POLICY_C(SELF_SERVICE)},
                    {&WHERE, "BRANCH, SELF_SERVICE", POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE)}};
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
                int64_t value = -99;
                assert_int_equal(policy_knob_parse(good[i].knob, good[i].text, &value),
                                 POLICY_KNOB_ACCEPTED);
                assert_int_equal(value, good[i].value);
                char text[80];
                assert_string_equal(policy_knob_format(good[i].knob, value, text, sizeof text),
                                    good[i].text);
        }
}

static void rubbish_is_refused_and_leaves_the_value_alone(void **state)
{
        (void)state;
        const struct {
                const policy_knob *knob;
                const char *text;
                policy_knob_verdict verdict;
        } bad[] = {{&TRIES, "", POLICY_KNOB_WRONG_TYPE},
                   {&TRIES, "3x", POLICY_KNOB_WRONG_TYPE},
                   {&TRIES, " 3", POLICY_KNOB_WRONG_TYPE},
                   {&TRIES, "99999999999999999999", POLICY_KNOB_WRONG_TYPE},
                   {&TRIES, "-1", POLICY_KNOB_OUT_OF_RANGE},
                   {&TRIES, "8", POLICY_KNOB_LAXER},
                   {&STRICT, "yes", POLICY_KNOB_WRONG_TYPE},
                   {&END, "hold", POLICY_KNOB_WRONG_TYPE},
                   {&WHERE, "BRANCH, MOON", POLICY_KNOB_WRONG_TYPE},
                   {&WHERE, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP", POLICY_KNOB_WRONG_TYPE},
                   {&WHERE, "ECARD", POLICY_KNOB_LAXER}};
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                int64_t value = -99;
                assert_int_equal(policy_knob_parse(bad[i].knob, bad[i].text, &value),
                                 bad[i].verdict);
                assert_int_equal(value, -99);
        }
}

static void knobs_are_found_by_name(void **state)
{
        (void)state;
        const policy_knob knobs[] = {TRIES, END};
        assert_int_equal(policy_knob_find(knobs, 2, "end"), 1);
        assert_int_equal(policy_knob_find(knobs, 2, "start"), -1);
        assert_string_equal(policy_knob_verdict_name(POLICY_KNOB_LAXER), "LAXER");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S13_a_stricter_value_is_accepted_and_a_laxer_one_refused),
                cmocka_unit_test(the_text_of_a_pack_is_read_and_written),
                cmocka_unit_test(rubbish_is_refused_and_leaves_the_value_alone),
                cmocka_unit_test(knobs_are_found_by_name),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
