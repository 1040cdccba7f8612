/* Every refusal is whole: code, rule, texts in both languages, a way on. */
#include "services/bank/rules/bank_refusals.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

#include <string.h>

static void S10_S12_every_refusal_says_why_in_both_languages(void **state)
{
        (void)state;
        for (int i = 1; i < BANK_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = bank_refusal_of((bank_refusal)i);
                assert_non_null(refusal);
                assert_true(strlen(refusal->rule) >= 2);
                assert_true(strlen(refusal->text.zh) > 0 && strlen(refusal->text.en) > 0);
                assert_ptr_equal(bank_refusal_find(refusal->reason), refusal);
                for (size_t s = 0; s < policy_refusal_step_count(refusal); s++) {
                        const policy_step *step = refusal->steps[s];
                        assert_true(strlen(step->text.zh) > 0 && strlen(step->text.en) > 0);
                        assert_true(strlen(step->rule) >= 2);
                }
        }
        assert_null(bank_refusal_of(BANK_REFUSAL_NONE));
        assert_null(bank_refusal_find("NOTHING"));
}

static void S11_every_operation_that_a_step_names_exists(void **state)
{
        (void)state;
        for (int i = 1; i < BANK_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = bank_refusal_of((bank_refusal)i);
                for (size_t s = 0; s < policy_refusal_step_count(refusal); s++) {
                        const char *operation = refusal->steps[s]->operation;
                        if (operation == NULL) continue;
                        assert_true(bank_operation_find(operation) < BANK_OPERATION_COUNT ||
                                    card_operation_find(operation) < CARD_OPERATION_COUNT);
                }
        }
}

/* The codes of the paper, typed. */
static void the_papers_codes_are_there(void **state)
{
        (void)state;
        static const char *const codes[] = {
                "NO_ACCOUNT",   "CLOSURE_IN_PROGRESS",      "CARD_STILL_VALID",
                "BANK_MANAGED", "IN_PERSON_REQUIRED",       "MISSING_EVIDENCE",
                "WRONG_BANK",   "MOBILITY_GROUND_REQUIRED", "FINANCIAL_NOT_ACTIVATED",
                "CARD_LOST"};
        for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
                assert_non_null(bank_refusal_find(codes[i]));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S10_S12_every_refusal_says_why_in_both_languages),
                cmocka_unit_test(S11_every_operation_that_a_step_names_exists),
                cmocka_unit_test(the_papers_codes_are_there),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
