/* Names of fields on the screen: in Chinese where there is one, never one name for two columns. */
#include "tools/sscardctl/labels.h"

#include "tests/unit/tools/sscardctl/fixture.h"

static void a_field_has_a_name_in_the_language_of_the_answer(void **state)
{
        fixture *x = *state;
        assert_string_equal(label_of_field(&x->a, "temp_loss_until", "zh-CN"), "临时挂失至");
        assert_string_equal(label_of_field(&x->a, "temp_loss_until", "en"), "temp loss until");
        assert_string_equal(label_of_field(&x->a, "no_such_field", "zh-CN"), "no such field");
}

static void a_field_inside_another_is_not_called_like_one_outside(void **state)
{
        fixture *x = *state;
        assert_string_equal(label_of_path(&x->a, "delivery.state", "zh-CN"), "卡片去向");
        assert_string_equal(label_of_path(&x->a, "delivery.state", "en"), "delivery state");
        assert_string_equal(label_of_path(&x->a, "state", "zh-CN"), "状态");
        assert_string_equal(label_of_path(&x->a, "error.message", "zh-CN"), "说明");
}

static void columns_of_a_table_have_names_of_their_own(void **state)
{
        fixture *x = *state;
        static const char *const languages[] = {"zh-CN", "en"};
        const char *const *columns = verb_columns("sscard.card.v1.Card");
        assert_non_null(columns);
        for (size_t l = 0; l < 2; l++)
                for (size_t i = 0; columns[i]; i++)
                        for (size_t j = 0; j < i; j++)
                                assert_string_not_equal(
                                        label_of_path(&x->a, columns[i], languages[l]),
                                        label_of_path(&x->a, columns[j], languages[l]));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(a_field_has_a_name_in_the_language_of_the_answer),
                FIXTURE_TEST(a_field_inside_another_is_not_called_like_one_outside),
                FIXTURE_TEST(columns_of_a_table_have_names_of_their_own),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
