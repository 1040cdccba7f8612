/* Safe ASCII: nothing that a terminal obeys gets through. */
#include "common/text/ascii.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void escape_sequences_and_chinese_become_one_mark_a_run(void **state)
{
        (void)state;
        char safe[64];
        ascii_make_safe(bytes_of_text("card 卡片 \x1b[31mred\r\n"), safe, sizeof safe);
        assert_string_equal(safe, "card ? ?[31mred?");
        ascii_make_safe(bytes_of("a\0b", 3), safe, sizeof safe);
        assert_string_equal(safe, "a?b");
        assert_int_equal(ascii_make_safe(bytes_of(NULL, 0), safe, sizeof safe), 0);
        assert_string_equal(safe, "");
}

static void what_does_not_fit_ends_in_dots(void **state)
{
        (void)state;
        char safe[8];
        assert_int_equal(ascii_make_safe(bytes_of_text("1234567"), safe, sizeof safe), 7);
        assert_string_equal(safe, "1234567");
        assert_int_equal(ascii_make_safe(bytes_of_text("12345678"), safe, sizeof safe), 7);
        assert_string_equal(safe, "1234...");
}

static void printable_is_between_space_and_tilde(void **state)
{
        (void)state;
        for (int c = 0; c < 256; c++) {
                uint8_t byte = (uint8_t)c;
                assert_int_equal(ascii_is_printable(bytes_of(&byte, 1)), c >= 32 && c < 127);
        }
}

static void tokens_have_letters_digits_and_the_given_marks(void **state)
{
        (void)state;
        assert_true(ascii_is_token(bytes_of_text("3f2a-B_9"), "-_", 8));
        assert_false(ascii_is_token(bytes_of_text("3f2a-B_9x"), "-_", 8));
        assert_false(ascii_is_token(bytes_of_text("a b"), "-_", 8));
        assert_false(ascii_is_token(bytes_of_text(""), "-_", 8));
        assert_false(ascii_is_token(bytes_of("a\0", 2), "-_", 8));
        assert_false(ascii_is_token(bytes_of_text("卡"), "-_", 8));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(escape_sequences_and_chinese_become_one_mark_a_run),
                cmocka_unit_test(what_does_not_fit_ends_in_dots),
                cmocka_unit_test(printable_is_between_space_and_tilde),
                cmocka_unit_test(tokens_have_letters_digits_and_the_given_marks),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
