/* Who may ask what (R48, R49). */
#include "services/status/rules/status_access.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static world w;

static policy_access_result ask(const char *method, policy_role role, policy_channel channel)
{
        world_as(&w, role, channel);
        return policy_access_evaluate(
                policy_access_find(STATUS_ACCESS, STATUS_ACCESS_COUNT, method), &w.caller);
}

static const char *const ABOUT[] = {"GetCardStatus", "ListAllowedActions",
                                    STATUS_GUIDANCE_ABOUT_SOMEBODY};

/* The list of the source, typed from it. */
static void R48_the_holder_may_ask_on_every_channel_of_the_source(void **state)
{
        (void)state;
        static const policy_channel channels[] = {
                POLICY_CHANNEL_ECARD,         POLICY_CHANNEL_NATIONAL_SI,
                POLICY_CHANNEL_NATIONAL_HRSS, POLICY_CHANNEL_LOCAL_ONLINE,
                POLICY_CHANNEL_PHONE_12333,   POLICY_CHANNEL_BRANCH,
                POLICY_CHANNEL_SELF_SERVICE};
        world_init(&w);
        for (size_t m = 0; m < 3; m++)
                for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++)
                        assert_int_equal(ask(ABOUT[m], POLICY_ROLE_HOLDER, channels[i]).verdict,
                                         POLICY_ACCESS_ALLOW);
}

static void R49_staff_needs_a_case_and_others_need_to_be_the_person(void **state)
{
        (void)state;
        for (size_t m = 0; m < 3; m++) {
                world_init(&w);
                w.caller.has_case_reference = false;
                assert_int_equal(ask(ABOUT[m], POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH).denial,
                                 POLICY_DENIAL_CASE_REFERENCE);
                assert_int_equal(
                        ask(ABOUT[m], POLICY_ROLE_HOTLINE, POLICY_CHANNEL_PHONE_12333).denial,
                        POLICY_DENIAL_CASE_REFERENCE);
                w.caller.is_holder = POLICY_UNKNOWN;
                assert_int_equal(ask(ABOUT[m], POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD).verdict,
                                 POLICY_ACCESS_ALLOW_IF_OWNER);
                w.caller.is_holder = POLICY_NO;
                assert_int_equal(
                        ask(ABOUT[m], POLICY_ROLE_KIOSK, POLICY_CHANNEL_SELF_SERVICE).denial,
                        POLICY_DENIAL_OWNER);
                w.caller.is_holder = POLICY_YES;
                w.caller.assurance = 0;
                assert_int_equal(ask(ABOUT[m], POLICY_ROLE_HOLDER, POLICY_CHANNEL_ECARD).denial,
                                 POLICY_DENIAL_ASSURANCE);
                assert_int_equal(ask(ABOUT[m], POLICY_ROLE_REGION, POLICY_CHANNEL_SYSTEM).verdict,
                                 POLICY_ACCESS_DENY);
        }
}

static void N13_a_gate_needs_the_purpose_to_be_granted(void **state)
{
        (void)state;
        world_init(&w);
        assert_int_equal(
                ask("CheckUsable", POLICY_ROLE_PLATFORM, POLICY_CHANNEL_MEDICAL_POS).verdict,
                POLICY_ACCESS_ALLOW);
        w.caller.purpose_granted = false;
        assert_int_equal(
                ask("CheckUsable", POLICY_ROLE_PLATFORM, POLICY_CHANNEL_MEDICAL_POS).denial,
                POLICY_DENIAL_PURPOSE);
}

static void R2_guidance_about_nobody_is_open_to_everyone(void **state)
{
        (void)state;
        world_init(&w);
        w.caller.is_holder = POLICY_NO;
        w.caller.has_case_reference = false;
        w.caller.assurance = 0;
        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                assert_int_equal(
                        ask("GetGuidance", (policy_role)role, POLICY_CHANNEL_UNSPECIFIED).verdict,
                        POLICY_ACCESS_ALLOW);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R48_the_holder_may_ask_on_every_channel_of_the_source),
                cmocka_unit_test(R49_staff_needs_a_case_and_others_need_to_be_the_person),
                cmocka_unit_test(N13_a_gate_needs_the_purpose_to_be_granted),
                cmocka_unit_test(R2_guidance_about_nobody_is_open_to_everyone),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
