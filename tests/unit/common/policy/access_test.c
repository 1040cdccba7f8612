/* Access rows: default deny, every condition, three values. */
#include "common/policy/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const policy_access_row ROWS[] = {
        {"Open", POLICY_R(AUDITOR)},
        {"Read", POLICY_R(HOLDER), POLICY_A(SELF), POLICY_C(ECARD) | POLICY_C(BRANCH),
         POLICY_IF_OWN_RESOURCE, 1, "R1"},
        {"Read", POLICY_R(OPERATOR), 0, POLICY_C(BRANCH),
         POLICY_IF_CASE_REFERENCE | POLICY_IF_OPERATOR_ID, 0, "R2"},
        {"Read", POLICY_R(BANK_OPERATOR), 0, POLICY_C(BANK_BRANCH), POLICY_IF_OWN_BANK},
        {"Two", POLICY_R(HOLDER), 0, POLICY_C(BRANCH)},
        {"Two", POLICY_R(HOLDER), 0, POLICY_C(SELF_SERVICE)},
        {"Ask", POLICY_R(PLATFORM), 0, 0, POLICY_IF_PURPOSE_GRANTED},
        {"Kill", POLICY_R(OPERATOR), 0, POLICY_C(BRANCH), POLICY_IF_SECOND_PERSON},
};

static policy_caller holder(void)
{
        return (policy_caller){.roles = POLICY_R(HOLDER),
                               .channels_allowed = POLICY_C(ECARD) | POLICY_C(PHONE_12333),
                               .channel = POLICY_CHANNEL_ECARD,
                               .actor = POLICY_ACTOR_SELF,
                               .assurance = 2,
                               .is_holder = POLICY_YES};
}

static policy_caller staff(void)
{
        return (policy_caller){.roles = POLICY_R(OPERATOR),
                               .channels_allowed = POLICY_C(BRANCH),
                               .channel = POLICY_CHANNEL_BRANCH,
                               .operator_id = "op-7",
                               .has_case_reference = true};
}

static policy_access_result ask(const char *method, policy_caller caller)
{
        return policy_access_evaluate(
                policy_access_find(ROWS, sizeof ROWS / sizeof ROWS[0], method), &caller);
}

static void expect_denial(const char *method, policy_caller caller, policy_denial denial)
{
        policy_access_result result = ask(method, caller);
        assert_int_equal(result.verdict, POLICY_ACCESS_DENY);
        assert_int_equal(result.denial, denial);
        policy_details details = {0};
        const policy_refusal *refusal = policy_access_refusal(&result, &details);
        assert_non_null(refusal);
        assert_true(strlen(refusal->text.zh) > 0 && strlen(refusal->text.en) > 0);
        assert_ptr_equal(policy_access_refusal_find(refusal->reason), refusal);
        assert_null(policy_access_refusal_find("NOTHING"));
}

static void a_method_without_a_row_is_refused_to_everyone(void **state)
{
        (void)state;
        policy_caller all = holder();
        all.roles = POLICY_ROLES_ALL;
        expect_denial("Nothing", all, POLICY_DENIAL_NO_ROW);
}

static void a_row_allows_who_fits_it(void **state)
{
        (void)state;
        policy_access_result result = ask("Read", holder());
        assert_int_equal(result.verdict, POLICY_ACCESS_ALLOW);
        assert_int_equal(result.role, POLICY_ROLE_HOLDER);
        assert_string_equal(result.row->rule, "R1");
        assert_null(policy_access_refusal(&result, NULL));
        assert_int_equal(ask("Read", staff()).verdict, POLICY_ACCESS_ALLOW);
}

static void rows_of_a_method_are_alternatives(void **state)
{
        (void)state;
        policy_caller both = staff();
        both.roles |= POLICY_R(HOLDER);
        policy_access_result result = ask("Read", both);
        assert_int_equal(result.verdict, POLICY_ACCESS_ALLOW);
        assert_int_equal(result.role, POLICY_ROLE_OPERATOR);
}

static void each_condition_denies_with_its_own_reason(void **state)
{
        (void)state;
        policy_caller c = holder();
        c.roles = POLICY_R(KIOSK);
        expect_denial("Read", c, POLICY_DENIAL_ROLE);
        c = holder();
        c.actor = POLICY_ACTOR_WARD;
        expect_denial("Read", c, POLICY_DENIAL_ACTOR);
        c = holder();
        c.channel = POLICY_CHANNEL_UNSPECIFIED;
        expect_denial("Read", c, POLICY_DENIAL_CHANNEL_MISSING);
        c = holder();
        c.channel = POLICY_CHANNEL_BRANCH;
        expect_denial("Read", c, POLICY_DENIAL_CHANNEL_FOREIGN);
        c = holder();
        c.channel = POLICY_CHANNEL_PHONE_12333;
        expect_denial("Read", c, POLICY_DENIAL_CHANNEL);
        c = holder();
        c.channels_closed = POLICY_CHANNEL_BIT(c.channel);
        expect_denial("Read", c, POLICY_DENIAL_CHANNEL_CLOSED);
        c = holder();
        c.assurance = 0;
        expect_denial("Read", c, POLICY_DENIAL_ASSURANCE);
        c = holder();
        c.is_holder = POLICY_NO;
        expect_denial("Read", c, POLICY_DENIAL_OWNER);
        c = staff();
        c.has_case_reference = false;
        expect_denial("Read", c, POLICY_DENIAL_CASE_REFERENCE);
        c = staff();
        c.operator_id = "";
        expect_denial("Read", c, POLICY_DENIAL_OPERATOR_ID);
        expect_denial("Kill", staff(), POLICY_DENIAL_SECOND_PERSON);
        c = staff();
        c.approver = "op-8";
        assert_int_equal(ask("Kill", c).verdict, POLICY_ACCESS_ALLOW);
        c = (policy_caller){.roles = POLICY_R(PLATFORM)};
        expect_denial("Ask", c, POLICY_DENIAL_PURPOSE);
        c.purpose_granted = true;
        assert_int_equal(ask("Ask", c).verdict, POLICY_ACCESS_ALLOW);
}

static void ownership_that_is_not_known_yet_waits_for_the_load(void **state)
{
        (void)state;
        policy_caller c = holder();
        c.is_holder = POLICY_UNKNOWN;
        policy_access_result result = ask("Read", c);
        assert_int_equal(result.verdict, POLICY_ACCESS_ALLOW_IF_OWNER);
        assert_int_equal(result.pending, POLICY_IF_OWN_RESOURCE);

        /* Never known counts as no. */
        assert_int_equal(policy_access_settle(&result, &c).denial, POLICY_DENIAL_OWNER);
        c.is_holder = POLICY_NO;
        assert_int_equal(policy_access_settle(&result, &c).denial, POLICY_DENIAL_OWNER);
        c.is_holder = POLICY_YES;
        assert_int_equal(policy_access_settle(&result, &c).verdict, POLICY_ACCESS_ALLOW);
}

static void own_bank_waits_for_the_load_too(void **state)
{
        (void)state;
        policy_caller c = {.roles = POLICY_R(BANK_OPERATOR),
                           .channels_allowed = POLICY_C(BANK_BRANCH),
                           .channel = POLICY_CHANNEL_BANK_BRANCH};
        policy_access_result result = ask("Read", c);
        assert_int_equal(result.verdict, POLICY_ACCESS_ALLOW_IF_OWNER);
        assert_int_equal(policy_access_settle(&result, &c).denial, POLICY_DENIAL_BANK);
        c.bank_is_own = POLICY_YES;
        assert_int_equal(policy_access_settle(&result, &c).verdict, POLICY_ACCESS_ALLOW);
        c.bank_is_own = POLICY_NO;
        assert_int_equal(ask("Read", c).denial, POLICY_DENIAL_BANK);
}

static void a_refused_channel_lists_the_ones_that_may(void **state)
{
        (void)state;
        policy_caller c = holder();
        c.channel = POLICY_CHANNEL_PHONE_12333;
        policy_access_result result = ask("Read", c);
        policy_details details = {0};
        const policy_refusal *refusal = policy_access_refusal(&result, &details);
        assert_string_equal(refusal->reason, "CHANNEL_NOT_ALLOWED");
        assert_string_equal(policy_details_get(&details, "allowed_channels"), "BRANCH, ECARD");
        assert_string_equal(policy_details_get(&details, "access_rule"), "R1");
}

static void the_channels_of_all_rows_are_listed(void **state)
{
        (void)state;
        policy_access_result result = ask("Two", holder());
        assert_int_equal(result.denial, POLICY_DENIAL_CHANNEL);
        assert_int_equal(result.channels, POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE));
}

static void every_actor_has_a_name(void **state)
{
        (void)state;
        assert_string_equal(policy_actor_name(POLICY_ACTOR_PRINCIPAL), "PRINCIPAL");
        assert_string_equal(policy_actor_name((policy_actor)77), "NONE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_method_without_a_row_is_refused_to_everyone),
                cmocka_unit_test(a_row_allows_who_fits_it),
                cmocka_unit_test(rows_of_a_method_are_alternatives),
                cmocka_unit_test(each_condition_denies_with_its_own_reason),
                cmocka_unit_test(ownership_that_is_not_known_yet_waits_for_the_load),
                cmocka_unit_test(own_bank_waits_for_the_load_too),
                cmocka_unit_test(a_refused_channel_lists_the_ones_that_may),
                cmocka_unit_test(the_channels_of_all_rows_are_listed),
                cmocka_unit_test(every_actor_has_a_name),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
