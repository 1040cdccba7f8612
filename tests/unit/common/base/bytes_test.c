/* Borrowed bytes: equality and hexadecimal. */
#include "common/base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void equal_means_same_length_and_content(void **state)
{
        (void)state;
        assert_true(bytes_equal(bytes_of_text("abc"), bytes_of("abcd", 3)));
        assert_false(bytes_equal(bytes_of_text("abc"), bytes_of_text("abcd")));
        assert_false(bytes_equal(bytes_of_text("abc"), bytes_of_text("abd")));
        assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of_text("")));
        assert_int_equal(bytes_of_text(NULL).length, 0);
}

static void hexadecimal_is_lower_case_and_terminated(void **state)
{
        (void)state;
        char text[9];
        bytes_to_hex(bytes_of("\x00\x7f\x80\xff", 4), text);
        assert_string_equal(text, "007f80ff");
        bytes_to_hex(bytes_of(NULL, 0), text);
        assert_string_equal(text, "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(equal_means_same_length_and_content),
                cmocka_unit_test(hexadecimal_is_lower_case_and_terminated),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
