/* The manual page: everything that help knows, in nothing but the macros that it means. */
#include "tools/sscardctl/man.h"

#include "tests/unit/tools/sscardctl/fixture.h"
#include "tools/sscardctl/options.h"

static const char *page(fixture *x)
{
        const help h = {&x->a, x->c, 0, x->out};
        man_page(&h);
        return fixture_text(x);
}

/* As it stands in the page. */
static const char *escaped(arena *a, const char *text)
{
        char *to = arena_alloc(a, 3 * strlen(text) + 1), *at = to;
        for (; *text; text++) {
                if (*text == '-') *at++ = '\\';
                *at++ = *text;
                if (!strchr("|:/", *text) || text[1] <= ' ') continue;
                *at++ = '\\';
                *at++ = ':';
        }
        *at = '\0';
        return to;
}

static void assert_says(fixture *x, const char *text, const char *words)
{
        if (!strstr(text, escaped(&x->a, words))) fail_msg("the page has no \"%s\"", words);
}

static void every_verb_flag_option_and_word_is_in_the_page(void **state)
{
        fixture *x = *state;
        const help h = {&x->a, x->c, 0, x->out};
        const char *text = page(x);
        for (size_t i = 0; i < catalog_method_count(x->c); i++) {
                verb v = verb_of(&x->a, catalog_method_at(x->c, i));
                assert_says(x, text, arena_format(&x->a, "\n.SS %s %s\n", v.group, v.name));
                for (int shared = 0; shared < 2; shared++) {
                        const help_rows *flags = help_flags(&h, &v, shared);
                        for (size_t f = 0; f < flags->count; f++)
                                assert_says(x, text, flags->cells[2 * f]);
                }
        }
        for (const char *const *option = options_help(); *option; option += 2)
                assert_says(x, text, option[0]);
        const help_rows *words = help_words(&h);
        for (size_t i = 0; i < words->count; i++)
                assert_says(x, text, words->cells[2 * i]);
}

static void flags_that_every_change_has_stand_once(void **state)
{
        fixture *x = *state;
        const char *text = page(x);
        const char *first = strstr(text, escaped(&x->a, "--validate-only"));
        assert_non_null(first);
        assert_null(strstr(first + 1, escaped(&x->a, "--validate-only")));
}

static void no_line_of_a_comment_becomes_a_request(void **state)
{
        fixture *x = *state;
        static const char *const macros[] = {".TH ", ".SH ", ".SS ", ".TP",   ".B ",
                                             ".I ",  ".RI ", ".PP",  ".ad l", ".nh"};
        const char *line = page(x);
        for (; line; line = strchr(line, '\n'), line += line ? 1 : 0) {
                assert_int_not_equal(*line, '\'');
                if (*line != '.') continue;
                bool known = false;
                for (size_t i = 0; i < ARRAY_LENGTH(macros); i++)
                        known |= strncmp(line, macros[i], strlen(macros[i])) == 0;
                if (!known) fail_msg("%.40s", line);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(every_verb_flag_option_and_word_is_in_the_page),
                FIXTURE_TEST(flags_that_every_change_has_stand_once),
                FIXTURE_TEST(no_line_of_a_comment_becomes_a_request),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
