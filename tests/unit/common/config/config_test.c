/* Configuration: precedence, types, and mistakes that are told in full. */
#include "common/config/config.h"

#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static config_fixture fixture;

static config *load(const char *const *flags, const char *const *environment, const char *yaml)
{
        config_outcome outcome =
                config_fixture_load(&fixture, flags, environment, yaml, yaml ? strlen(yaml) : 0);
        if (outcome != CONFIG_READY) fail_msg("not ready: %s", config_message(fixture.config));
        return fixture.config;
}

static void assert_wrong(const char *const *flags, const char *const *environment, const char *yaml,
                         const char *told)
{
        assert_int_equal(
                config_fixture_load(&fixture, flags, environment, yaml, yaml ? strlen(yaml) : 0),
                CONFIG_WRONG);
        if (!strstr(config_message(fixture.config), told))
                fail_msg("expected \"%s\" in: %s", told, config_message(fixture.config));
}

static int tear_down(void **state)
{
        (void)state;
        config_fixture_close(&fixture);
        return 0;
}

static void flag_wins_over_environment_over_file_over_default(void **state)
{
        (void)state;
        const char *yaml = "data-dir: /file\ncalls-max: 3\nlisten: file:1\nlog-level: warn\n";
        config *c = load(WORDS("--calls-max", "1"),
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

static void every_type_is_read_in_its_forms(void **state)
{
        (void)state;
        config *c = load(WORDS("--data-dir=/a=b", "--drain-limit=250ms", "--message-max", "64KiB",
                               "--sandbox", "--log-level", "error", "--offset", "-7"),
                         NULL, NULL);
        assert_string_equal(config_text(c, "data-dir"), "/a=b");
        assert_int_equal(config_duration_ms(c, "drain-limit"), 250);
        assert_int_equal(config_size_bytes(c, "message-max"), 65536);
        assert_true(config_boolean(c, "sandbox"));
        assert_int_equal(config_choice(c, "log-level"), 3);
        assert_int_equal(config_integer(c, "offset"), -7);
        c = load(WORDS("--data-dir", "x", "--drain-limit", "10m", "--no-sandbox"),
                 WORDS("SSCARD_SANDBOX=yes", "HOME=/root", "SSCARDX=1"), NULL);
        assert_int_equal(config_duration_ms(c, "drain-limit"), 600000);
        assert_false(config_boolean(c, "sandbox"));
        c = load(WORDS("--data-dir", "x", "--sandbox=on", "--message-max", "123"), NULL, NULL);
        assert_true(config_boolean(c, "sandbox"));
        assert_int_equal(config_size_bytes(c, "message-max"), 123);
}

static void maps_are_merged_by_key_and_sorted(void **state)
{
        (void)state;
        config *c = load(WORDS("--data-dir", "x", "--peer", "card=flag:1"),
                         WORDS("SSCARD_PEER=card=env:1,bank=env:2"),
                         "peer:\n  status: file:3\n  bank: file:2\n");
        assert_int_equal(config_map_count(c, "peer"), 3);
        static const char *const expected[][2] = {
                {"bank", "env:2"}, {"card", "flag:1"}, {"status", "file:3"}};
        for (size_t i = 0; i < 3; i++) {
                const char *key, *value;
                config_map_entry(c, "peer", i, &key, &value);
                assert_string_equal(key, expected[i][0]);
                assert_string_equal(value, expected[i][1]);
        }
        assert_string_equal(config_map_get(c, "peer", "status"), "file:3");
        assert_null(config_map_get(c, "peer", "ecard"));
}

static void unknown_names_are_errors_with_the_nearest_name(void **state)
{
        (void)state;
        assert_wrong(WORDS("--lisen=x"), NULL, NULL,
                     "unknown option --lisen; did you mean --listen?");
        assert_wrong(NULL, WORDS("SSCARD_DATADIR=x"), NULL,
                     "unknown option SSCARD_DATADIR; did you mean SSCARD_DATA_DIR?");
        assert_wrong(NULL, NULL, "data_dir: x\n",
                     ".yaml:1: unknown option data_dir; did you mean data-dir?");
        assert_wrong(WORDS("--zzzzzz"), NULL, NULL, "unknown option --zzzzzz; --help lists all");
        assert_wrong(WORDS("--no-listen"), NULL, NULL, "unknown option --no-listen");
        assert_wrong(NULL, NULL, "config: other.yaml\n", "unknown option config");
        assert_wrong(WORDS("serve"), NULL, NULL, "argument 1: expected a flag");
        assert_wrong(WORDS("-v"), NULL, NULL, "argument 1: expected a flag");
        assert_wrong(WORDS("--"), NULL, NULL, "argument 1: expected a flag");
}

static void bad_values_say_what_was_expected_and_are_not_echoed(void **state)
{
        (void)state;
        static const struct {
                const char *flag, *told;
        } cases[] = {
                {"--calls-max=hunter2", "--calls-max: expected a whole number, from 1 to 100000"},
                {"--calls-max=0", "from 1 to 100000"},
                {"--calls-max=100001", "from 1 to 100000"},
                {"--calls-max=99999999999999999999", "from 1 to 100000"},
                {"--calls-max=1.5", "whole number"},
                {"--calls-max= 1", "whole number"},
                {"--calls-max=+1", "whole number"},
                {"--calls-max=0x10", "whole number"},
                {"--drain-limit=5", "a duration like 250ms, 30s, 5m, 12h or 3d, from 10ms to 10m"},
                {"--drain-limit=5 s", "a duration"},
                {"--drain-limit=9223372036854775807d", "a duration"},
                {"--message-max=4MB", "a size like 4096, 64KiB, 4MiB or 1GiB, not negative"},
                {"--message-max=-1", "not negative"},
                {"--log-level=loud", "expected one of debug, info, warn, error"},
                {"--sandbox=maybe", "true or false"},
                {"--data-dir=", "some text"},
                {"--peer=card", "expected NAME=TARGET"},
                {"--peer==x", "expected NAME=TARGET"},
                {"--peer=card=", "expected NAME=TARGET"},
                {"--offset=-11", "from -10 to 10"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                assert_wrong(WORDS(cases[i].flag), NULL, NULL, cases[i].told);
        assert_wrong(WORDS("--calls-max=hunter2"), NULL, NULL, "--calls-max");
        assert_null(strstr(config_message(fixture.config), "hunter2"));
        assert_wrong(WORDS("--listen"), NULL, NULL, "--listen: expected TEXT after it");
        assert_wrong(NULL, WORDS("SSCARD_CALLS_MAX=x"), NULL, "SSCARD_CALLS_MAX: expected");
        assert_wrong(WORDS("--calls-max=5"), NULL, "calls-max: x\n",
                     ".yaml:1: calls-max: expected");
}

static void all_mistakes_are_told_at_once(void **state)
{
        (void)state;
        assert_wrong(WORDS("--lisen=x", "--calls-max=0"), WORDS("SSCARD_X=1"), NULL, "--lisen");
        const char *message = config_message(fixture.config);
        assert_non_null(strstr(message, "--calls-max"));
        assert_non_null(strstr(message, "SSCARD_X"));
        assert_non_null(strstr(message,
                               "--data-dir is required (or SSCARD_DATA_DIR, or data-dir in "
                               "the file): Where data is."));
}

static void a_key_of_a_map_given_twice_in_one_place_is_an_error(void **state)
{
        (void)state;
        assert_wrong(WORDS("--peer", "card=a", "--peer", "card=b"), NULL, NULL,
                     "--peer: card stands twice");
}

static void nothing_at_all_is_no_crash(void **state)
{
        (void)state;
        config *c = NULL;
        config_program program = fixture.program;
        config_input input = {0};
        assert_int_equal(config_load(&program, &input, &c), CONFIG_READY);
        assert_null(config_text(c, "config"));
        config_destroy(c);
        config_destroy(NULL);
}

#define CASE(name) cmocka_unit_test_teardown(name, tear_down)

int main(void)
{
        fixture.program = (config_program){.name = "empty", .version = "0", .summary = ""};
        const struct CMUnitTest tests[] = {
                CASE(nothing_at_all_is_no_crash),
                CASE(flag_wins_over_environment_over_file_over_default),
                CASE(every_type_is_read_in_its_forms),
                CASE(maps_are_merged_by_key_and_sorted),
                CASE(unknown_names_are_errors_with_the_nearest_name),
                CASE(bad_values_say_what_was_expected_and_are_not_echoed),
                CASE(all_mistakes_are_told_at_once),
                CASE(a_key_of_a_map_given_twice_in_one_place_is_an_error),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
