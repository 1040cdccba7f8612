/* Every reason that the tables give can be explained, in both languages (S12). */
#include "tools/sscardctl/explain.h"

#include "services/bank/rules/bank_refusals.h"
#include "services/card/rules/card_refusals.h"
#include "tests/unit/tools/sscardctl/fixture.h"

static void S11_every_refusal_of_the_card_is_explained(void **state)
{
        fixture *x = *state;
        for (int i = CARD_REFUSAL_NONE + 1; i < CARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = card_refusal_of((card_refusal)i);
                assert_non_null(refusal);
                if (!explain_reason(&x->a, refusal->reason, "zh-CN", x->out))
                        fail_msg("%s is not explained", refusal->reason);
        }
}

static void S11_every_refusal_of_the_bank_link_is_explained(void **state)
{
        fixture *x = *state;
        for (int i = BANK_REFUSAL_NONE + 1; i < BANK_REFUSAL_COUNT; i++)
                assert_true(explain_reason(&x->a, bank_refusal_of((bank_refusal)i)->reason, "en",
                                           x->out));
}

static void a_reason_is_found_however_it_is_typed(void **state)
{
        fixture *x = *state;
        assert_true(explain_reason(&x->a, "not-lost", "en", x->out));
        assert_non_null(strstr(fixture_text(x), "NOT_LOST"));
        assert_true(explain_reason(&x->a, "request_id_reused", "en", x->out));
        assert_true(explain_reason(&x->a, "CHANNEL_NOT_ALLOWED", "en", x->out));
        assert_false(explain_reason(&x->a, "NOT", "en", x->out));
}

static void the_list_names_each_reason_once(void **state)
{
        fixture *x = *state;
        explain_list(&x->a, "en", 0, x->out);
        const char *first = strstr(fixture_text(x), "CHANNEL_NOT_ALLOWED ");
        assert_non_null(first);
        assert_null(strstr(first + 1, "\nCHANNEL_NOT_ALLOWED "));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(S11_every_refusal_of_the_card_is_explained),
                FIXTURE_TEST(S11_every_refusal_of_the_bank_link_is_explained),
                FIXTURE_TEST(a_reason_is_found_however_it_is_typed),
                FIXTURE_TEST(the_list_names_each_reason_once),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
