/* Where two conditions meet that rarely do: the branches that no other test of these rules takes.
 * ./suite lint branches holds that there are none left over. */
#include "services/bank/rules/bank_refusals.h"
#include "services/status/rules/status_next_steps.h"
#include "services/status/rules/status_refusals.h"
#include "services/status/rules/status_speakable.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;
static status_facts facts;

static void ask_about(card_state state)
{
        world_init(&w);
        facts = (status_facts){.holder = &w.holder,
                               .card = world_card(&w, state),
                               .knobs = &w.knobs,
                               .now_ms = FIXTURE_NOW_MS,
                               .financial = STATUS_FINANCIAL_ABSENT};
}

static bool names(const char *code)
{
        const policy_step *steps[STATUS_STEPS_MAX];
        for (size_t i = status_next_steps(&facts, steps); i-- > 0;)
                if (strcmp(steps[i]->code, code) == 0) return true;
        return false;
}

static void R17_the_initial_password_is_to_be_changed_while_the_card_is_in_hand(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                bool told;
        } cases[] = {{CARD_NORMAL, true},
                     {CARD_ARCHIVED_COLLECTED, true},
                     {CARD_ARCHIVED_UNCOLLECTED, false},
                     {CARD_LOST, false}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                ask_about(cases[i].state);
                assert_false(names("CHANGE_INITIAL_PIN"));
                facts.pin_is_initial = true;
                assert_int_equal(names("CHANGE_INITIAL_PIN"), cases[i].told);
        }
}

static void R5_R8_an_account_is_activated_for_a_card_in_hand(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                bool told;
        } cases[] = {{CARD_NORMAL, true},
                     {CARD_ARCHIVED_COLLECTED, true},
                     {CARD_ARCHIVED_UNCOLLECTED, false},
                     {CARD_LOST, false}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                ask_about(cases[i].state);
                facts.financial = STATUS_FINANCIAL_LOADED;
                assert_int_equal(names(BANK_STEP_ACTIVATE.code), cases[i].told);
                facts.bank_is_asked = true;
                assert_false(names(BANK_STEP_ACTIVATE.code));
                assert_true(names(BANK_STEP_WAIT_FOR_BANK.code));
        }
}

static void R44_an_account_that_never_was_is_not_closed(void **state)
{
        (void)state;
        static const struct {
                status_financial financial;
                bool told;
        } cases[] = {{STATUS_FINANCIAL_ACTIVE, true},
                     {STATUS_FINANCIAL_CLOSED, false},
                     {STATUS_FINANCIAL_NONE, false}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                ask_about(CARD_CANCELLED);
                facts.financial = cases[i].financial;
                assert_int_equal(names("CLOSE_BANK_ACCOUNT_AT_COUNTER"), cases[i].told);
        }
}

static void R48_no_date_is_told_where_there_is_none(void **state)
{
        (void)state;
        char text[1200];
        ask_about(CARD_TEMP_LOST);
        w.holder.cards[0].temp_loss_outcome = CARD_TEMP_LOSS_HOLD;
        status_speak(&facts, "en", text, sizeof text);
        assert_null(strstr(text, "midnight"));
        ask_about(CARD_NORMAL);
        w.holder.cards[0].expires_on = (civil_date){0};
        status_speak(&facts, "en", text, sizeof text);
        assert_null(strstr(text, "valid until"));
}

static void every_reason_is_explained_by_whoever_refuses_with_it(void **state)
{
        (void)state;
        static const char *const reasons[] = {"CARD_LOST", "WRONG_BANK", "ROLE_NOT_ALLOWED"};
        for (size_t i = 0; i < 3; i++)
                assert_string_equal(status_refusal_find(reasons[i])->reason, reasons[i]);
        assert_null(status_refusal_find("SHOE_SIZE"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(
                        R17_the_initial_password_is_to_be_changed_while_the_card_is_in_hand),
                cmocka_unit_test(R5_R8_an_account_is_activated_for_a_card_in_hand),
                cmocka_unit_test(R44_an_account_that_never_was_is_not_closed),
                cmocka_unit_test(R48_no_date_is_told_where_there_is_none),
                cmocka_unit_test(every_reason_is_explained_by_whoever_refuses_with_it),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
