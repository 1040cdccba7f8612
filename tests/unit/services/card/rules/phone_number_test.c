/* Phone numbers as card.v1 promises them: digits with an optional +, at most 20. */
#include "services/card/rules/phone_number.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static void digits_with_an_optional_plus_are_a_phone(void **state)
{
        (void)state;
        static const char *const good[] = {"", "13800000000", "+8613800000000", "0",
                                           "12345678901234567890"};
        for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
                assert_true(phone_number_check(bytes_of_text(good[i])));
}

static void anything_else_is_not(void **state)
{
        (void)state;
        static const char *const bad[] = {"+",       "not-a-phone",          "138 0000",
                                          "138+000", "0571-12333",           "１３８",
                                          "++1",     "123456789012345678901"};
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
                assert_false(phone_number_check(bytes_of_text(bad[i])));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(digits_with_an_optional_plus_are_a_phone),
                cmocka_unit_test(anything_else_is_not),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
