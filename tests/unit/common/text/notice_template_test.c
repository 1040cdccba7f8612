/* R35 (i): nothing that may not be sent can be compiled or rendered. */
#include "common/text/notice_template.h"

#include "common/base/scoped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const notice_field fields[] = {{"person", false}, {"outlet", false}, {"warning", true}};
enum { FIELD_COUNT = ARRAY_LENGTH(fields) };

static const notice_template *compile(arena *a, const char *text, notice_finding *finding)
{
        return notice_template_compile(a, bytes_of_text(text), fields, FIELD_COUNT, finding);
}

static void a_template_is_filled_in(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        notice_finding finding;
        const notice_template *t = compile(&a, "{person}，请到{outlet}领取。{warning}", &finding);
        assert_non_null(t);
        assert_true(notice_template_names(t, "outlet"));
        assert_true(notice_template_names(t, "warning"));
        const char *values[] = {"张*", "西湖大厅", "请勿点击短信中的链接。"};
        assert_string_equal(notice_template_render(&a, t, values, &finding),
                            "张*，请到西湖大厅领取。请勿点击短信中的链接。");
}

static void a_field_that_there_is_not_is_refused_where_it_stands(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        static const char *const bad[] = {"abc {url} def", "abc {person", "abc {} def",
                                          "abc {{person}} def"};
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                notice_finding finding;
                assert_null(compile(&a, bad[i], &finding));
                assert_int_equal(finding.fault, NOTICE_PLACEHOLDER);
                assert_int_equal(finding.offset, 4);
        }
}

static void hostile_words_around_fields_are_refused(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        notice_finding finding;
        assert_null(compile(&a, "{person}请点击{outlet}", &finding));
        assert_int_equal(finding.fault, NOTICE_LINK);
        assert_null(compile(&a, "", &finding));
        assert_int_equal(finding.fault, NOTICE_EMPTY);
        assert_null(compile(&a, "stray } brace", &finding));
        assert_int_equal(finding.fault, NOTICE_CHARACTER);
}

static void a_hostile_value_is_caught_when_it_is_filled_in(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        notice_finding finding;
        const notice_template *t = compile(&a, "{person} w{outlet}", &finding);
        assert_non_null(t);
        const char *split[] = {"ww", " bank", ""};
        assert_null(notice_template_render(&a, t, split, &finding));
        assert_int_equal(finding.fault, NOTICE_LINK);
        const char *link[] = {"www.bank.com", "x", ""};
        assert_null(notice_template_render(&a, t, link, &finding));
        const char *honest[] = {"Ann", "est Lake", ""};
        assert_string_equal(notice_template_render(&a, t, honest, &finding), "Ann west Lake");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_template_is_filled_in),
                cmocka_unit_test(a_field_that_there_is_not_is_refused_where_it_stands),
                cmocka_unit_test(hostile_words_around_fields_are_refused),
                cmocka_unit_test(a_hostile_value_is_caught_when_it_is_filled_in),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
