/* A stricter region is accepted, a laxer one is not (S13). */
#include "services/bank/rules/bank_knobs.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

static void S13_either_way_of_R11_may_be_closed_by_a_region(void **state)
{
        (void)state;
        bank_knobs knobs = bank_knobs_national();
        assert_int_equal(knobs.values[BANK_KNOB_ACTIVATE_BY_HOME_VISIT], 1);
        assert_int_equal(knobs.values[BANK_KNOB_ACTIVATE_BY_AGENT], 1);
        assert_int_equal(knobs.values[BANK_KNOB_CLOSE_BY_AGENT], 0);
        assert_int_equal(bank_knobs_set(&knobs, "activate_by_agent", "false"),
                         POLICY_KNOB_ACCEPTED);
        assert_int_equal(knobs.values[BANK_KNOB_ACTIVATE_BY_AGENT], 0);
        assert_int_equal(bank_knobs_set(&knobs, "activate_by_agent", "maybe"),
                         POLICY_KNOB_WRONG_TYPE);
        assert_int_equal(bank_knobs_set(&knobs, "activate_online", "true"),
                         POLICY_KNOB_UNKNOWN_NAME);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S13_either_way_of_R11_may_be_closed_by_a_region),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
