/* Refusals as text, in both languages, never cutting a character. */
#include "common/policy/explain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static const policy_step STEP = {.code = "GO",
                                 .text = {"请到网点办理。", "Go to an outlet."},
                                 .channels = POLICY_C(BRANCH) | POLICY_C(SELF_SERVICE),
                                 .rule = "R1"};
static const policy_refusal REFUSAL = {
        .reason = "NO_WAY", .status = 9, .rule = "R2", .text = {"不行。", "No."}, .steps = {&STEP}};

static void a_refusal_reads_as_text_in_both_languages(void **state)
{
        (void)state;
        char text[400];
        policy_explain_refusal(&REFUSAL, "en", text, sizeof text);
        assert_string_equal(text, "NO_WAY (R2): No.\n"
                                  "  1. Go to an outlet. Where: agency outlet, self-service "
                                  "machine. (R1)\n");
        policy_explain_refusal(&REFUSAL, "zh-CN", text, sizeof text);
        assert_string_equal(text, "NO_WAY (R2): 不行。\n"
                                  "  1. 请到网点办理。办理渠道：社保经办网点、自助服务机。(R1)\n");
        const policy_refusal of_no_rule = {
                .reason = "TOO_LONG", .status = 3, .text = {"太长。", "Too long."}};
        policy_explain_refusal(&of_no_rule, "en", text, sizeof text);
        assert_string_equal(text, "TOO_LONG: Too long.\n");
        policy_explain_step(&STEP, "en", text, sizeof text);
        assert_string_equal(text,
                            "Go to an outlet. Where: agency outlet, self-service machine. (R1)");
        policy_explain_channels(POLICY_C(SYSTEM), "zh", text, sizeof text);
        assert_string_equal(text, "系统对接");
}

static void a_small_buffer_is_cut_between_characters(void **state)
{
        (void)state;
        char whole[400], text[400];
        size_t length = policy_explain_refusal(&REFUSAL, "zh", whole, sizeof whole);
        assert_int_equal(length, strlen(whole));
        for (size_t size = 1; size <= length; size++) {
                assert_int_equal(policy_explain_refusal(&REFUSAL, "zh", text, size), length);
                size_t cut = strlen(text);
                assert_true(cut < size);
                assert_memory_equal(text, whole, cut);
                assert_true(((unsigned char)whole[cut] & 0xc0) != 0x80);
                assert_true(size - cut <= 3); /* not shorter than it must be */
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_refusal_reads_as_text_in_both_languages),
                cmocka_unit_test(a_small_buffer_is_cut_between_characters),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
