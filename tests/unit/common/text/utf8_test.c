/* UTF-8: every code point once, and every way of getting it wrong. */
#include "common/text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static size_t encode(uint32_t c, uint8_t *to)
{
        if (c < 0x80) return to[0] = (uint8_t)c, 1;
        if (c < 0x800) return to[0] = 0xc0 | c >> 6, to[1] = 0x80 | (c & 63), 2;
        if (c < 0x10000)
                return to[0] = 0xe0 | c >> 12, to[1] = 0x80 | (c >> 6 & 63),
                       to[2] = 0x80 | (c & 63), 3;
        return to[0] = 0xf0 | c >> 18, to[1] = 0x80 | (c >> 12 & 63), to[2] = 0x80 | (c >> 6 & 63),
               to[3] = 0x80 | (c & 63), 4;
}

static void every_code_point_but_surrogates_is_valid(void **state)
{
        (void)state;
        for (uint32_t c = 0; c <= 0x110000; c++) {
                uint8_t text[4];
                size_t length = encode(c, text);
                bool expected = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
                assert_int_equal(utf8_is_valid(bytes_of(text, length)), expected);
                if (!expected) continue;
                uint32_t decoded;
                assert_int_equal(utf8_decode(bytes_of(text, length), &decoded), length);
                assert_int_equal(decoded, c);
                for (size_t cut = 1; cut < length; cut++)
                        assert_false(utf8_is_valid(bytes_of(text, cut)));
        }
}

static void malformed_sequences_are_found_at_any_offset(void **state)
{
        (void)state;
        static const char *const bad[] = {"\x80",
                                          "\xbf",
                                          "\xc0\x80",
                                          "\xc1\xbf",
                                          "\xc2",
                                          "\xc2\x41",
                                          "\xe0\x80\x80",
                                          "\xe0\x9f\xbf",
                                          "\xed\xa0\x80",
                                          "\xf0\x80\x80\x80",
                                          "\xf0\x8f\xbf\xbf",
                                          "\xf4\x90\x80\x80",
                                          "\xf5\x80\x80\x80",
                                          "\xff",
                                          "\xfe"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                for (size_t offset = 0; offset < 20; offset++) {
                        char text[64];
                        memset(text, 'a', sizeof text);
                        memcpy(text + offset, bad[i], strlen(bad[i]));
                        assert_false(utf8_is_valid(bytes_of(text, offset + strlen(bad[i]))));
                        assert_false(utf8_is_valid(bytes_of(text, sizeof text)));
                }
        }
}

static void counts_are_code_points(void **state)
{
        (void)state;
        assert_int_equal(utf8_count(bytes_of_text("")), 0);
        assert_int_equal(utf8_count(bytes_of_text("社会保障卡 card")), 10);
        assert_int_equal(utf8_count(bytes_of_text("𠮷野")), 2);
        assert_int_equal(utf8_prefix_bytes(bytes_of_text("社a会"), 0), 0);
        assert_int_equal(utf8_prefix_bytes(bytes_of_text("社a会"), 1), 3);
        assert_int_equal(utf8_prefix_bytes(bytes_of_text("社a会"), 2), 4);
        assert_int_equal(utf8_prefix_bytes(bytes_of_text("社a会"), 9), 7);
}

static void check_applies_the_limit_to_code_points(void **state)
{
        (void)state;
        size_t count = 0;
        assert_int_equal(utf8_check(bytes_of_text("张三丰"), 3, NULL, &count), UTF8_OK);
        assert_int_equal(count, 3);
        assert_int_equal(utf8_check(bytes_of_text("张三丰"), 2, NULL, NULL), UTF8_TOO_LONG);
        assert_int_equal(utf8_check(bytes_of_text(""), 0, NULL, NULL), UTF8_OK);
}

static void check_refuses_what_cannot_be_seen(void **state)
{
        (void)state;
        static const uint32_t hidden[] = {0x00,   0x07,   0x0a,   0x1b,    0x7f,    0x80,
                                          0x9f,   0x200e, 0x202e, 0x2028,  0x2066,  0xfeff,
                                          0xfdd0, 0xfffe, 0xffff, 0x1ffff, 0x10fffe};
        for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
                uint8_t text[4];
                size_t length = encode(hidden[i], text);
                assert_int_equal(utf8_check(bytes_of(text, length), 9, NULL, NULL), UTF8_CONTROL);
        }
        assert_int_equal(utf8_check(bytes_of_text("a\nb"), 9, "\n", NULL), UTF8_OK);
        assert_int_equal(utf8_check(bytes_of_text("a\rb"), 9, "\n", NULL), UTF8_CONTROL);
        assert_int_equal(utf8_check(bytes_of("a\0b", 3), 9, "\n", NULL), UTF8_CONTROL);
        /* Invalid wins over everything: a cut text must not pass as merely strange. */
        assert_int_equal(utf8_check(bytes_of_text("\x1b\xff"), 1, NULL, NULL), UTF8_INVALID);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_code_point_but_surrogates_is_valid),
                cmocka_unit_test(malformed_sequences_are_found_at_any_offset),
                cmocka_unit_test(counts_are_code_points),
                cmocka_unit_test(check_applies_the_limit_to_code_points),
                cmocka_unit_test(check_refuses_what_cannot_be_seen),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
