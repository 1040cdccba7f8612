/* What a voice says on PHONE_12333 (R48): whole sentences, no long ids, in both languages. */
#include "services/status/rules/status_speakable.h"

#include "services/status/rules/status_next_steps.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <ctype.h>
#include <string.h>

static world w;
static status_facts facts;
static char text[1200];

static const char *speak(card_state state, const char *language)
{
        world_init(&w);
        facts = (status_facts){.holder = &w.holder,
                               .knobs = &w.knobs,
                               .now_ms = FIXTURE_NOW_MS,
                               .financial = STATUS_FINANCIAL_ABSENT};
        facts.card = state == CARD_STATE_NONE ? -1 : world_card(&w, state);
        size_t length = status_speak(&facts, language, text, sizeof text);
        assert_true(length < sizeof text);
        return text;
}

static void R48_no_answer_has_a_long_id_or_a_code(void **state)
{
        (void)state;
        for (int s = CARD_STATE_NONE; s <= CARD_WITHDRAWN; s++)
                for (int l = 0; l <= 1; l++) {
                        const char *said = speak((card_state)s, l ? "en" : "zh-CN");
                        int digits = 0;
                        assert_true(strlen(said) > 10);
                        for (const char *c = said; *c != '\0'; c++) {
                                digits = isdigit((unsigned char)*c) ? digits + 1 : 0;
                                assert_true(digits <= 5); /* 12333 is the longest */
                                assert_true(*c != '_' && *c != '/');
                        }
                }
}

static void R48_a_temporary_loss_is_told_with_its_end(void **state)
{
        (void)state;
        speak(CARD_TEMP_LOST, "zh");
        w.holder.cards[0].temp_loss_until_ms = civil_date_start_unix_ms((civil_date){2026, 12, 4});
        status_speak(&facts, "zh", text, sizeof text);
        assert_non_null(strstr(text, "您尾号002的社保卡目前的状态是：临时挂失。"));
        assert_non_null(strstr(text, "临时挂失将于2026年12月4日零时到期。"));
        status_speak(&facts, "en", text, sizeof text);
        assert_non_null(strstr(text, "ending in 002 has the status: Temporarily lost."));
        assert_non_null(strstr(text, "December 4, 2026"));
}

static void R48_steps_and_warnings_are_said_too(void **state)
{
        (void)state;
        speak(CARD_ARCHIVED_UNCOLLECTED, "zh");
        const policy_step *steps[STATUS_STEPS_MAX];
        assert_true(status_next_steps(&facts, steps) > 0);
        assert_non_null(strstr(text, steps[0]->text.zh));
        assert_non_null(strstr(text, "不影响"));
        char alone[600];
        status_speak_steps(steps, 1, "en", alone, sizeof alone);
        assert_string_equal(alone, steps[0]->text.en);
        assert_int_equal(status_speak_steps(steps, 0, "en", alone, sizeof alone), 0);
        assert_string_equal(alone, "");
}

static void a_small_buffer_ends_at_a_character(void **state)
{
        (void)state;
        char whole[1200], cut[1200];
        speak(CARD_LOST, "zh");
        strcpy(whole, text);
        for (size_t size = 1; size < strlen(whole); size++) {
                status_speak(&facts, "zh", cut, size);
                size_t length = strlen(cut);
                assert_memory_equal(cut, whole, length);
                assert_true(((unsigned char)whole[length] & 0xc0) != 0x80);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R48_no_answer_has_a_long_id_or_a_code),
                cmocka_unit_test(R48_a_temporary_loss_is_told_with_its_end),
                cmocka_unit_test(R48_steps_and_warnings_are_said_too),
                cmocka_unit_test(a_small_buffer_ends_at_a_character),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
