#include "services/ecard/rules/ecard_password.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

static void R22_what_is_easily_guessed_is_refused(void **state)
{
        (void)state;
        /* clang-format off */
        static const struct { const char *password, *fault; } cases[] = {
                {"", "LENGTH"}, {"12a45", "LENGTH"}, {"123456789012345678901234567890123", "LENGTH"},
                {"pass word", "CHARACTERS"}, {"passwo\x7f", "CHARACTERS"}, {"\xe5\xaf\x86\xe7\xa0\x81", "CHARACTERS"},
                {"777777", "REPEATED"}, {"121212", "REPEATED"}, {"123456", "SEQUENCE"},
                {"fedcba", "SEQUENCE"}, {"800517", "BIRTH_DATE"}, {"19800517", "BIRTH_DATE"},
                {"17001X", "IDENTITY"}, {"170013", "GOOD"}, {"q7#LmP", "GOOD"},
                {"12345678901234567890123456789012", "GOOD"},
        };
        /* clang-format on */
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ecard_password_fault fault = ecard_password_check(
                        cases[i].password, (civil_date){1980, 5, 17}, "33010619800517001X");
                assert_string_equal(ecard_password_fault_name(fault), cases[i].fault);
        }
}

static void what_is_not_known_of_a_person_refuses_nothing(void **state)
{
        (void)state;
        assert_int_equal(ecard_password_check("800517", (civil_date){0}, ""), ECARD_PASSWORD_GOOD);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R22_what_is_easily_guessed_is_refused),
                cmocka_unit_test(what_is_not_known_of_a_person_refuses_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
