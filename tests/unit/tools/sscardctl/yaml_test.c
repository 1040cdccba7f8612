/* YAML that other programs read as the same values. */
#include "tools/sscardctl/yaml.h"

#include "tests/unit/tools/sscardctl/fixture.h"

static void texts_that_look_like_something_else_are_quoted(void **state)
{
        fixture *x = *state;
        json_t *value = json_loads("{\"name\": \"regions/330000\", \"text\": \"封存\","
                                   " \"version\": \"7\", \"on\": true, \"no\": \"no\", \"n\": 3,"
                                   " \"at\": \"2026-01-31T00:00:00Z\", \"list\": [{\"a\": \"b\"}],"
                                   " \"none\": null}",
                                   0, NULL);
        assert_non_null(value);
        assert_true(yaml_print(value, x->out));
        json_decref(value);
        assert_string_equal(fixture_text(x), "---\n"
                                             "name: regions/330000\n"
                                             "text: 封存\n"
                                             "version: \"7\"\n"
                                             "\"on\": true\n"
                                             "\"no\": \"no\"\n"
                                             "\"n\": 3\n"
                                             "at: \"2026-01-31T00:00:00Z\"\n"
                                             "list:\n"
                                             "- a: b\n"
                                             "none: null\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(texts_that_look_like_something_else_are_quoted),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
