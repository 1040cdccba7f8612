/* What a change means for credential and bank (2.1.1). */
#include "services/card/rules/card_change.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

typedef struct expectation {
        card_state before, after;
        card_credential_effect credential;
        card_bank_effect bank;
} expectation;

/* Typed from the columns Credential and Bank link of 2.1.1. */
static const expectation PAPER[] = {
        {CARD_STATE_NONE, CARD_REQUESTED, CARD_CREDENTIAL_SAME, CARD_BANK_SAME},
        {CARD_PRODUCING, CARD_ARCHIVED_UNCOLLECTED, CARD_CREDENTIAL_ISSUED, CARD_BANK_LOADED},
        {CARD_PRODUCING, CARD_CANCELLED, CARD_CREDENTIAL_SAME, CARD_BANK_SAME},
        {CARD_ARCHIVED_UNCOLLECTED, CARD_ARCHIVED_COLLECTED, CARD_CREDENTIAL_SAME, CARD_BANK_SAME},
        {CARD_ARCHIVED_UNCOLLECTED, CARD_CANCELLED, CARD_CREDENTIAL_VOID,
         CARD_BANK_CLOSURE_PENDING},
        {CARD_ARCHIVED_COLLECTED, CARD_NORMAL, CARD_CREDENTIAL_SAME, CARD_BANK_SAME},
        {CARD_NORMAL, CARD_TEMP_LOST, CARD_CREDENTIAL_SUSPENDED, CARD_BANK_TOLD_OF_LOSS},
        {CARD_NORMAL, CARD_LOST, CARD_CREDENTIAL_SUSPENDED, CARD_BANK_TOLD_OF_LOSS},
        {CARD_TEMP_LOST, CARD_LOST, CARD_CREDENTIAL_SAME, CARD_BANK_SAME},
        {CARD_TEMP_LOST, CARD_NORMAL, CARD_CREDENTIAL_RESUMED, CARD_BANK_SAME},
        {CARD_LOST, CARD_ARCHIVED_COLLECTED, CARD_CREDENTIAL_RESUMED, CARD_BANK_SAME},
        {CARD_LOST, CARD_CANCELLED, CARD_CREDENTIAL_VOID, CARD_BANK_CLOSURE_PENDING},
        {CARD_NORMAL, CARD_NORMAL, CARD_CREDENTIAL_SAME, CARD_BANK_SAME},
};

static void effects_on_others_are_those_of_the_paper(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof PAPER / sizeof PAPER[0]; i++) {
                card_change change = {.before = {.state = PAPER[i].before},
                                      .after = {.state = PAPER[i].after}};
                assert_int_equal(card_change_credential_effect(&change), PAPER[i].credential);
                assert_int_equal(card_change_bank_effect(&change), PAPER[i].bank);
        }
}

static void timers_have_names(void **state)
{
        (void)state;
        assert_string_equal(card_timer_kind_name(CARD_TIMER_TEMP_LOSS_END), "temp_loss_end");
        assert_string_equal(card_timer_kind_name(CARD_TIMER_EXPIRED), "expired");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(effects_on_others_are_those_of_the_paper),
                cmocka_unit_test(timers_have_names),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
