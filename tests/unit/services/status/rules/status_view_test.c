/* What people are shown (R3, R5, R36, R40). */
#include "services/status/rules/status_view.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static void R36_archived_is_the_state_of_a_made_card_that_is_not_enabled(void **state)
{
        (void)state;
        assert_int_equal(status_display_of(CARD_ARCHIVED_UNCOLLECTED, POLICY_NO),
                         STATUS_DISPLAY_ARCHIVED);
        assert_int_equal(status_display_of(CARD_ARCHIVED_COLLECTED, POLICY_NO),
                         STATUS_DISPLAY_ARCHIVED);
        assert_int_equal(status_display_of(CARD_STATE_NONE, POLICY_NO), STATUS_DISPLAY_NONE);
        assert_string_equal(status_display_text(STATUS_DISPLAY_ARCHIVED).zh, "封存");
        assert_non_null(strstr(status_display_meaning(STATUS_DISPLAY_ARCHIVED).en,
                               "has not been activated"));
}

static void R19_only_a_normal_card_is_shown_as_locked(void **state)
{
        (void)state;
        for (int s = CARD_REQUESTED; s <= CARD_WITHDRAWN; s++) {
                status_display open = status_display_of((card_state)s, POLICY_NO);
                assert_int_equal(status_display_of((card_state)s, POLICY_UNKNOWN), open);
                assert_int_equal(status_display_of((card_state)s, POLICY_YES),
                                 s == CARD_NORMAL ? STATUS_DISPLAY_LOCKED : open);
        }
}

static void the_national_code_is_that_of_the_document(void **state)
{
        (void)state;
        static const char *const codes[STATUS_DISPLAY_COUNT] = {"",  "",  "",  "0", "1",
                                                                "4", "2", "9", "",  "3"};
        for (int i = 0; i < STATUS_DISPLAY_COUNT; i++) {
                assert_string_equal(status_display_aaz502((status_display)i), codes[i]);
                policy_text text = status_display_text((status_display)i);
                policy_text meaning = status_display_meaning((status_display)i);
                assert_true(strlen(text.zh) > 0 && strlen(text.en) > 0);
                assert_true(strlen(meaning.zh) > 0 && strlen(meaning.en) > 0);
        }
}

static void R3_the_social_function_is_told_apart_from_the_financial_one(void **state)
{
        (void)state;
        static world w;
        world_init(&w);
        int lost = world_card(&w, CARD_LOST);
        assert_int_equal(status_social_of(&w.holder.cards[lost]), STATUS_SOCIAL_SUSPENDED);
        w.holder.cards[lost].prior = CARD_ARCHIVED_COLLECTED; /* it never was enabled */
        assert_int_equal(status_social_of(&w.holder.cards[lost]), STATUS_SOCIAL_NOT_ENABLED);
        static const struct {
                card_state state;
                status_social social;
        } cases[] = {{CARD_REQUESTED, STATUS_SOCIAL_NOT_ISSUED},
                     {CARD_PRODUCING, STATUS_SOCIAL_NOT_ISSUED},
                     {CARD_ARCHIVED_UNCOLLECTED, STATUS_SOCIAL_NOT_ENABLED},
                     {CARD_ARCHIVED_COLLECTED, STATUS_SOCIAL_NOT_ENABLED},
                     {CARD_NORMAL, STATUS_SOCIAL_ENABLED},
                     {CARD_CANCELLED, STATUS_SOCIAL_ENDED},
                     {CARD_WITHDRAWN, STATUS_SOCIAL_NOT_ISSUED}};
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_int_equal(status_social_of(&(card_record){.state = cases[i].state}),
                                 cases[i].social);
}

static void R5_payout_is_ready_only_when_the_account_is_known_to_be_active(void **state)
{
        (void)state;
        status_facts facts = {.card = -1};
        facts.financial = STATUS_FINANCIAL_ACTIVE;
        assert_int_equal(status_payout_of(&facts), STATUS_PAYOUT_READY);
        facts.financial = STATUS_FINANCIAL_LOADED;
        assert_int_equal(status_payout_of(&facts), STATUS_PAYOUT_NOT_READY);
        facts.financial = STATUS_FINANCIAL_UNKNOWN;
        assert_int_equal(status_payout_of(&facts), STATUS_PAYOUT_UNKNOWN);
        facts.financial = STATUS_FINANCIAL_ABSENT;
        assert_int_equal(status_payout_of(&facts), STATUS_PAYOUT_UNKNOWN);
}

/* Typed from 2.4 and the API. */
static void R3_the_financial_function_stands_as_the_link_does(void **state)
{
        (void)state;
        static const status_financial expected[BANK_STATE_COUNT] = {
                [BANK_NONE] = STATUS_FINANCIAL_NONE,
                [BANK_LOADED] = STATUS_FINANCIAL_LOADED,
                [BANK_ACTIVE] = STATUS_FINANCIAL_ACTIVE,
                [BANK_CLOSURE_PENDING] = STATUS_FINANCIAL_CLOSURE_PENDING,
                [BANK_CLOSED] = STATUS_FINANCIAL_CLOSED};
        for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++)
                assert_int_equal(status_financial_of(&(bank_link){.state = (bank_state)link}),
                                 expected[link]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R3_the_financial_function_stands_as_the_link_does),
                cmocka_unit_test(R36_archived_is_the_state_of_a_made_card_that_is_not_enabled),
                cmocka_unit_test(R19_only_a_normal_card_is_shown_as_locked),
                cmocka_unit_test(the_national_code_is_that_of_the_document),
                cmocka_unit_test(R3_the_social_function_is_told_apart_from_the_financial_one),
                cmocka_unit_test(R5_payout_is_ready_only_when_the_account_is_known_to_be_active),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
