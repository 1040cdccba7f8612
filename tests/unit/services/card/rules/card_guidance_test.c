/* Guidance of a card names only what its rules allow. By state and overlay it is tried in
 * status_next_steps_test.c; here are the links of a chain. */
#include "services/card/rules/card_guidance.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;

static bool names(int card, const char *code)
{
        const policy_step *steps[CARD_GUIDANCE_STEPS_MAX];
        size_t count = card_guidance_steps(&w.holder, &w.holder.cards[card], &w.knobs,
                                           w.facts.now_ms, steps);
        for (size_t i = 0; i < count; i++)
                if (strcmp(steps[i]->code, code) == 0) return true;
        return false;
}

static void R42_a_replaced_card_points_to_its_successor(void **state)
{
        (void)state;
        world_init(&w);
        int old = world_card(&w, CARD_NORMAL);
        world_do(&w, CARD_OPERATION_REPLACE_DAMAGED, old);
        assert_true(names(old, "WAIT_FOR_NEW_CARD"));
        world_do(&w, CARD_OPERATION_START_PRODUCTION, 1);
        world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, 1);
        assert_true(names(old, "COLLECT_NEW_CARD"));
        world_do(&w, CARD_OPERATION_COLLECT_AND_ENABLE, 1);
        assert_true(names(old, "USE_NEW_CARD"));
        assert_false(names(old, "APPLY_ANEW")); /* it would be refused (R42) */
        assert_true(names(old, "CLOSE_BANK_ACCOUNT_AT_COUNTER"));
}

static void R35_warnings_follow_the_date(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        const policy_step *warnings[CARD_GUIDANCE_WARNINGS_MAX];
        assert_int_equal(card_guidance_warnings(&w.holder.cards[card], FIXTURE_NOW_MS, warnings),
                         0);
        w.holder.cards[card].expires_on = (civil_date){2026, 11, 22};
        assert_int_equal(card_guidance_warnings(&w.holder.cards[card], FIXTURE_NOW_MS, warnings),
                         1);
        assert_ptr_equal(warnings[0], &CARD_WARNING_NO_LINKS);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R42_a_replaced_card_points_to_its_successor),
                cmocka_unit_test(R35_warnings_follow_the_date),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
