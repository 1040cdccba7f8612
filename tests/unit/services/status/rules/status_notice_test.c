/* What is said about a message that somebody asks about (R35). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/status/rules/status_notice.h"

#include <string.h>

static void S12_every_verdict_is_a_sentence_in_both_languages(void **state)
{
        (void)state;
        for (int v = STATUS_NOTICE_GENUINE; v <= STATUS_NOTICE_ALTERED; v++) {
                policy_text text = status_notice_text((status_notice_verdict)v);
                assert_true(strlen(text.zh) > 0);
                assert_true(strlen(text.en) > 0);
        }
}

static void R35_who_was_sent_a_false_message_is_told_what_to_do(void **state)
{
        (void)state;
        const policy_step *steps[STATUS_NOTICE_STEPS_MAX];
        assert_int_equal(status_notice_steps(STATUS_NOTICE_GENUINE, steps), 0);
        assert_int_equal(status_notice_steps(STATUS_NOTICE_NOT_OURS, steps), 2);
        assert_int_equal(status_notice_steps(STATUS_NOTICE_ALTERED, steps), 2);
}

static void R35_the_warning_of_links_goes_with_every_verdict(void **state)
{
        (void)state;
        const policy_step *warnings[STATUS_NOTICE_STEPS_MAX];
        for (int v = STATUS_NOTICE_GENUINE; v <= STATUS_NOTICE_ALTERED; v++) {
                assert_int_equal(status_notice_warnings((status_notice_verdict)v, warnings), 1);
                assert_true(strstr(warnings[0]->text.en, "link") != NULL);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S12_every_verdict_is_a_sentence_in_both_languages),
                cmocka_unit_test(R35_who_was_sent_a_false_message_is_told_what_to_do),
                cmocka_unit_test(R35_the_warning_of_links_goes_with_every_verdict),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
