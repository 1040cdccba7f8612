/* The order in which missing things are told, and who is acting. What the guards refuse is tried in
 * card_rules_test.c and card_operations_test.c. */
#include "services/card/rules/card_guards.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static void evidence_is_told_before_consent_and_the_second_person(void **state)
{
        (void)state;
        assert_int_equal(card_refusal_of_needs(CARD_N(CONSENT) | CARD_N(PHOTO)),
                         CARD_REFUSAL_MISSING_EVIDENCE);
        assert_int_equal(card_refusal_of_needs(CARD_N(CONSENT) | CARD_N(SECOND_PERSON)),
                         CARD_REFUSAL_CONSENT_REQUIRED);
        assert_int_equal(card_refusal_of_needs(CARD_N(SECOND_PERSON)),
                         CARD_REFUSAL_SECOND_PERSON_REQUIRED);
        assert_int_equal(card_refusal_of_needs(CARD_N(MOBILITY_GROUND)),
                         CARD_REFUSAL_MOBILITY_GROUND_REQUIRED);
}

static void the_acting_role_is_the_chosen_one_or_the_first(void **state)
{
        (void)state;
        policy_caller caller = {.roles = POLICY_R(AGENT) | POLICY_R(OPERATOR)};
        assert_int_equal(card_acting_role(&caller), POLICY_ROLE_AGENT);
        caller.role = POLICY_ROLE_OPERATOR;
        assert_int_equal(card_acting_role(&caller), POLICY_ROLE_OPERATOR);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(evidence_is_told_before_consent_and_the_second_person),
                cmocka_unit_test(the_acting_role_is_the_chosen_one_or_the_first),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
