/* Names and meanings of states (R36), and the national code. */
#include "services/card/rules/card_texts.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static void R36_every_state_has_a_name_and_a_meaning(void **state)
{
        (void)state;
        static const char *const names[CARD_STATE_COUNT] = {
                NULL, NULL, NULL, "封存", "封存", "正常", "临时挂失", "挂失", "注销", NULL};
        static const char *const codes[CARD_STATE_COUNT] = {"",  "",  "",  "0", "0",
                                                            "1", "4", "2", "9", ""};
        for (int i = 0; i < CARD_STATE_COUNT; i++) {
                policy_text name = card_state_text((card_state)i);
                policy_text meaning = card_state_meaning((card_state)i);
                assert_true(strlen(name.zh) > 0 && strlen(name.en) > 0);
                assert_true(strlen(meaning.zh) > 0 && strlen(meaning.en) > 0);
                if (names[i] != NULL) assert_string_equal(name.zh, names[i]);
                assert_string_equal(card_state_aaz502((card_state)i), codes[i]);
        }
}

static void R40_archived_does_not_say_that_payment_stopped(void **state)
{
        (void)state;
        policy_text meaning = card_state_meaning(CARD_ARCHIVED_COLLECTED);
        assert_non_null(strstr(meaning.zh, "不影响"));
        assert_non_null(strstr(meaning.en, "contributions are not affected"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R36_every_state_has_a_name_and_a_meaning),
                cmocka_unit_test(R40_archived_does_not_say_that_payment_stopped),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
