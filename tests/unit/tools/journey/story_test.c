/* How a story is told, in which language, with which colours, and what it says in the end. */
#include "tools/journey/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* A story of two steps, the second with `difference` (NULL: none), as text. */
static char *tell(story_language language, bool colour, const char *difference, bool complete,
                  bool *fine)
{
        char *text = NULL;
        size_t size = 0;
        story s = {.out = open_memstream(&text, &size), .language = language, .colour = colour};
        story_title(&s, (policy_text){"故事", "a story"});
        story_step(&s, (policy_text){"申领", "apply"});
        story_call(&s, (policy_text){"持卡人", "holder"}, "ECARD", "CardService/ApplyCard", 2100);
        story_say(&s, (policy_text){"已受理。", "It is taken."});
        story_next(&s, "等待制卡", "WAIT, R37");
        story_step(&s, (policy_text){"查询", "ask"});
        if (difference) story_differs(&s, "%s", difference);
        *fine = story_end(&s, complete, 12000);
        fclose(s.out);
        return text;
}

static void Both_languages_stand_beside_one_another(void **state)
{
        (void)state;
        bool fine;
        char *text = tell(STORY_BOTH, false, NULL, true, &fine);
        assert_true(fine);
        assert_non_null(strstr(text, " 1  申领  apply\n"));
        assert_non_null(strstr(text, "持卡人 holder · ECARD · CardService/ApplyCard · 2.1 ms\n"));
        assert_non_null(strstr(text, "已受理。\n    It is taken.\n"));
        assert_non_null(strstr(text, "→ 等待制卡 (WAIT, R37)"));
        free(text);
}

static void S12_one_language_leaves_the_other_out(void **state)
{
        (void)state;
        bool fine;
        char *chinese = tell(STORY_CHINESE, false, NULL, true, &fine);
        assert_null(strstr(chinese, "apply"));
        assert_null(strstr(chinese, "It is taken"));
        assert_non_null(strstr(chinese, "全部符合规则"));
        char *english = tell(STORY_ENGLISH, false, NULL, true, &fine);
        assert_null(strstr(english, "申领"));
        assert_non_null(strstr(english, "2 steps, 1 calls: all as the rules say"));
        free(chinese);
        free(english);
}

static void Colours_are_for_terminals_only(void **state)
{
        (void)state;
        bool fine;
        char *plain = tell(STORY_BOTH, false, "no", true, &fine);
        char *coloured = tell(STORY_BOTH, true, "no", true, &fine);
        assert_null(strchr(plain, '\033'));
        assert_non_null(strchr(coloured, '\033'));
        free(plain);
        free(coloured);
}

static void A_difference_is_shown_where_it_is_and_spoils_the_end(void **state)
{
        (void)state;
        bool fine;
        char *text = tell(STORY_BOTH, false, "state is LOST, should be NORMAL", true, &fine);
        assert_false(fine);
        const char *step = strstr(text, " 2  查询");
        const char *difference = strstr(text, "✗ state is LOST, should be NORMAL");
        assert_non_null(step);
        assert_non_null(difference);
        assert_true(difference > step);
        assert_non_null(strstr(text, "not as the rules say: ✗ 1"));
        /* The first step keeps its mark, the second has none. */
        assert_non_null(strstr(text, "✓"));
        assert_true(strstr(text, "✓") < step);
        assert_null(strstr(difference, "✓"));
        free(text);
}

static void A_story_that_breaks_off_is_not_fine(void **state)
{
        (void)state;
        bool fine;
        char *text = tell(STORY_BOTH, false, NULL, false, &fine);
        assert_false(fine);
        assert_non_null(strstr(text, "not told to the end"));
        free(text);
}

static void A_skipped_step_is_told_and_counted_but_is_no_step(void **state)
{
        (void)state;
        char *text = NULL;
        size_t size = 0;
        story s = {.out = open_memstream(&text, &size), .language = STORY_ENGLISH};
        story_step(&s, (policy_text){"一", "one"});
        story_skip(&s, (policy_text){"查询", "ask"}, (policy_text){"没有", "nobody there"});
        assert_true(story_end(&s, true, 0));
        fclose(s.out);
        assert_non_null(strstr(text, "ask: nobody there"));
        assert_non_null(strstr(text, "1 steps, 0 calls, 1 skipped"));
        free(text);
}

static void Languages_are_understood_as_people_write_them(void **state)
{
        (void)state;
        story_language language;
        assert_true(story_language_parse("zh-CN", &language));
        assert_int_equal(language, STORY_CHINESE);
        assert_true(story_language_parse("en", &language));
        assert_int_equal(language, STORY_ENGLISH);
        assert_true(story_language_parse("both", &language));
        assert_int_equal(language, STORY_BOTH);
        assert_false(story_language_parse("fr", &language));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(Both_languages_stand_beside_one_another),
                cmocka_unit_test(S12_one_language_leaves_the_other_out),
                cmocka_unit_test(Colours_are_for_terminals_only),
                cmocka_unit_test(A_difference_is_shown_where_it_is_and_spoils_the_end),
                cmocka_unit_test(A_story_that_breaks_off_is_not_fine),
                cmocka_unit_test(A_skipped_step_is_told_and_counted_but_is_no_step),
                cmocka_unit_test(Languages_are_understood_as_people_write_them),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
