/* Refusals and the details that rules carry by value. */
#include "common/policy/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const policy_step WATER = {.code = "WATER_IT", .operation = "Water", .lifts = true};
static const policy_step ADVICE = {.code = "WAIT", .operation = "Wait", .lifts = false};
static const policy_refusal DRY = {.reason = "DRY", .status = 9, .steps = {&WATER, &ADVICE}};

static void only_a_lifting_step_lifts(void **state)
{
        (void)state;
        assert_int_equal(policy_refusal_step_count(&DRY), 2);
        assert_true(policy_refusal_is_lifted_by(&DRY, "Water"));
        assert_false(policy_refusal_is_lifted_by(&DRY, "Wait"));
        assert_false(policy_refusal_is_lifted_by(&DRY, "Burn"));
}

static void details_are_copied_by_value(void **state)
{
        (void)state;
        policy_details details = {0};
        policy_details_add(&details, "opens_on", "%s", "2026-11-23");
        policy_details_add(NULL, "nobody", "%s", "wants it");
        policy_details_add(&details, "left", "%d", 5);
        policy_details copy = details;
        memset(&details, 0, sizeof details);
        assert_string_equal(policy_details_get(&copy, "opens_on"), "2026-11-23");
        assert_null(policy_details_get(&copy, "nothing"));

        policy_detail view[1];
        assert_int_equal(policy_details_view(&copy, view, 1), 1);
        assert_ptr_equal(view[0].value, copy.items[0].value);
}

static void a_long_detail_is_cut_between_characters(void **state)
{
        (void)state;
        char text[400] = "";
        for (int i = 0; i < 100; i++)
                strcat(text, "卡");
        policy_details details = {0};
        policy_details_add(&details, "long", "%s", text);
        assert_int_equal(strlen(details.items[0].value), 159); /* 53 whole characters */
}

static void contacts_have_names(void **state)
{
        (void)state;
        for (int i = 0; i < POLICY_CONTACT_COUNT; i++)
                assert_non_null(policy_contact_name((policy_contact)i));
        assert_string_equal(policy_contact_name((policy_contact)99), "NONE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(only_a_lifting_step_lifts),
                cmocka_unit_test(details_are_copied_by_value),
                cmocka_unit_test(a_long_detail_is_cut_between_characters),
                cmocka_unit_test(contacts_have_names),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
