/* Language: Chinese unless English is preferred, whatever the header says. */
#include "common/text/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_preferred_language_of_ours_wins(void **state)
{
        (void)state;
        static const struct {
                const char *header;
                language expected;
        } cases[] = {
                {"", LANGUAGE_ZH},
                {"en", LANGUAGE_EN},
                {"EN-us", LANGUAGE_EN},
                {"en_GB", LANGUAGE_EN},
                {"zh-CN", LANGUAGE_ZH},
                {"zh-CN,zh;q=0.9,en;q=0.8", LANGUAGE_ZH},
                {"en;q=0.8, zh;q=0.7", LANGUAGE_EN},
                {"en;q=0.7, zh;q=0.8", LANGUAGE_ZH},
                {"en;q=0.8, zh;q=0.8", LANGUAGE_EN},
                {"fr, en;q=0.5", LANGUAGE_EN},
                {"fr, de", LANGUAGE_ZH},
                {"*", LANGUAGE_ZH},
                {"en;q=0", LANGUAGE_ZH},
                {"en;q=0, zh;q=0.001", LANGUAGE_ZH},
                {"fr;q=1, en;q=0.001", LANGUAGE_EN},
                {"english", LANGUAGE_ZH},
                {"en;q=2", LANGUAGE_ZH},
                {"en;q=1.001", LANGUAGE_ZH},
                {"en;q=0.1234", LANGUAGE_ZH},
                {"en;q=", LANGUAGE_ZH},
                {"en;", LANGUAGE_EN},
                {",,, ;;, en ;q=0.5", LANGUAGE_EN},
                {";q=1", LANGUAGE_ZH},
                {"\xff\xfe", LANGUAGE_ZH},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                if (language_negotiate(bytes_of_text(cases[i].header)) != cases[i].expected)
                        fail_msg("wrong for: %s", cases[i].header);
        assert_int_equal(language_negotiate(bytes_of(NULL, 0)), LANGUAGE_ZH);
}

static void keys_and_locales_are_the_published_ones(void **state)
{
        (void)state;
        assert_string_equal(language_key(LANGUAGE_ZH), "zh");
        assert_string_equal(language_key(LANGUAGE_EN), "en");
        assert_string_equal(language_locale(LANGUAGE_ZH), "zh-CN");
        assert_string_equal(language_locale(LANGUAGE_EN), "en");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_preferred_language_of_ours_wins),
                cmocka_unit_test(keys_and_locales_are_the_published_ones),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
