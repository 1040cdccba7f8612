/* Masking: the ends stay, something is always hidden. */
#include "common/text/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void the_ends_stay_and_the_rest_is_stars(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("330102199001011234"), 6, 4),
                            "330102********1234");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("张三丰"), 0, 1), "**丰");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("张三"), 1, 0), "张*");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("欧阳𠮷野"), 1, 1), "欧**野");
}

static void a_short_text_is_masked_whole(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("12345"), 3, 2), "*****");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("丰"), 0, 1), "*");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("12345"), SIZE_MAX, 2), "*****");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text(""), 3, 2), "");
        assert_string_equal(mask_keep_ends(&a, bytes_of_text("\xff\xfe secret"), 3, 2), "*");
}

static void fixed_stars_do_not_tell_the_length(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        assert_string_equal(mask_keep_ends_fixed(&a, bytes_of_text("13812345678"), 3, 4, 4),
                            "138****5678");
        assert_string_equal(mask_keep_ends_fixed(&a, bytes_of_text("张三丰"), 1, 0, 2), "张**");
        assert_string_equal(mask_keep_ends_fixed(&a, bytes_of_text("张"), 1, 0, 2), "**");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_ends_stay_and_the_rest_is_stars),
                cmocka_unit_test(a_short_text_is_masked_whole),
                cmocka_unit_test(fixed_stars_do_not_tell_the_length),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
