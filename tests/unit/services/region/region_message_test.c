/* Tests of the names that answers take from a rule pack. */
#include "services/region/region_message.h"

#include "services/region/region_schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int open_pack(void **state)
{
        failure f = {0};
        *state = pack_load(&REGION_SCHEMA, "regions", "330000", NULL, &f);
        return *state ? 0 : -1;
}

static int close_pack(void **state)
{
        pack_destroy(*state);
        return 0;
}

static void S12_an_outlet_is_named_in_the_language_of_the_answer(void **state)
{
        SCOPED(arena) a = {0};
        Common__Outlet *zh = region_outlet_message(&a, *state, "330100-1001", "zh-CN");
        assert_string_equal(zh->name, "中国工商银行杭州中心支行");
        assert_string_equal(zh->bank_code, "102");
        assert_string_equal(zh->region, "330000");
        Common__Outlet *en = region_outlet_message(&a, *state, "330100-0001", "en");
        assert_string_equal(en->name, "Hangzhou, social security card desk, civic centre");
        assert_string_equal(en->phone, "0571-12333");
        assert_null(region_outlet_message(&a, *state, "", "en"));
        Common__Outlet *unlisted = region_outlet_message(&a, *state, "o-1", "en");
        assert_string_equal(unlisted->code, "o-1");
        assert_string_equal(unlisted->name, "");
}

static void R10_a_bank_is_named_or_left_empty(void **state)
{
        assert_string_equal(region_bank_name(*state, "105", "zh-CN"), "中国建设银行");
        assert_string_equal(region_bank_name(*state, "105", "en"), "China Construction Bank");
        assert_string_equal(region_bank_name(*state, "999", "en"), "");
        assert_string_equal(region_bank_name(*state, "", "en"), "");
}

static void R34_whom_to_ask_comes_from_the_pack(void **state)
{
        SCOPED(arena) a = {0};
        region_concern about = {.outlet = "330100-0002", .bank = "102"};
        policy_step step = {.contact = POLICY_CONTACT_ISSUING_12333};
        Common__Contact *contact = region_contact_message(&a, *state, &step, &about, "zh-CN");
        assert_string_equal(contact->phone, "0571-12333");
        assert_string_equal(contact->name, "12333服务热线");
        step.contact = POLICY_CONTACT_OUTLET;
        contact = region_contact_message(&a, *state, &step, &about, "en");
        assert_string_equal(contact->outlet, "330100-0002");
        assert_true(*contact->address);
        step.contact = POLICY_CONTACT_BANK;
        contact = region_contact_message(&a, *state, &step, &about, "en");
        assert_string_equal(contact->phone, "95588");
        about = (region_concern){0};
        assert_null(region_contact_message(&a, *state, &step, &about, "en"));
        step.contact = POLICY_CONTACT_NONE;
        assert_null(region_contact_message(&a, *state, &step, &about, "en"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S12_an_outlet_is_named_in_the_language_of_the_answer),
                cmocka_unit_test(R10_a_bank_is_named_or_left_empty),
                cmocka_unit_test(R34_whom_to_ask_comes_from_the_pack),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
