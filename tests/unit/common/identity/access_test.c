/* Choosing: within the credentials, and a second person who is one. */
#include "common/identity/access.h"

#include "tests/unit/common/identity/identity_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const char *const two_outlets[] = {"A", "B"};
static const char *const one_bank[] = {"102"};
static const char *const one_purpose[] = {"BUS_GATE"};

static caller an_operator(void)
{
        return (caller){.issuer = "i",
                        .subject = "op-1",
                        .roles = POLICY_R(OPERATOR),
                        .channels = POLICY_C(BRANCH) | POLICY_C(HOME_VISIT),
                        .outlets = two_outlets,
                        .outlet_count = 2,
                        .banks = one_bank,
                        .bank_count = 1,
                        .purposes = one_purpose,
                        .purpose_count = 1,
                        .region = "330000",
                        .operator_id = "OP1",
                        .platform = "",
                        .case_reference = "",
                        .actor_holder = "",
                        .assurance = 2};
}

static void what_the_credentials_list_can_be_chosen(void **state)
{
        (void)state;
        caller c = an_operator();
        access_choice choice = {.channel = POLICY_CHANNEL_HOME_VISIT, .outlet = "B", .bank = "102"};
        policy_caller who;
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_NONE);
        assert_int_equal(who.channel, POLICY_CHANNEL_HOME_VISIT);
        assert_string_equal(who.outlet, "B");
        assert_string_equal(who.bank, "102");
        assert_string_equal(who.region, "330000");
        assert_int_equal(who.assurance, 2);
        assert_null(who.approver);
        assert_false(who.purpose_granted);
        assert_false(who.has_case_reference);
        assert_int_equal(who.is_holder, POLICY_UNKNOWN);
}

static void another_outlet_or_bank_is_a_fault(void **state)
{
        (void)state;
        caller c = an_operator();
        policy_caller who;
        access_choice outlet = {.outlet = "C"};
        assert_int_equal(access_choose(&c, &outlet, &who), ACCESS_FAULT_OUTLET);
        assert_string_equal(access_fault_reason(ACCESS_FAULT_OUTLET), "OUTLET_NOT_GRANTED");
        access_choice bank = {.bank = "103"};
        assert_int_equal(access_choose(&c, &bank, &who), ACCESS_FAULT_BANK);
}

static void the_only_possibility_is_taken_and_several_are_not(void **state)
{
        (void)state;
        caller c = an_operator();
        access_choice nothing = {0};
        policy_caller who;
        assert_int_equal(access_choose(&c, &nothing, &who), ACCESS_FAULT_NONE);
        assert_int_equal(who.channel, POLICY_CHANNEL_UNSPECIFIED);
        assert_string_equal(who.outlet, "");
        assert_string_equal(who.bank, "102");
        c.channels = POLICY_C(BRANCH);
        c.outlet_count = 1;
        assert_int_equal(access_choose(&c, &nothing, &who), ACCESS_FAULT_NONE);
        assert_int_equal(who.channel, POLICY_CHANNEL_BRANCH);
        assert_string_equal(who.outlet, "A");
        c.channels = 0;
        assert_int_equal(access_choose(&c, &nothing, &who), ACCESS_FAULT_NONE);
        assert_int_equal(who.channel, POLICY_CHANNEL_UNSPECIFIED);
}

static void a_foreign_channel_is_left_to_the_access_rows(void **state)
{
        (void)state;
        caller c = an_operator();
        access_choice choice = {.channel = POLICY_CHANNEL_ECARD};
        policy_caller who;
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_NONE);
        assert_int_equal(who.channel, POLICY_CHANNEL_ECARD);
        assert_false(policy_channels_have(who.channels_allowed, POLICY_CHANNEL_ECARD));
}

static void only_a_named_purpose_is_granted(void **state)
{
        (void)state;
        caller c = an_operator();
        policy_caller who;
        access_choice granted = {.purpose = "BUS_GATE"}, other = {.purpose = "CURIOSITY"};
        assert_int_equal(access_choose(&c, &granted, &who), ACCESS_FAULT_NONE);
        assert_true(who.purpose_granted);
        assert_int_equal(access_choose(&c, &other, &who), ACCESS_FAULT_NONE);
        assert_false(who.purpose_granted);
}

static void the_second_person_is_another_one_who_saw_this_request(void **state)
{
        (void)state;
        caller c = an_operator(), approver = an_operator();
        approver.subject = "op-2";
        approver.has_request_hash = true;
        memset(approver.request_hash.bytes, 7, DIGEST_BYTES);
        digest this_request = approver.request_hash, another_request = {{8}};
        access_choice choice = {.approver = &approver, .request_hash = &this_request};
        policy_caller who;
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_NONE);
        assert_string_equal(who.approver, "op-2");

        choice.request_hash = &another_request;
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_APPROVAL);
        choice.request_hash = NULL;
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_APPROVAL);
        choice.request_hash = &this_request;
        approver.roles = POLICY_R(KIOSK);
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_APPROVAL);
        approver.roles = POLICY_R(OPERATOR);
        approver.has_request_hash = false;
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_APPROVAL);
        approver.has_request_hash = true;
        approver.subject = "op-1";
        assert_int_equal(access_choose(&c, &choice, &who), ACCESS_FAULT_APPROVAL);
        assert_null(who.approver);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_the_credentials_list_can_be_chosen),
                cmocka_unit_test(another_outlet_or_bank_is_a_fault),
                cmocka_unit_test(the_only_possibility_is_taken_and_several_are_not),
                cmocka_unit_test(a_foreign_channel_is_left_to_the_access_rows),
                cmocka_unit_test(only_a_named_purpose_is_granted),
                cmocka_unit_test(the_second_person_is_another_one_who_saw_this_request),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
