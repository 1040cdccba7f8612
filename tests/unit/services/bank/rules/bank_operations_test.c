/* The table of operations is whole. */
#include "services/bank/rules/bank_operations.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

#include <string.h>

static void every_operation_is_found_by_its_name_and_says_what_it_is(void **state)
{
        (void)state;
        for (int op = 0; op < BANK_OPERATION_COUNT; op++) {
                const bank_operation_row *row = bank_operation_row_of((bank_operation)op);
                assert_int_equal(bank_operation_find(row->name), op);
                assert_true(strlen(row->title.zh) > 0 && strlen(row->title.en) > 0);
                assert_true(row->who[0].roles != 0);
                assert_string_equal(row->elsewhere.operation, row->name);
        }
        assert_int_equal(bank_operation_find("Nothing"), BANK_OPERATION_COUNT);
}

static void R8_nothing_but_counter_and_door_activates(void **state)
{
        (void)state;
        const bank_operation_row *row = bank_operation_row_of(BANK_OPERATION_ACTIVATE);
        policy_channels channels = 0;
        for (int i = 0; i < BANK_WHO_MAX; i++)
                channels |= row->who[i].channels;
        assert_int_equal(channels, POLICY_C(BANK_BRANCH) | POLICY_C(HOME_VISIT));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_operation_is_found_by_its_name_and_says_what_it_is),
                cmocka_unit_test(R8_nothing_but_counter_and_door_activates),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
