#include "services/ecard/rules/ecard_access.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

static policy_access_verdict ask(const char *method, policy_role role, policy_channel channel)
{
        policy_caller caller = {.roles = POLICY_ROLE_BIT(role),
                                .channels_allowed = POLICY_CHANNELS_ALL,
                                .channel = channel,
                                .actor = POLICY_ACTOR_SELF,
                                .assurance = 2,
                                .operator_id = "op-1"};
        policy_access_span span = policy_access_find(ECARD_ACCESS, ECARD_ACCESS_COUNT, method);
        return policy_access_evaluate(span, &caller).verdict;
}

static void R13_only_the_holder_grants(void **state)
{
        (void)state;
        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                assert_int_equal(ask("GrantAuthorization", (policy_role)role, POLICY_CHANNEL_ECARD),
                                 role == POLICY_ROLE_HOLDER ? POLICY_ACCESS_ALLOW_IF_OWNER
                                                            : POLICY_ACCESS_DENY);
}

static void R22_the_password_is_for_the_holder_online(void **state)
{
        (void)state;
        static const char *const methods[] = {"VerifyPassword", "ChangePassword", "ResetPassword"};
        for (size_t i = 0; i < 3; i++)
                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                        assert_int_equal(
                                ask(methods[i], POLICY_ROLE_HOLDER, (policy_channel)channel),
                                policy_channels_have(POLICY_CHANNELS_ONLINE,
                                                     (policy_channel)channel)
                                        ? POLICY_ACCESS_ALLOW_IF_OWNER
                                        : POLICY_ACCESS_DENY);
}

static void a_terminal_takes_codes_and_never_makes_them(void **state)
{
        (void)state;
        assert_int_equal(ask("VerifyCode", POLICY_ROLE_PLATFORM, POLICY_CHANNEL_MEDICAL_POS),
                         POLICY_ACCESS_ALLOW);
        assert_int_equal(ask("PresentCode", POLICY_ROLE_PLATFORM, POLICY_CHANNEL_MEDICAL_POS),
                         POLICY_ACCESS_DENY);
        assert_int_equal(ask("VerifyCode", POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD),
                         POLICY_ACCESS_DENY);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R13_only_the_holder_grants),
                cmocka_unit_test(R22_the_password_is_for_the_holder_online),
                cmocka_unit_test(a_terminal_takes_codes_and_never_makes_them),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
