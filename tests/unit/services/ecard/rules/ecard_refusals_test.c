#include "services/ecard/rules/ecard_refusals.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

#include <string.h>

static void S10_S12_every_refusal_has_code_rule_both_texts_and_a_step(void **state)
{
        (void)state;
        for (int i = 1; i < ECARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = ecard_refusal_of((ecard_refusal)i);
                assert_non_null(refusal->reason);
                assert_non_null(refusal->rule);
                assert_non_null(refusal->text.zh);
                assert_non_null(refusal->text.en);
                assert_true(refusal->status > 0);
                assert_true(policy_refusal_step_count(refusal) > 0);
                assert_ptr_equal(strcmp(refusal->reason, "FACE_MISMATCH") == 0
                                         ? ecard_refusal_of(ECARD_REFUSAL_FACE_MISMATCH)
                                         : refusal,
                                 ecard_refusal_find(refusal->reason));
                if (refusal->status == FAILURE_INVALID_ARGUMENT) assert_non_null(refusal->field);
        }
        assert_null(ecard_refusal_of(ECARD_REFUSAL_NONE));
        assert_null(ecard_refusal_find("NO_SUCH_CODE"));
        assert_non_null(ecard_refusal_find("RENEWAL_WINDOW_NOT_OPEN")); /* the card's */
        assert_non_null(ecard_refusal_find("NOT_YOUR_RESOURCE"));       /* access's */
}

static void S12_every_step_speaks_both_languages(void **state)
{
        (void)state;
        for (int i = 1; i < ECARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = ecard_refusal_of((ecard_refusal)i);
                for (size_t n = 0; n < policy_refusal_step_count(refusal); n++) {
                        assert_non_null(refusal->steps[n]->text.zh);
                        assert_non_null(refusal->steps[n]->text.en);
                        assert_non_null(refusal->steps[n]->rule);
                }
        }
}

static void R22_the_menu_path_is_told_word_for_word(void **state)
{
        (void)state;
        assert_non_null(strstr(ECARD_STEP_RESET_PASSWORD.text.en, "\"My\" on the home page"));
        assert_non_null(strstr(ECARD_STEP_RESET_PASSWORD.text.en, "\"Reset Password\""));
        assert_non_null(strstr(ECARD_STEP_CHANGE_PASSWORD.text.en, "\"Change Password\""));
        assert_non_null(strstr(ECARD_STEP_CHECK_REAL_NAME.text.en,
                               "Payment - three dots upper right - real-name authentication"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S10_S12_every_refusal_has_code_rule_both_texts_and_a_step),
                cmocka_unit_test(S12_every_step_speaks_both_languages),
                cmocka_unit_test(R22_the_menu_path_is_told_word_for_word),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
