/* Values: the forms that are read, and what is told of all others. */
#include "common/config/config.h"

#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void every_type_is_read_in_its_forms(void **state)
{
        (void)state;
        config *c =
                config_ready(WORDS("--data-dir=/a=b", "--drain-limit=250ms", "--message-max",
                                   "64KiB", "--sandbox", "--log-level", "error", "--offset", "-7"),
                             NULL, NULL);
        assert_string_equal(config_text(c, "data-dir"), "/a=b");
        assert_int_equal(config_duration_ms(c, "drain-limit"), 250);
        assert_int_equal(config_size_bytes(c, "message-max"), 65536);
        assert_true(config_boolean(c, "sandbox"));
        assert_int_equal(config_choice(c, "log-level"), 3);
        assert_int_equal(config_integer(c, "offset"), -7);
        c = config_ready(WORDS("--data-dir", "x", "--drain-limit", "10m", "--no-sandbox"),
                         WORDS("SSCARD_SANDBOX=yes", "HOME=/root", "SSCARDX=1"), NULL);
        assert_int_equal(config_duration_ms(c, "drain-limit"), 600000);
        assert_false(config_boolean(c, "sandbox"));
        c = config_ready(WORDS("--data-dir", "x", "--sandbox=on", "--message-max", "123"), NULL,
                         NULL);
        assert_true(config_boolean(c, "sandbox"));
        assert_int_equal(config_size_bytes(c, "message-max"), 123);
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
                assert_config_wrong(WORDS(cases[i].flag), NULL, NULL, cases[i].told);
        assert_config_wrong(WORDS("--calls-max=hunter2"), NULL, NULL, "--calls-max");
        assert_null(strstr(config_message(the_fixture.config), "hunter2"));
        assert_config_wrong(WORDS("--listen"), NULL, NULL, "--listen: expected TEXT after it");
        assert_config_wrong(NULL, WORDS("SSCARD_CALLS_MAX=x"), NULL, "SSCARD_CALLS_MAX: expected");
        assert_config_wrong(WORDS("--calls-max=5"), NULL, "calls-max: x\n",
                            ".yaml:1: calls-max: expected");
}

#define CASE(name) cmocka_unit_test_teardown(name, config_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(every_type_is_read_in_its_forms),
                CASE(bad_values_say_what_was_expected_and_are_not_echoed),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
