/* A row for every method; nobody comes in who should not. */
#include "services/card/rules/card_access.h"

#include "tests/unit/services/card/rules/card_fixture.h"

/* Typed from the API: a method without a row here or there fails. */
static const char *const METHODS[] = {"ApplyCard",
                                      "WithdrawApplication",
                                      "StartProduction",
                                      "CompleteProduction",
                                      "FailProduction",
                                      "CollectCard",
                                      "EnableSocialFunction",
                                      "EnableByPinChange",
                                      "ReportLoss",
                                      "RecoverCard",
                                      "ReplaceCard",
                                      "CancelCard",
                                      "ReportLostInDelivery",
                                      "ImportHolders",
                                      "GetHolder",
                                      "FindHolder",
                                      "RecordDeath",
                                      "ResolveCard",
                                      "GetCard",
                                      "ListCards",
                                      "ListExpiringCards",
                                      "ListCardHistory",
                                      "SetEntitlement",
                                      "GetOperation",
                                      "Watch"};
enum { METHOD_COUNT = sizeof METHODS / sizeof METHODS[0] };

static world w;

static policy_access_result ask(const char *method)
{
        return policy_access_evaluate(policy_access_find(CARD_ACCESS, CARD_ACCESS_COUNT, method),
                                      &w.caller);
}

static void every_method_has_a_row_and_every_row_a_method(void **state)
{
        (void)state;
        size_t rows = 0;
        for (int i = 0; i < METHOD_COUNT; i++) {
                policy_access_span span =
                        policy_access_find(CARD_ACCESS, CARD_ACCESS_COUNT, METHODS[i]);
                if (span.count == 0) fail_msg("%s has no row", METHODS[i]);
                rows += span.count;
        }
        assert_int_equal(rows, CARD_ACCESS_COUNT);
        print_message("access: %d methods, %zu rows\n", METHOD_COUNT, rows);
}

/* Whoever an operation names must get as far as the rules. */
static void every_role_of_an_operation_reaches_its_method(void **state)
{
        (void)state;
        for (int op = 0; op < CARD_OPERATION_COUNT; op++) {
                const card_operation_row *row = card_operation_row_of((card_operation)op);
                if (row->internal) continue;
                for (int i = 0; i < CARD_WHO_MAX && row->who[i].roles != 0; i++)
                        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++) {
                                        if (!policy_roles_have(row->who[i].roles,
                                                               (policy_role)role))
                                                continue;
                                        if (!policy_channels_have(row->who[i].channels,
                                                                  (policy_channel)channel))
                                                continue;
                                        world_init(&w);
                                        world_as(&w, (policy_role)role, (policy_channel)channel);
                                        if (ask(row->method).verdict != POLICY_ACCESS_ALLOW)
                                                fail_msg("%s: %s on %s is kept out", row->name,
                                                         policy_role_name((policy_role)role),
                                                         policy_channel_name(
                                                                 (policy_channel)channel));
                                }
        }
}

static void R49_only_the_person_or_staff_with_a_case_may_ask(void **state)
{
        (void)state;
        static const char *const reads[] = {"GetHolder", "FindHolder",      "GetCard",
                                            "ListCards", "ListCardHistory", "ResolveCard"};
        for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
                world_init(&w);
                world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD);
                assert_int_equal(ask(reads[i]).verdict, POLICY_ACCESS_ALLOW);
                w.caller.is_holder = POLICY_UNKNOWN;
                assert_int_equal(ask(reads[i]).verdict, POLICY_ACCESS_ALLOW_IF_OWNER);
                w.caller.is_holder = POLICY_NO;
                assert_int_equal(ask(reads[i]).denial, POLICY_DENIAL_OWNER);
                world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
                assert_int_equal(ask(reads[i]).verdict, POLICY_ACCESS_ALLOW);
                w.caller.has_case_reference = false;
                assert_int_equal(ask(reads[i]).denial, POLICY_DENIAL_CASE_REFERENCE);
                world_as(&w, POLICY_ROLE_REGION, POLICY_CHANNEL_SYSTEM);
                assert_int_equal(ask(reads[i]).verdict, POLICY_ACCESS_DENY);
        }
}

static void a_bank_sees_its_own_cards_only(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_BANK_OPERATOR, POLICY_CHANNEL_BANK_BRANCH);
        w.caller.bank_is_own = POLICY_NO;
        assert_int_equal(ask("GetCard").denial, POLICY_DENIAL_BANK);
        assert_int_equal(ask("CollectCard").denial, POLICY_DENIAL_BANK);
        assert_int_equal(ask("ApplyCard").verdict, POLICY_ACCESS_ALLOW);
}

static void staff_without_an_operator_id_changes_nothing(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        w.caller.operator_id = "";
        assert_int_equal(ask("CancelCard").denial, POLICY_DENIAL_OPERATOR_ID);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_method_has_a_row_and_every_row_a_method),
                cmocka_unit_test(every_role_of_an_operation_reaches_its_method),
                cmocka_unit_test(R49_only_the_person_or_staff_with_a_case_may_ask),
                cmocka_unit_test(a_bank_sees_its_own_cards_only),
                cmocka_unit_test(staff_without_an_operator_id_changes_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
