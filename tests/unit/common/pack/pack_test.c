/* Tests of what a pack answers. */
#include "common/pack/pack.h"

#include "tests/unit/common/pack/pack_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int open_pack(void **state)
{
        static pack_folder folder;
        static pack_report report;
        failure f = {0};
        pack_folder_make(&folder);
        *state = pack_load(&SHOP_SCHEMA, folder.path, "330000", &report, &f);
        pack_folder_remove(&folder);
        if (!*state) fail_msg("%s", report.text);
        return 0;
}

static int close_pack(void **state)
{
        pack_destroy(*state);
        return 0;
}

static void S13_values_are_the_regions_then_the_nations_then_the_tables(void **state)
{
        const int64_t *values = pack_knobs(*state, &SHOP_KNOB_TABLE);
        assert_int_equal(values[SHOP_KNOB_DAYS], 7);
        assert_int_equal(values[SHOP_KNOB_MODE], 1);
        assert_int_equal(values[SHOP_KNOB_COUNTERS], POLICY_C(BRANCH));
        rule_pack *built_in = pack_built_in(&SHOP_SCHEMA, "330000");
        assert_int_equal(pack_knobs(built_in, &SHOP_KNOB_TABLE)[SHOP_KNOB_DAYS], 20);
        assert_string_equal(pack_version(built_in), "built-in");
        pack_destroy(built_in);
}

static void a_pack_names_its_version_region_and_hotline(void **state)
{
        assert_string_equal(pack_version(*state), "r1+n1");
        assert_string_equal(pack_region(*state), "330000");
        assert_string_equal(pack_region_name(*state).en, "some province");
        assert_string_equal(pack_hotline(*state), "0571-12333");
}

static void outlets_and_banks_are_found_by_code_and_listed_in_order(void **state)
{
        assert_int_equal(pack_outlet_count(*state), 2);
        assert_string_equal(pack_outlet_at(*state, 0)->code, "1");
        const pack_outlet *outlet = pack_outlet_find(*state, "2");
        assert_non_null(outlet);
        assert_string_equal(outlet->name.zh, "银行网点");
        assert_string_equal(outlet->address.en, "2 Road");
        assert_string_equal(outlet->bank, "102");
        assert_null(outlet->hours.zh);
        assert_null(pack_outlet_find(*state, "3"));
        assert_null(pack_outlet_find(*state, ""));
        assert_null(pack_outlet_find(*state, NULL));
        assert_int_equal(pack_bank_count(*state), 2);
        assert_string_equal(pack_bank_at(*state, 0)->code, "102");
        assert_string_equal(pack_bank_find(*state, "105")->name.en, "bank B");
}

static void R6_an_outlet_may_what_it_is_authorised_for_at_its_own_counters(void **state)
{
        static const struct {
                const char *outlet;
                policy_channel channel;
                const char *operation;
                policy_ternary expected;
        } cases[] = {
                {"2", POLICY_CHANNEL_BANK_BRANCH, "Buy", POLICY_YES},
                {"2", POLICY_CHANNEL_BANK_BRANCH, "Return:LATE", POLICY_NO},
                {"2", POLICY_CHANNEL_BRANCH, "Buy", POLICY_NO}, /* no such counter */
                {"1", POLICY_CHANNEL_BANK_BRANCH, "Return:LATE", POLICY_YES},
                {"9", POLICY_CHANNEL_BANK_BRANCH, "Buy", POLICY_NO}, /* not listed */
                {"", POLICY_CHANNEL_BANK_BRANCH, "Buy", POLICY_UNKNOWN},
                {NULL, POLICY_CHANNEL_BANK_BRANCH, "Buy", POLICY_UNKNOWN},
        };
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
                assert_int_equal(pack_outlet_is_authorised(*state, cases[i].outlet,
                                                           cases[i].channel, cases[i].operation),
                                 cases[i].expected);
        rule_pack *built_in = pack_built_in(&SHOP_SCHEMA, "330000");
        assert_int_equal(
                pack_outlet_is_authorised(built_in, "2", POLICY_CHANNEL_BANK_BRANCH, "Buy"),
                POLICY_UNKNOWN);
        assert_int_equal(pack_outlet_is_instant(built_in, "1"), POLICY_UNKNOWN);
        pack_destroy(built_in);
}

static void R33_an_outlet_makes_cards_at_once_only_if_the_pack_says_so(void **state)
{
        assert_int_equal(pack_outlet_is_instant(*state, "1"), POLICY_YES);
        assert_int_equal(pack_outlet_is_instant(*state, "2"), POLICY_NO);
        assert_int_equal(pack_outlet_is_instant(*state, "9"), POLICY_NO);
        assert_int_equal(pack_outlet_is_instant(*state, ""), POLICY_UNKNOWN);
}

static void R14_what_nobody_classified_is_personal(void **state)
{
        assert_false(pack_service_is_public(*state, "look")); /* the region is stricter */
        assert_false(pack_service_is_public(*state, "pay"));
        assert_true(pack_service_is_public(*state, "ride"));
        assert_false(pack_service_is_public(*state, "unheard_of"));
        assert_int_equal(pack_service_count(*state), 3);
        assert_string_equal(pack_service_at(*state, 0)->code, "look");
}

static void a_region_may_do_without_a_channel(void **state)
{
        assert_int_equal(pack_channels_closed(*state), POLICY_C(HOME_VISIT));
        assert_string_equal(pack_channel_of(*state, POLICY_CHANNEL_LOCAL_ONLINE)->name.en,
                            "some platform");
        assert_non_null(pack_channel_of(*state, POLICY_CHANNEL_BRANCH)->name.zh);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S13_values_are_the_regions_then_the_nations_then_the_tables),
                cmocka_unit_test(a_pack_names_its_version_region_and_hotline),
                cmocka_unit_test(outlets_and_banks_are_found_by_code_and_listed_in_order),
                cmocka_unit_test(R6_an_outlet_may_what_it_is_authorised_for_at_its_own_counters),
                cmocka_unit_test(R33_an_outlet_makes_cards_at_once_only_if_the_pack_says_so),
                cmocka_unit_test(R14_what_nobody_classified_is_personal),
                cmocka_unit_test(a_region_may_do_without_a_channel),
        };
        return cmocka_run_group_tests(tests, open_pack, close_pack);
}
