/* A buffer that may be too small: it counts on, and is cut between characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/policy/bounded_text.h"

#include <string.h>

static void what_fits_is_whole_and_counted(void **state)
{
        (void)state;
        char text[16] = "old";
        bounded_text t = bounded_text_begin(text, sizeof text, "zh");
        assert_false(t.english);
        assert_string_equal(text, "");
        bounded_text_add(&t, "%d年", 2026);
        bounded_text_add(&t, "%s", "好");
        assert_int_equal(bounded_text_end(&t), 10);
        assert_string_equal(text, "2026年好");
}

static void what_does_not_fit_is_counted_and_cut_between_characters(void **state)
{
        (void)state;
        char text[9];
        bounded_text t = bounded_text_begin(text, sizeof text, "en");
        assert_true(t.english);
        bounded_text_add(&t, "%s", "2026年");
        bounded_text_add(&t, "%s", "好好");
        assert_int_equal(bounded_text_end(&t), 13);
        assert_string_equal(text, "2026年");
        t = bounded_text_begin(NULL, 0, "en");
        bounded_text_add(&t, "%s", "seven..");
        assert_int_equal(bounded_text_end(&t), 7);
}

static void a_cut_never_splits_a_character(void **state)
{
        (void)state;
        const char *text = "a卡𠀀é";
        static const size_t cuts[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8, 10, 10};
        for (size_t bytes = 0; bytes < 12; bytes++)
                assert_int_equal(policy_text_cut(text, bytes), cuts[bytes]);
        assert_int_equal(policy_text_cut("a\xe5\x8d", 3), 1); /* cut by force before */
        assert_int_equal(policy_text_cut("\x8d\x8d", 2), 2);  /* no character at all */
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_fits_is_whole_and_counted),
                cmocka_unit_test(what_does_not_fit_is_counted_and_cut_between_characters),
                cmocka_unit_test(a_cut_never_splits_a_character),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
