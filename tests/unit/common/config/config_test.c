/* Configuration: precedence, types, and mistakes that are told in full. */
#include "common/config/config.h"

#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void flag_wins_over_environment_over_file_over_default(void **state)
{
        (void)state;
        const char *yaml = "data-dir: /file\ncalls-max: 3\nlisten: file:1\nlog-level: warn\n";
        config *c = config_ready(WORDS("--calls-max", "1"),
                                 WORDS("SSCARD_CALLS_MAX=2", "SSCARD_LISTEN=env:1"), yaml);
        assert_int_equal(config_integer(c, "calls-max"), 1);
        assert_string_equal(config_origin(c, "calls-max"), "flag");
        assert_string_equal(config_text(c, "listen"), "env:1");
        assert_string_equal(config_origin(c, "listen"), "environment SSCARD_LISTEN");
        assert_string_equal(config_text(c, "log-level"), "warn");
        assert_non_null(strstr(config_origin(c, "log-level"), ".yaml:4"));
        assert_int_equal(config_duration_ms(c, "drain-limit"), 5000);
        assert_string_equal(config_origin(c, "drain-limit"), "default");
        assert_string_equal(config_origin(c, "pepper"), "unset");
        assert_false(config_is_set(c, "pepper"));
        assert_null(config_text(c, "pepper"));
}

static void all_mistakes_are_told_at_once(void **state)
{
        (void)state;
        assert_config_wrong(WORDS("--lisen=x", "--calls-max=0"), WORDS("SSCARD_X=1"), NULL,
                            "--lisen");
        const char *message = config_message(the_fixture.config);
        assert_non_null(strstr(message, "--calls-max"));
        assert_non_null(strstr(message, "SSCARD_X"));
        assert_non_null(strstr(message,
                               "--data-dir is required (or SSCARD_DATA_DIR, or data-dir in "
                               "the file): Where data is."));
}

static void nothing_at_all_is_no_crash(void **state)
{
        (void)state;
        config *c = NULL;
        config_program program = the_fixture.program;
        config_input input = {0};
        assert_int_equal(config_load(&program, &input, &c), CONFIG_READY);
        assert_null(config_text(c, "config"));
        config_destroy(c);
        config_destroy(NULL);
}

#define CASE(name) cmocka_unit_test_teardown(name, config_tear_down)

int main(void)
{
        the_fixture.program = (config_program){.name = "empty", .version = "0", .summary = ""};
        const struct CMUnitTest tests[] = {
                CASE(nothing_at_all_is_no_crash),
                CASE(flag_wins_over_environment_over_file_over_default),
                CASE(all_mistakes_are_told_at_once),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
