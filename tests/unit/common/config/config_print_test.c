/* What people are shown: --help, --version, --print-config. */
#include "common/config/config.h"

#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const char *printed(const char *const *flags)
{
        assert_int_equal(config_fixture_load(&the_fixture, flags, NULL, NULL, 0), CONFIG_PRINT);
        return config_message(the_fixture.config);
}

static void help_lists_every_option_with_its_three_names(void **state)
{
        (void)state;
        const char *text = printed(WORDS("--calls-max=wrong", "--help"));
        static const char *const expected[] = {
                "sscard-test 1.2.3\nA program for tests.\n",
                "--data-dir TEXT",
                "[SSCARD_DATA_DIR]",
                "Required.",
                "--drain-limit DURATION",
                "Default: 5s.",
                "One of: debug info warn error.",
                "--peer NAME=TARGET",
                "--sandbox\n",
                "--print-config",
        };
        for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
                if (!strstr(text, expected[i])) fail_msg("no \"%s\" in: %s", expected[i], text);
        assert_string_equal(printed(WORDS("--version")), "sscard-test 1.2.3\n");
}

static void print_config_shows_values_and_origins_and_masks_secrets(void **state)
{
        (void)state;
        const char *text = printed(WORDS("--print-config", "--data-dir", "/a b", "--pepper",
                                         "hunter2", "--peer", "card=h:1"));
        assert_non_null(strstr(text, "listen: 127.0.0.1:7301 # default\n"));
        assert_non_null(strstr(text, "data-dir: \"/a b\" # flag\n"));
        assert_non_null(strstr(text, "pepper: \"******\" # flag\n"));
        assert_non_null(strstr(text, "peer: # flag\n  card: h:1\n"));
        assert_non_null(strstr(text, "# offset: # unset\n"));
        assert_null(strstr(text, "hunter2"));
}

static void what_print_config_prints_reads_back_the_same(void **state)
{
        (void)state;
        const char *text =
                printed(WORDS("--print-config", "--data-dir", "/a \"b\" \\ 卡 # x: y", "--listen",
                              "- yes", "--message-max", "1536KiB", "--drain-limit", "90s",
                              "--sandbox", "--peer", "a-b=c: d", "--peer", "x=[]"));
        char yaml[4096];
        assert_true(strlen(text) < sizeof yaml);
        strcpy(yaml, text);
        config *c = config_ready(NULL, NULL, yaml);
        assert_string_equal(config_text(c, "data-dir"), "/a \"b\" \\ 卡 # x: y");
        assert_string_equal(config_text(c, "listen"), "- yes");
        assert_int_equal(config_size_bytes(c, "message-max"), 1536 * 1024);
        assert_int_equal(config_duration_ms(c, "drain-limit"), 90000);
        assert_true(config_boolean(c, "sandbox"));
        assert_string_equal(config_map_get(c, "peer", "a-b"), "c: d");
        assert_string_equal(config_map_get(c, "peer", "x"), "[]");
}

static void print_config_does_not_hide_mistakes(void **state)
{
        (void)state;
        assert_config_wrong(WORDS("--print-config", "--calls-max=x"), NULL, NULL, "--calls-max");
}

#define CASE(name) cmocka_unit_test_teardown(name, config_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(help_lists_every_option_with_its_three_names),
                CASE(print_config_shows_values_and_origins_and_masks_secrets),
                CASE(what_print_config_prints_reads_back_the_same),
                CASE(print_config_does_not_hide_mistakes),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
