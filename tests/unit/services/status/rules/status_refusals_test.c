/* Everything that anybody may be refused can be explained (R2). */
#include "services/status/rules/status_refusals.h"

#include "services/card/rules/card_refusals.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static void S12_own_refusals_have_both_languages_and_a_step(void **state)
{
        (void)state;
        for (int i = 0; i < STATUS_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = status_refusal_of((status_refusal)i);
                assert_true(strlen(refusal->text.zh) > 0 && strlen(refusal->text.en) > 0);
                assert_true(policy_refusal_step_count(refusal) > 0);
                assert_non_null(refusal->rule);
                assert_ptr_equal(status_refusal_find(refusal->reason), refusal);
        }
}

static void R2_codes_of_all_rooms_are_found(void **state)
{
        (void)state;
        for (int i = 1; i < CARD_REFUSAL_COUNT; i++)
                assert_non_null(status_refusal_find(card_refusal_of((card_refusal)i)->reason));
        assert_non_null(status_refusal_find("NOT_YOUR_RESOURCE"));
        assert_null(status_refusal_find("NO_SUCH_CODE"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S12_own_refusals_have_both_languages_and_a_step),
                cmocka_unit_test(R2_codes_of_all_rooms_are_found),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
