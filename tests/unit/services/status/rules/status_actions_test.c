/* Which operations are listed (N1). */
#include "services/status/rules/status_actions.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static void N1_internal_operations_are_never_listed(void **state)
{
        (void)state;
        int listed = 0, without_card = 0;
        for (int op = 0; op < CARD_OPERATION_COUNT; op++) {
                listed += status_action_is_listed((card_operation)op, true);
                without_card += status_action_is_listed((card_operation)op, false);
        }
        assert_int_equal(listed, CARD_OPERATION_COUNT - 1);
        assert_int_equal(without_card, 3); /* apply, death, entitlement */
        assert_false(status_action_is_listed(CARD_OPERATION_ENABLE_BY_PIN_CHANGE, true));
}

static void a_filter_names_a_method_or_a_variant(void **state)
{
        (void)state;
        const char *const method[] = {"ReportLoss"}, *const variant[] = {"ReportLoss:FORMAL"};
        assert_true(status_action_matches(CARD_OPERATION_REPORT_TEMP_LOSS, method, 1));
        assert_false(status_action_matches(CARD_OPERATION_REPORT_TEMP_LOSS, variant, 1));
        assert_true(status_action_matches(CARD_OPERATION_REPORT_FORMAL_LOSS, variant, 1));
        assert_true(status_action_matches(CARD_OPERATION_APPLY, NULL, 0));
        assert_true(status_action_exists("ReplaceCard"));
        assert_true(status_action_exists("ReplaceCard:LOST"));
        assert_false(status_action_exists("EnableByPinChange"));
        assert_false(status_action_exists("ReplaceCard:STOLEN"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N1_internal_operations_are_never_listed),
                cmocka_unit_test(a_filter_names_a_method_or_a_variant),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
