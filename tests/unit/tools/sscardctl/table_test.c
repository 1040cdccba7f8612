/* Columns stay straight beside Chinese. */
#include "tools/sscardctl/table.h"

#include "tests/unit/tools/sscardctl/fixture.h"

/* Cells of the screen before `mark` in the n-th line; SIZE_MAX: it is not there. */
static size_t column_of(const char *text, size_t line, const char *mark)
{
        for (; line > 0 && text; line--) {
                text = strchr(text, '\n');
                if (text) text++;
        }
        if (!text) return SIZE_MAX;
        size_t length = strcspn(text, "\n");
        char *copy = strndup(text, length);
        assert_non_null(copy);
        char *at = strstr(copy, mark);
        size_t cells = SIZE_MAX;
        if (at) {
                *at = '\0';
                cells = table_text_width(copy);
        }
        free(copy);
        return cells;
}

static void chinese_is_two_cells_wide(void **state)
{
        (void)state;
        assert_int_equal(table_text_width("card"), 4);
        assert_int_equal(table_text_width("封存"), 4);
        assert_int_equal(table_text_width("张*"), 3);
        assert_int_equal(table_text_width("\xff"), 1);
        assert_int_equal(table_text_width(""), 0);
}

static void columns_stay_straight_beside_chinese(void **state)
{
        fixture *x = *state;
        static const char *const titles[] = {"状态", "name", "到期"};
        static const char *const cells[] = {"临时挂失", "#a", "@2026",  "NORMAL", "#b",
                                            "@永久",    "",   "#封存c", "@x"};
        const table t = {titles, 3, cells, 3, 0};
        table_print(&t, x->out);
        const char *text = fixture_text(x);
        size_t second = column_of(text, 1, "#"), third = column_of(text, 1, "@");
        assert_int_not_equal(second, SIZE_MAX);
        assert_int_equal(column_of(text, 0, "name"), second);
        assert_int_equal(column_of(text, 2, "#"), second);
        assert_int_equal(column_of(text, 3, "#"), second);
        assert_int_equal(column_of(text, 0, "到期"), third);
        assert_int_equal(column_of(text, 2, "@"), third);
        assert_int_equal(column_of(text, 3, "@"), third);
}

static void a_long_last_column_is_wrapped_to_the_terminal(void **state)
{
        fixture *x = *state;
        static const char *const cells[] = {"含义",
                                            "社会保障功能尚未激活社会保障功能尚未激活社会保障"};
        const table t = {NULL, 2, cells, 1, 30};
        table_print(&t, x->out);
        for (const char *line = fixture_text(x); *line;) {
                size_t length = strcspn(line, "\n");
                char *copy = strndup(line, length);
                assert_true(table_text_width(copy) <= 30);
                free(copy);
                line += length + (line[length] == '\n');
        }
        assert_int_not_equal(column_of(fixture_text(x), 1, "社"), SIZE_MAX);
}

static void an_empty_table_is_nothing(void **state)
{
        fixture *x = *state;
        const table t = {NULL, 2, NULL, 0, 0};
        table_print(&t, x->out);
        assert_string_equal(fixture_text(x), "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(chinese_is_two_cells_wide),
                FIXTURE_TEST(columns_stay_straight_beside_chinese),
                FIXTURE_TEST(a_long_last_column_is_wrapped_to_the_terminal),
                FIXTURE_TEST(an_empty_table_is_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
