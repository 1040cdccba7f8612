/* N14: the check code of a notice, as it is printed and as people read it out. */
#include "services/status/rules/notice_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void a_code_reads_back(void **state)
{
        (void)state;
        static const uint8_t samples[][NOTICE_CODE_BYTES] = {
                {0, 0, 0, 0, 0}, {255, 255, 255, 255, 255}, {1, 2, 3, 4, 5}, {0x80, 0, 0, 0, 1}};
        for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
                char text[NOTICE_CODE_LENGTH + 1];
                uint8_t back[NOTICE_CODE_BYTES];
                notice_code_format(samples[i], text);
                assert_int_equal(strlen(text), NOTICE_CODE_LENGTH);
                assert_null(strpbrk(text, "ILOU"));
                assert_true(notice_code_read(bytes_of_text(text), back));
                assert_memory_equal(back, samples[i], sizeof back);
        }
}

static void who_types_it_may_err_in_what_looks_alike(void **state)
{
        (void)state;
        uint8_t printed[NOTICE_CODE_BYTES], typed[NOTICE_CODE_BYTES];
        assert_true(notice_code_read(bytes_of_text("10AB10XZ"), printed));
        static const char *const ways[] = {"loab1oxz", "IOAB LOXZ", "10ab-10xz",
                                           " 1 0 a b 1 0 x z "};
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
                assert_true(notice_code_read(bytes_of_text(ways[i]), typed));
                assert_memory_equal(typed, printed, sizeof typed);
        }
}

static void anything_else_is_no_code(void **state)
{
        (void)state;
        uint8_t mac[NOTICE_CODE_BYTES];
        static const char *const bad[] = {"",         "1234567",  "123456789",
                                          "1234567U", "1234567!", "１２３４５６７８"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                assert_false(notice_code_read(bytes_of_text(bad[i]), mac));
        assert_false(notice_code_read(bytes_of("1234\0"
                                               "678",
                                               8),
                                      mac));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_code_reads_back),
                cmocka_unit_test(who_types_it_may_err_in_what_looks_alike),
                cmocka_unit_test(anything_else_is_no_code),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
