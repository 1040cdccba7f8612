/* Names and sets of roles and channels. */
#include "common/policy/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void numbers_are_those_of_the_proto(void **state)
{
        (void)state;
        assert_int_equal(POLICY_CHANNEL_BRANCH, 1);
        assert_int_equal(POLICY_CHANNEL_POCKET_12333, 9);
        assert_int_equal(POLICY_CHANNEL_SYSTEM, 13);
        assert_int_equal(POLICY_ROLE_HOLDER, 1);
        assert_int_equal(POLICY_ROLE_SYSTEM, 11);
}

static void every_name_leads_back_to_its_number(void **state)
{
        (void)state;
        for (int i = 1; i < POLICY_ROLE_COUNT; i++)
                assert_int_equal(policy_role_of(policy_role_name((policy_role)i)), i);
        for (int i = 1; i < POLICY_CHANNEL_COUNT; i++)
                assert_int_equal(policy_channel_of(policy_channel_name((policy_channel)i)), i);
        assert_int_equal(policy_role_of("UNSPECIFIED"), 0);
        assert_int_equal(policy_channel_of("MOON"), 0);
        assert_string_equal(policy_channel_name((policy_channel)99), "UNSPECIFIED");
        assert_string_equal(policy_role_name((policy_role)-1), "UNSPECIFIED");
}

static void every_role_and_channel_has_both_languages(void **state)
{
        (void)state;
        for (int i = 0; i < POLICY_ROLE_COUNT; i++) {
                policy_text text = policy_role_text((policy_role)i);
                assert_true(strlen(text.zh) > 0 && strlen(text.en) > 0);
        }
        for (int i = 0; i < POLICY_CHANNEL_COUNT; i++) {
                policy_text text = policy_channel_text((policy_channel)i);
                assert_true(strlen(text.zh) > 0 && strlen(text.en) > 0);
        }
}

static void online_is_the_six_screens(void **state)
{
        (void)state;
        char text[160];
        assert_string_equal(policy_channels_format(POLICY_CHANNELS_ONLINE, text, sizeof text),
                            "ECARD, NATIONAL_SI, NATIONAL_HRSS, NATIONAL_GOV, LOCAL_ONLINE, "
                            "POCKET_12333");
        assert_int_equal(policy_channels_first(POLICY_CHANNELS_ONLINE), POLICY_CHANNEL_ECARD);
        assert_int_equal(policy_channels_first(0), POLICY_CHANNEL_UNSPECIFIED);
        assert_int_equal(policy_roles_first(POLICY_R(AGENT) | POLICY_R(KIOSK)), POLICY_ROLE_AGENT);
}

static void a_set_is_cut_at_whole_names(void **state)
{
        (void)state;
        char text[12];
        assert_string_equal(
                policy_roles_format(POLICY_R(HOLDER) | POLICY_R(AGENT), text, sizeof text),
                "HOLDER");
}

static void only_english_tags_choose_english(void **state)
{
        (void)state;
        policy_text text = {"中", "E"};
        assert_string_equal(policy_text_in(text, "en"), "E");
        assert_string_equal(policy_text_in(text, "EN-gb"), "E");
        assert_string_equal(policy_text_in(text, "enx"), "中");
        assert_string_equal(policy_text_in(text, "e"), "中");
        assert_string_equal(policy_text_in(text, ""), "中");
        assert_string_equal(policy_text_in(text, NULL), "中");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(numbers_are_those_of_the_proto),
                cmocka_unit_test(every_name_leads_back_to_its_number),
                cmocka_unit_test(every_role_and_channel_has_both_languages),
                cmocka_unit_test(online_is_the_six_screens),
                cmocka_unit_test(a_set_is_cut_at_whole_names),
                cmocka_unit_test(only_english_tags_choose_english),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
