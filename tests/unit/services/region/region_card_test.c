/* Tests of what the card's rules take from a rule pack. */
#include "services/region/region_card.h"

#include "services/region/region_schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void R6_R33_facts_about_outlets_follow_operation_channel_and_place(void **state)
{
        static const struct {
                const char *outlet;
                policy_channel channel;
                card_operation operation;
                const char *delivery;
                policy_ternary authorised, instant;
        } cases[] = {
                {"330100-1001", POLICY_CHANNEL_BANK_BRANCH, CARD_OPERATION_ENABLE, NULL, POLICY_YES,
                 POLICY_YES},
                {"330100-1006", POLICY_CHANNEL_BANK_BRANCH, CARD_OPERATION_ENABLE, NULL, POLICY_NO,
                 POLICY_NO},
                {"330100-1003", POLICY_CHANNEL_BANK_BRANCH, CARD_OPERATION_REPORT_FORMAL_LOSS, "",
                 POLICY_NO, POLICY_NO},
                {"", POLICY_CHANNEL_BANK_BRANCH, CARD_OPERATION_ENABLE, NULL, POLICY_UNKNOWN,
                 POLICY_UNKNOWN},
                /* Made where it is handed over, not where it is asked for. */
                {"330100-0004", POLICY_CHANNEL_BRANCH, CARD_OPERATION_APPLY, "330100-0001",
                 POLICY_NO, POLICY_YES},
        };
        failure f = {0};
        (void)state;
        rule_pack *p = pack_load(&REGION_SCHEMA, "regions", "330000", NULL, &f);
        assert_non_null(p);
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
                policy_caller caller = {.outlet = cases[i].outlet, .channel = cases[i].channel};
                card_facts facts = {.caller = &caller};
                region_card_outlets(p, cases[i].operation, cases[i].delivery, &facts);
                assert_int_equal(facts.outlet_authorised, cases[i].authorised);
                assert_int_equal(facts.outlet_instant, cases[i].instant);
        }
        pack_destroy(p);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R6_R33_facts_about_outlets_follow_operation_channel_and_place),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
