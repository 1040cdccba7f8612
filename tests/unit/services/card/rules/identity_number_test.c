/* R1: GB 11643, and each way of getting it wrong. */
#include "services/card/rules/identity_number.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static const civil_date TODAY = {2026, 11, 23};

static identity_fault check(const char *text)
{
        return identity_number_check(text, strlen(text), TODAY, NULL);
}

static void R1_a_right_number_is_valid_and_tells_the_birth_date(void **state)
{
        (void)state;
        civil_date born = {0};
        /* The example of GB 11643-1999. */
        assert_int_equal(identity_number_check("11010519491231002X", 18, TODAY, &born),
                         IDENTITY_VALID);
        assert_int_equal(born.year, 1949);
        assert_int_equal(born.month, 12);
        assert_int_equal(born.day, 31);
        assert_int_equal(check("440524188001010014"), IDENTITY_VALID); /* and the other one */
}

static void R1_each_fault_has_its_own_verdict(void **state)
{
        (void)state;
        assert_int_equal(check("110105194912310021"), IDENTITY_CHECKSUM);
        assert_int_equal(check("110105491231002"), IDENTITY_FIFTEEN_DIGITS);
        assert_int_equal(check("11010519491231002x"), IDENTITY_LOWER_CASE_X);
        assert_int_equal(check("１１０１０５１９４９１２３１００２Ｘ"), IDENTITY_FULL_WIDTH);
        assert_int_equal(check("11010519491231002Ｘ"), IDENTITY_FULL_WIDTH);
        assert_int_equal(check("1101051949123100２X"), IDENTITY_FULL_WIDTH);
        assert_int_equal(check(""), IDENTITY_LENGTH);
        assert_int_equal(check("11010519491231002"), IDENTITY_LENGTH);
        assert_int_equal(check("11010519491231002X0"), IDENTITY_LENGTH);
        assert_int_equal(check("11010519491231X02X"), IDENTITY_CHARACTERS);
        assert_int_equal(check("11010519491231002Y"), IDENTITY_CHARACTERS);
        assert_int_equal(check("110105 19491231002"), IDENTITY_CHARACTERS);
        assert_int_equal(check("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
                               "\xff\xff"),
                         IDENTITY_CHARACTERS);
}

static void R1_impossible_dates_are_refused_before_the_check_digit(void **state)
{
        (void)state;
        assert_int_equal(check("110105194913310021"), IDENTITY_BIRTH_DATE); /* month 13 */
        assert_int_equal(check("110105194902300021"), IDENTITY_BIRTH_DATE); /* 30 February */
        assert_int_equal(check("110105190002290021"), IDENTITY_BIRTH_DATE); /* 1900 was common */
        assert_int_equal(check("110105194900310021"), IDENTITY_BIRTH_DATE);
        assert_int_equal(check("110105179912310021"), IDENTITY_BIRTH_DATE);
        assert_int_equal(check("110105202611240021"), IDENTITY_BIRTH_DATE); /* tomorrow */
        assert_int_equal(check("000000000000000000"), IDENTITY_BIRTH_DATE);
}

static void R1_every_wrong_check_character_is_found(void **state)
{
        (void)state;
        char text[19] = "11010519491231002X";
        int valid = 0;
        for (const char *c = "0123456789X"; *c != '\0'; c++) {
                text[17] = *c;
                if (check(text) == IDENTITY_VALID) valid++;
        }
        assert_int_equal(valid, 1);
        assert_int_equal(identity_number_check_character("11010519491231002"), 'X');
}

static void R1_every_single_wrong_digit_is_found(void **state)
{
        (void)state;
        for (int i = 0; i < 17; i++)
                for (char c = '0'; c <= '9'; c++) {
                        char text[19] = "11010519491231002X";
                        if (text[i] == c) continue;
                        text[i] = c;
                        assert_int_not_equal(check(text), IDENTITY_VALID);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R1_a_right_number_is_valid_and_tells_the_birth_date),
                cmocka_unit_test(R1_each_fault_has_its_own_verdict),
                cmocka_unit_test(R1_impossible_dates_are_refused_before_the_check_digit),
                cmocka_unit_test(R1_every_wrong_check_character_is_found),
                cmocka_unit_test(R1_every_single_wrong_digit_is_found),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
