/* Flags and environment: their forms, and names that nobody knows. */
#include "common/config/config.h"

#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void maps_are_merged_by_key_and_sorted(void **state)
{
        (void)state;
        config *c = config_ready(WORDS("--data-dir", "x", "--peer", "card=flag:1"),
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
        assert_config_wrong(WORDS("--lisen=x"), NULL, NULL,
                            "unknown option --lisen; did you mean --listen?");
        assert_config_wrong(NULL, WORDS("SSCARD_DATADIR=x"), NULL,
                            "unknown option SSCARD_DATADIR; did you mean SSCARD_DATA_DIR?");
        assert_config_wrong(NULL, NULL, "data_dir: x\n",
                            ".yaml:1: unknown option data_dir; did you mean data-dir?");
        assert_config_wrong(WORDS("--zzzzzz"), NULL, NULL,
                            "unknown option --zzzzzz; --help lists all");
        assert_config_wrong(WORDS("--no-listen"), NULL, NULL, "unknown option --no-listen");
        assert_config_wrong(NULL, NULL, "config: other.yaml\n", "unknown option config");
        assert_config_wrong(WORDS("serve"), NULL, NULL, "argument 1: expected a flag");
        assert_config_wrong(WORDS("-v"), NULL, NULL, "argument 1: expected a flag");
        assert_config_wrong(WORDS("--"), NULL, NULL, "argument 1: expected a flag");
}

static void a_key_of_a_map_given_twice_in_one_place_is_an_error(void **state)
{
        (void)state;
        assert_config_wrong(WORDS("--peer", "card=a", "--peer", "card=b"), NULL, NULL,
                            "--peer: card stands twice");
}

#define CASE(name) cmocka_unit_test_teardown(name, config_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(maps_are_merged_by_key_and_sorted),
                CASE(unknown_names_are_errors_with_the_nearest_name),
                CASE(a_key_of_a_map_given_twice_in_one_place_is_an_error),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
