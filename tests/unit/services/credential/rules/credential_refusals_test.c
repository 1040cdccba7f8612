/* Every refusal speaks both languages, names its rule and a next step. */
#include "services/credential/rules/credential_refusals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_refusal_has_texts_rule_and_a_step(void **state)
{
        (void)state;
        assert_null(credential_refusal_of(CREDENTIAL_REFUSAL_NONE));
        for (int i = 1; i < CREDENTIAL_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = credential_refusal_of((credential_refusal)i);
                assert_non_null(refusal->reason);
                assert_ptr_equal(credential_refusal_find(refusal->reason), refusal);
                assert_non_null(refusal->rule);
                assert_non_null(refusal->text.zh);
                assert_non_null(refusal->text.en);
                assert_true(policy_refusal_step_count(refusal) > 0);
                if (refusal->status == FAILURE_INVALID_ARGUMENT) assert_non_null(refusal->field);
        }
        assert_null(credential_refusal_find("NO_SUCH_CODE"));
}

static void R20_a_lock_is_lifted_at_the_counter(void **state)
{
        (void)state;
        const policy_refusal *locked = credential_refusal_find("CREDENTIAL_LOCKED");
        for (size_t i = 0; i < 2; i++) {
                assert_true(locked->steps[i]->lifts);
                assert_int_equal(locked->steps[i]->channels, POLICY_C(BRANCH));
                assert_string_equal(locked->steps[i]->documents[0], "ID_DOCUMENT");
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_refusal_has_texts_rule_and_a_step),
                cmocka_unit_test(R20_a_lock_is_lifted_at_the_counter),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
