/* The YAML file: what it may hold, and that all else is told with its line. */
#include "common/config/config.h"

#include "tests/unit/common/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void values_may_be_quoted_and_comments_stand_anywhere(void **state)
{
        (void)state;
        config *c = config_ready(
                NULL, NULL,
                "# a comment\n---\ndata-dir: \"/数据 dir\" # another\nlisten: 'a: b'\n"
                "peer: {card: \"h:1\", status: h:2}\nsandbox: yes\nmessage-max: 1GiB\n");
        assert_string_equal(config_text(c, "data-dir"), "/数据 dir");
        assert_string_equal(config_text(c, "listen"), "a: b");
        assert_string_equal(config_map_get(c, "peer", "status"), "h:2");
        assert_true(config_boolean(c, "sandbox"));
        assert_int_equal(config_size_bytes(c, "message-max"), 1 << 30);
}

static void an_empty_file_says_nothing(void **state)
{
        (void)state;
        static const char *const empty[] = {"", "\n", "# only words\n", "---\n", "---\n...\n"};
        for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
                assert_string_equal(
                        config_text(config_ready(WORDS("--data-dir=x"), NULL, empty[i]), "listen"),
                        "127.0.0.1:7301");
}

static void what_is_not_names_and_values_is_told_with_its_line(void **state)
{
        (void)state;
        static const struct {
                const char *yaml, *told;
        } cases[] = {
                {"- a\n- b\n", ":1: expected lines like"},
                {"text\n", ":1: expected lines like"},
                {"listen: [a, b]\n", ":1: listen: expected one value"},
                {"\nlisten: {a: b}\n", ":2: listen: expected one value"},
                {"peer: text\n", ":1: peer: expected a map"},
                {"peer: [a]\n", ":1: peer: expected a map"},
                {"peer: {a: [b]}\n", ":1: expected one value for a key"},
                {"peer: {a: }\n", ":1: peer: expected a key and a value"},
                {"peer: {? [a] : b}\n", ":1: expected a key"},
                {"listen: &x a\n", ":1: listen: expected one value"},
                {"listen: *x\n", ":1:"},
                {"listen: !tag a\n", ":1: listen: expected one value"},
                {"listen:\n", ":1: listen: expected some text"},
                {"listen: a\nlisten: b\n", ":2: listen stands twice"},
                {"? [listen]\n: a\n", ":1: expected the name of an option"},
                {"listen: a\n---\nlisten: b\n", ":2: expected one document"},
                {"listen: \"a\n", ":"},
                {"listen: a\n\tcalls-max: 1\n", ":2:"},
                {"nested: {a: {b: [c]}}\nlisten: ok\nbad: 1\n", ":3: unknown option bad"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                assert_config_wrong(WORDS("--data-dir=x"), NULL, cases[i].yaml, cases[i].told);
}

static void a_file_that_is_not_there_is_an_error(void **state)
{
        (void)state;
        assert_config_wrong(WORDS("--config=/nonexistent/x.yaml"), NULL, NULL,
                            "cannot read the configuration file /nonexistent/x.yaml");
        assert_config_wrong(NULL, WORDS("SSCARD_CONFIG=/"), NULL, "configuration file /");
}

#define CASE(name) cmocka_unit_test_teardown(name, config_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(values_may_be_quoted_and_comments_stand_anywhere),
                CASE(an_empty_file_says_nothing),
                CASE(what_is_not_names_and_values_is_told_with_its_line),
                CASE(a_file_that_is_not_there_is_an_error),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
