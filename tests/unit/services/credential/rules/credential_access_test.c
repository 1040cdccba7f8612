/* Who may knock at the credential service. */
#include "services/credential/rules/credential_access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static policy_access_result ask(const char *method, policy_role role, policy_channel channel)
{
        policy_caller caller = {.roles = POLICY_ROLE_BIT(role),
                                .role = role,
                                .channels_allowed = POLICY_CHANNELS_ALL,
                                .channel = channel,
                                .operator_id = "op-1",
                                .has_case_reference = true,
                                .is_holder = POLICY_YES,
                                .bank_is_own = POLICY_YES};
        return policy_access_evaluate(
                policy_access_find(CREDENTIAL_ACCESS, CREDENTIAL_ACCESS_COUNT, method), &caller);
}

/* The rules answer with where to go (GO_TO_SERVICE_INSTITUTION); a stranger gets no further than
 * here. */
static void R20_staff_unlocks_and_whose_it_is_may_ask(void **state)
{
        (void)state;
        const policy_roles may = POLICY_R(OPERATOR) | POLICY_R(HOLDER) | POLICY_R(GUARDIAN) |
                                 POLICY_R(AGENT) | POLICY_R(KIOSK) | POLICY_R(BANK_OPERATOR) |
                                 POLICY_R(HOTLINE);
        static const char *const methods[] = {"UnlockPin", "ResetPin"};
        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                for (int m = 0; m < 2; m++)
                        assert_int_equal(
                                ask(methods[m], (policy_role)role, POLICY_CHANNEL_SELF_SERVICE)
                                                .verdict != POLICY_ACCESS_DENY,
                                policy_roles_have(may, (policy_role)role));
}

static void R19_a_guess_comes_from_whoever_proves_the_card(void **state)
{
        (void)state;
        const policy_roles may = POLICY_R(HOLDER) | POLICY_R(KIOSK) | POLICY_R(OPERATOR) |
                                 POLICY_R(BANK_OPERATOR) | POLICY_R(PLATFORM);
        for (int role = 1; role < POLICY_ROLE_COUNT; role++) {
                policy_access_result got =
                        ask("VerifyPin", (policy_role)role, POLICY_CHANNEL_SELF_SERVICE);
                assert_int_equal(got.verdict != POLICY_ACCESS_DENY,
                                 policy_roles_have(may, (policy_role)role));
        }
        assert_int_equal(
                ask("IssueCredential", POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH).verdict,
                POLICY_ACCESS_DENY);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R20_staff_unlocks_and_whose_it_is_may_ask),
                cmocka_unit_test(R19_a_guess_comes_from_whoever_proves_the_card),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
