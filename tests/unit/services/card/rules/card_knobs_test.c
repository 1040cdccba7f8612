/* S13: national defaults stand, stricter values load, laxer ones do not. */
#include "services/card/rules/card_knobs.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static void national_defaults_are_those_of_the_document(void **state)
{
        (void)state;
        card_knobs knobs = card_knobs_national();
        assert_int_equal(knobs.values[CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS],
                         CARD_RECOVER_UNTIL_REPLACEMENT_REQUESTED);   /* A2 */
        assert_int_equal(knobs.values[CARD_KNOB_TEMP_LOSS_DAYS], 10); /* A3 */
        assert_int_equal(knobs.values[CARD_KNOB_TEMP_LOSS_ON_EXPIRY] + 1, CARD_TEMP_LOSS_RESTORE);
        assert_int_equal(knobs.values[CARD_KNOB_UNCLAIMED_DAYS], 0);        /* A5: off */
        assert_int_equal(knobs.values[CARD_KNOB_COLLECT_BY_HOME_VISIT], 1); /* A6 */
        assert_int_equal(knobs.values[CARD_KNOB_COLLECT_BY_AGENT], 1);
        assert_int_equal(knobs.values[CARD_KNOB_OLD_CARD_UNTIL],
                         CARD_OLD_UNTIL_SUCCESSOR_ENABLED);                /* A7 */
        assert_int_equal(knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL], 0); /* A10 */
}

static void S13_what_a_pack_may_and_may_not_say(void **state)
{
        (void)state;
        static const struct {
                const char *name, *text;
                policy_knob_verdict verdict;
        } cases[] = {
                {"temp_loss_days", "5", POLICY_KNOB_ACCEPTED},
                {"temp_loss_days", "15", POLICY_KNOB_ACCEPTED},
                {"temp_loss_days", "0", POLICY_KNOB_OUT_OF_RANGE},
                {"temp_loss_on_expiry", "CANCEL", POLICY_KNOB_ACCEPTED},
                {"recover_after_formal_loss", "NEVER", POLICY_KNOB_ACCEPTED},
                {"recover_after_formal_loss", "ALWAYS", POLICY_KNOB_WRONG_TYPE},
                {"unclaimed_days", "365", POLICY_KNOB_ACCEPTED},
                {"collect_by_agent", "false", POLICY_KNOB_ACCEPTED},
                {"old_card_until", "SUCCESSOR_COLLECTED", POLICY_KNOB_ACCEPTED},
                {"expiry_blocks_social", "true", POLICY_KNOB_ACCEPTED},
                {"validity_years", "4", POLICY_KNOB_OUT_OF_RANGE},
        };
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                int index = policy_knob_find(CARD_KNOBS, CARD_KNOB_COUNT, cases[i].name);
                assert_true(index >= 0);
                int64_t value = -1;
                assert_int_equal(policy_knob_parse(&CARD_KNOBS[index], cases[i].text, &value),
                                 cases[i].verdict);
                assert_int_equal(value != -1, cases[i].verdict == POLICY_KNOB_ACCEPTED);
        }
}

static void every_knob_is_whole(void **state)
{
        (void)state;
        for (int i = 0; i < CARD_KNOB_COUNT; i++) {
                const policy_knob *knob = &CARD_KNOBS[i];
                assert_int_equal(policy_knob_find(CARD_KNOBS, CARD_KNOB_COUNT, knob->name), i);
                assert_true(strlen(knob->text.zh) > 0 && strlen(knob->text.en) > 0);
                assert_non_null(knob->rule);
                assert_int_equal(policy_knob_check(knob, knob->national), POLICY_KNOB_ACCEPTED);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(national_defaults_are_those_of_the_document),
                cmocka_unit_test(S13_what_a_pack_may_and_may_not_say),
                cmocka_unit_test(every_knob_is_whole),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
