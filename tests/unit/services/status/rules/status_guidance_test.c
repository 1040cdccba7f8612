/* The public questions and answers, checked against the sentences of the source. */
#include "services/status/rules/status_guidance.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static bool names(const status_guidance *guidance, const char *code)
{
        for (int i = 0; i < STATUS_GUIDANCE_PARTS_MAX && guidance->steps[i] != NULL; i++)
                if (strcmp(guidance->steps[i]->code, code) == 0) return true;
        return false;
}

static void R2_every_topic_has_an_answer_in_both_languages(void **state)
{
        (void)state;
        for (int i = 1; i < STATUS_TOPIC_COUNT; i++) {
                const status_guidance *guidance = status_guidance_of((status_topic)i);
                assert_non_null(guidance);
                assert_true(strlen(guidance->title.zh) > 0 && strlen(guidance->title.en) > 0);
                assert_true(strlen(guidance->text.zh) > 0 && strlen(guidance->text.en) > 0);
                assert_non_null(guidance->steps[0]);
                assert_non_null(guidance->rules[0]);
        }
        assert_null(status_guidance_of(STATUS_TOPIC_UNSPECIFIED));
        assert_null(status_guidance_of((status_topic)STATUS_TOPIC_COUNT));
        assert_null(status_guidance_of((status_topic)-1));
}

static void R22_the_menu_path_is_verbatim(void **state)
{
        (void)state;
        const status_guidance *guidance = status_guidance_of(STATUS_TOPIC_ECARD_PASSWORD);
        assert_non_null(strstr(guidance->steps[0]->text.en, "'My'"));
        assert_non_null(strstr(guidance->steps[0]->text.en, "'Change Password'"));
        assert_non_null(strstr(guidance->steps[0]->text.zh, "“我的”"));
}

static void R24_R25_R26_R27_R28_face_mismatch_is_answered_in_the_order_of_the_source(void **state)
{
        (void)state;
        static const char *const order[] = {"FACE_LIGHTING", "FACE_FRAMING", "CHECK_REAL_NAME",
                                            "REPLACE_CARD_WITH_NEW_PHOTO"};
        const status_guidance *guidance = status_guidance_of(STATUS_TOPIC_FACE_MISMATCH);
        static const char *const rules[] = {"R25", "R26", "R27", "R28"};
        for (int i = 0; i < 4; i++) {
                assert_string_equal(guidance->steps[i]->code, order[i]);
                assert_string_equal(guidance->steps[i]->rule, rules[i]);
        }
        assert_null(guidance->steps[4]);
}

static void R16_R21_the_card_has_two_passwords_and_the_bank_s_is_the_bank_s(void **state)
{
        (void)state;
        const status_guidance *guidance = status_guidance_of(STATUS_TOPIC_CARD_PASSWORD);
        assert_non_null(strstr(guidance->text.zh, "社保应用密码和银行账户密码"));
        assert_non_null(strstr(guidance->text.en, "two"));
        assert_string_equal(guidance->steps[2]->rule, "R21");
        assert_null(guidance->steps[2]->operation);
}

static void R35_expiry_warns_of_links_and_R40_archived_of_nothing_lost(void **state)
{
        (void)state;
        assert_string_equal(status_guidance_of(STATUS_TOPIC_EXPIRY)->warnings[0]->code,
                            "NEVER_CLICK_EXPIRY_LINKS");
        assert_string_equal(status_guidance_of(STATUS_TOPIC_ARCHIVED)->warnings[0]->code,
                            "CONTRIBUTIONS_NOT_AFFECTED");
}

static void R34_R43_R47_living_elsewhere_and_several_cards(void **state)
{
        (void)state;
        assert_true(names(status_guidance_of(STATUS_TOPIC_EXPIRY), "NATIONAL_CHANNELS"));
        const status_guidance *several = status_guidance_of(STATUS_TOPIC_SEVERAL_CARDS);
        assert_true(names(several, "CONFIRM_STATUS"));
        assert_true(names(several, "CLOSE_BANK_ACCOUNT_AT_COUNTER"));
        assert_non_null(strstr(several->text.en, "another province currently does"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R2_every_topic_has_an_answer_in_both_languages),
                cmocka_unit_test(R22_the_menu_path_is_verbatim),
                cmocka_unit_test(
                        R24_R25_R26_R27_R28_face_mismatch_is_answered_in_the_order_of_the_source),
                cmocka_unit_test(R16_R21_the_card_has_two_passwords_and_the_bank_s_is_the_bank_s),
                cmocka_unit_test(R35_expiry_warns_of_links_and_R40_archived_of_nothing_lost),
                cmocka_unit_test(R34_R43_R47_living_elsewhere_and_several_cards),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
