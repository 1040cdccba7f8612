#include "services/ecard/rules/ecard_knobs.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

static void S13_a_stricter_region_is_accepted_and_a_laxer_one_refused(void **state)
{
        (void)state;
        /* clang-format off */
        static const struct { const char *name, *text; policy_knob_verdict verdict; } cases[] = {
                {"ecard_when_locked", "BLOCKED", POLICY_KNOB_ACCEPTED},
                {"ecard_when_locked", "OPEN", POLICY_KNOB_LAXER},
                {"ecard_issue_requires", "COLLECTED", POLICY_KNOB_ACCEPTED},
                {"ecard_grant_hours", "1", POLICY_KNOB_ACCEPTED},
                {"ecard_grant_hours", "25", POLICY_KNOB_OUT_OF_RANGE},
                {"ecard_password_errors", "3", POLICY_KNOB_ACCEPTED},
                {"ecard_password_errors", "7", POLICY_KNOB_OUT_OF_RANGE},
                {"ecard_code_seconds", "61", POLICY_KNOB_LAXER},
                {"ecard_family_elders", "5", POLICY_KNOB_LAXER},
                {"ecard_no_such_knob", "1", POLICY_KNOB_UNKNOWN_NAME},
        };
        /* clang-format on */
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ecard_knobs knobs = ecard_knobs_national();
                assert_int_equal(ecard_knobs_set(&knobs, cases[i].name, cases[i].text),
                                 cases[i].verdict);
        }
}

static void S12_every_knob_has_a_name_and_both_texts(void **state)
{
        (void)state;
        for (int i = 0; i < ECARD_KNOB_COUNT; i++) {
                assert_non_null(ECARD_KNOBS[i].name);
                assert_non_null(ECARD_KNOBS[i].text.zh);
                assert_non_null(ECARD_KNOBS[i].text.en);
                assert_int_equal(policy_knob_check(&ECARD_KNOBS[i], ECARD_KNOBS[i].national),
                                 POLICY_KNOB_ACCEPTED);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S13_a_stricter_region_is_accepted_and_a_laxer_one_refused),
                cmocka_unit_test(S12_every_knob_has_a_name_and_both_texts),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
