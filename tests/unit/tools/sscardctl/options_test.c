/* Options stand anywhere; what is not theirs stays for the verb. */
#include "tools/sscardctl/options.h"

#include "tests/unit/tools/sscardctl/fixture.h"

static bool parse(fixture *x, options *o, int count, const char *const *words)
{
        x->f = (failure){0};
        return options_parse(o, count, (char *const *)words, &x->a, &x->f);
}

static void options_are_taken_out_wherever_they_stand(void **state)
{
        fixture *x = *state;
        options o;
        const char *words[] = {"--as",    "HOTLINE",   "card", "get", "-o",        "json", "01J",
                               "--watch", "--lang=en", "-f",   "-",   "--timeout", "90s",  "--yes"};
        assert_true(parse(x, &o, ARRAY_LENGTH(words), words));
        assert_string_equal(o.role, "HOTLINE");
        assert_string_equal(o.language, "en");
        assert_int_equal(o.output, OUTPUT_JSON);
        assert_int_equal(o.timeout_ms, 90000);
        assert_true(o.watch && o.yes && !o.help);
        assert_int_equal(o.count, 5);
        assert_string_equal(o.words[2], "01J");
        assert_string_equal(o.words[3], "--file");
        assert_string_equal(o.words[4], "-");
}

static void flags_of_the_request_are_left_alone(void **state)
{
        fixture *x = *state;
        options o;
        const char *words[] = {"card", "get", "--context.etag", "7", "--as-of", "now"};
        assert_true(parse(x, &o, ARRAY_LENGTH(words), words));
        assert_int_equal(o.count, 6);
        assert_null(o.role);
}

static void wrong_values_are_refused(void **state)
{
        fixture *x = *state;
        options o;
        assert_false(parse(x, &o, 2, (const char *[]){"-o", "xml"}));
        assert_non_null(strstr(x->f.message, "table, json or yaml"));
        assert_false(parse(x, &o, 1, (const char *[]){"--as"}));
        assert_false(parse(x, &o, 1, (const char *[]){"-o"}));
        assert_false(parse(x, &o, 1, (const char *[]){"--watch=soon"}));
        assert_false(parse(x, &o, 2, (const char *[]){"--timeout", "-1s"}));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(options_are_taken_out_wherever_they_stand),
                FIXTURE_TEST(flags_of_the_request_are_left_alone),
                FIXTURE_TEST(wrong_values_are_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
