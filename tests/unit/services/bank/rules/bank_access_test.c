/* A row for every method; whoever an operation names reaches the rules. */
#include "services/bank/rules/bank_access.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

/* Typed from the API: a method without a row here or there fails. */
static const char *const METHODS[] = {"LoadAccount",
                                      "ActivateFinancialFunction",
                                      "ConfirmBankLoss",
                                      "ClearBankLoss",
                                      "RequestClosure",
                                      "ConfirmClosed",
                                      "ReportBankAnswer",
                                      "RequestPasswordService",
                                      "GetBankLink",
                                      "ListBankLinks",
                                      "CheckPayoutReadiness",
                                      "ListBanks",
                                      "ListOutlets",
                                      "GetOperation",
                                      "Watch"};

static bank_world w;

static policy_access_result ask(const char *method)
{
        return policy_access_evaluate(policy_access_find(BANK_ACCESS, BANK_ACCESS_COUNT, method),
                                      &w.cards.caller);
}

static void every_method_has_a_row_and_every_row_a_method(void **state)
{
        (void)state;
        size_t rows = 0;
        for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++) {
                policy_access_span span =
                        policy_access_find(BANK_ACCESS, BANK_ACCESS_COUNT, METHODS[i]);
                assert_true(span.count > 0);
                rows += span.count;
        }
        assert_int_equal(rows, BANK_ACCESS_COUNT);
}

static void every_role_of_an_operation_reaches_its_method(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        for (int op = 0; op < BANK_OPERATION_PASSWORD; op++) {
                const bank_operation_row *row = bank_operation_row_of((bank_operation)op);
                for (int i = 0; i < BANK_WHO_MAX && row->who[i].roles != 0; i++)
                        for (int role = 1; role < POLICY_ROLE_COUNT; role++) {
                                if (!policy_roles_have(row->who[i].roles, (policy_role)role))
                                        continue;
                                world_as(&w.cards, (policy_role)role,
                                         policy_channels_first(row->who[i].channels));
                                assert_int_equal(ask(row->method).verdict, POLICY_ACCESS_ALLOW);
                        }
        }
}

static void R8_a_person_who_asks_online_reaches_the_rule_that_says_why(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        world_as(&w.cards, POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD);
        assert_int_equal(ask("ActivateFinancialFunction").verdict, POLICY_ACCESS_ALLOW);
        w.cards.caller.is_holder = POLICY_NO;
        assert_int_equal(ask("ActivateFinancialFunction").verdict, POLICY_ACCESS_DENY);
}

static void R49_staff_of_another_bank_reads_nothing(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        w.cards.caller.bank_is_own = POLICY_NO;
        assert_int_equal(ask("GetBankLink").verdict, POLICY_ACCESS_DENY);
        w.cards.caller.bank_is_own = POLICY_YES;
        assert_int_equal(ask("GetBankLink").verdict, POLICY_ACCESS_ALLOW);
        w.cards.caller.has_case_reference = false;
        assert_int_equal(ask("GetBankLink").verdict, POLICY_ACCESS_DENY);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_method_has_a_row_and_every_row_a_method),
                cmocka_unit_test(every_role_of_an_operation_reaches_its_method),
                cmocka_unit_test(R8_a_person_who_asks_online_reaches_the_rule_that_says_why),
                cmocka_unit_test(R49_staff_of_another_bank_reads_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
