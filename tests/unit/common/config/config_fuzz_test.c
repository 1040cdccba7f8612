/* Garbage as configuration: seeded, bounded; it is refused with a message or understood. */
#include "common/base/random.h"
#include "common/config/config.h"
#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { ROUNDS = 3000, TEXT_BYTES = 2000 };

static const char *const pieces[] = {
        "listen",      ": ",  "\n",        "peer",      "{",           "}",    "[",       "]",
        ",",           "- ",  "calls-max", "1",         "---\n",       "...",  "&a ",     "*a",
        "!!str ",      "\"",  "'",         "#",         "data-dir",    "x",    "  ",      "\t",
        "? ",          "|\n", ">-\n",      "\\",        "卡",          "\xff", "sandbox", "true",
        "%YAML 1.1\n", "<<",  "\r",        "log-level", "drain-limit", "5s",   "~",       ""};

static size_t compose(random_source *random, char *text)
{
        size_t length = 0;
        size_t count = random_u64(random) % 60;
        for (size_t i = 0; i < count; i++) {
                const char *piece = pieces[random_u64(random) % (sizeof pieces / sizeof *pieces)];
                size_t piece_length = strlen(piece);
                memcpy(text + length, piece, piece_length);
                length += piece_length;
                if (random_u64(random) % 30 == 0) text[length++] = (char)random_u64(random);
        }
        return length;
}

static void assert_settled(const config_fixture *f, int round)
{
        if (f->outcome == CONFIG_READY) {
                assert_true(config_integer(f->config, "calls-max") >= 1);
                assert_true(config_choice(f->config, "log-level") >= 0);
                assert_non_null(config_text(f->config, "data-dir"));
        } else if (config_message(f->config)[0] == '\0') {
                fail_msg("round %d: no message", round);
        }
}

static void files_of_garbage_are_refused_or_understood(void **state)
{
        (void)state;
        random_seeded random;
        random_seeded_init(&random, 7);
        config_fixture f = {0};
        int ready = 0;
        for (int i = 0; i < ROUNDS; i++) {
                char text[TEXT_BYTES];
                size_t length = compose(&random.base, text);
                const char *const flags[] = {"--data-dir", "x", NULL};
                config_fixture_load(&f, flags, NULL, text, length);
                assert_settled(&f, i);
                ready += f.outcome == CONFIG_READY;
        }
        assert_true(ready > 0); /* else nothing but the first error was tried */
        config_fixture_close(&f);
}

static void flags_and_variables_of_garbage_are_refused_or_understood(void **state)
{
        (void)state;
        random_seeded random;
        random_seeded_init(&random, 8);
        config_fixture f = {0};
        for (int i = 0; i < ROUNDS; i++) {
                char flag[TEXT_BYTES + 3] = "--", variable[TEXT_BYTES + 8] = "SSCARD_",
                                       word[TEXT_BYTES + 1];
                flag[2 + compose(&random.base, flag + 2)] = '\0';
                variable[7 + compose(&random.base, variable + 7)] = '\0';
                word[compose(&random.base, word)] = '\0';
                const char *const flags[] = {"--data-dir", "x", flag, word, NULL};
                const char *const environment[] = {variable, NULL};
                config_fixture_load(&f, flags, environment, NULL, 0);
                assert_settled(&f, i);
        }
        config_fixture_close(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(files_of_garbage_are_refused_or_understood),
                cmocka_unit_test(flags_and_variables_of_garbage_are_refused_or_understood),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
