/* CheckUsable (N13): every state, password, account and purpose against a list of its own. */
#include "services/status/rules/status_usable.h"

#include "tests/unit/services/card/rules/card_fixture.h"

static world w;
static status_facts facts;

static status_usability ask(card_state state, status_purpose purpose)
{
        world_init(&w);
        facts.holder = &w.holder;
        facts.knobs = &w.knobs;
        facts.now_ms = FIXTURE_NOW_MS;
        facts.card = state == CARD_STATE_NONE ? -1 : world_card(&w, state);
        return status_usable(&facts, purpose);
}

static void N13_only_a_normal_card_is_usable(void **state)
{
        (void)state;
        facts = (status_facts){.financial = STATUS_FINANCIAL_ABSENT};
        static const struct {
                card_state state;
                status_usability usability;
        } cases[] = {{CARD_STATE_NONE, STATUS_NOT_USABLE},
                     {CARD_REQUESTED, STATUS_NOT_USABLE},
                     {CARD_PRODUCING, STATUS_NOT_USABLE},
                     {CARD_ARCHIVED_UNCOLLECTED, STATUS_NOT_USABLE},
                     {CARD_ARCHIVED_COLLECTED, STATUS_ASK_HOLDER},
                     {CARD_NORMAL, STATUS_USABLE},
                     {CARD_TEMP_LOST, STATUS_NOT_USABLE},
                     {CARD_LOST, STATUS_NOT_USABLE},
                     {CARD_CANCELLED, STATUS_NOT_USABLE},
                     {CARD_WITHDRAWN, STATUS_NOT_USABLE}};
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_int_equal(ask(cases[i].state, STATUS_PURPOSE_MEDICAL), cases[i].usability);
}

static void A1_a_locked_password_asks_the_holder_except_at_gates(void **state)
{
        (void)state;
        facts = (status_facts){.financial = STATUS_FINANCIAL_ABSENT, .pin_locked = POLICY_YES};
        assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_MEDICAL), STATUS_ASK_HOLDER);
        assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_TRANSIT), STATUS_USABLE);
        assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_CULTURE), STATUS_USABLE);
        assert_int_equal(ask(CARD_LOST, STATUS_PURPOSE_TRANSIT), STATUS_NOT_USABLE);
        facts.pin_locked = POLICY_UNKNOWN;
        assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_MEDICAL), STATUS_USABLE);
}

static void R5_a_benefit_needs_an_active_account(void **state)
{
        (void)state;
        facts = (status_facts){.financial = STATUS_FINANCIAL_ACTIVE};
        assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_BENEFIT_PAYMENT), STATUS_USABLE);
        for (int f = STATUS_FINANCIAL_ABSENT; f <= STATUS_FINANCIAL_CLOSED; f++) {
                facts.financial = (status_financial)f;
                if (f != STATUS_FINANCIAL_ACTIVE)
                        assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_BENEFIT_PAYMENT),
                                         STATUS_ASK_HOLDER);
                assert_int_equal(ask(CARD_NORMAL, STATUS_PURPOSE_EMPLOYMENT), STATUS_USABLE);
        }
}

static void A10_an_expired_card_asks_the_holder_where_expiry_blocks(void **state)
{
        (void)state;
        facts = (status_facts){.financial = STATUS_FINANCIAL_ABSENT};
        ask(CARD_NORMAL, STATUS_PURPOSE_MEDICAL);
        w.holder.cards[0].expires_on = (civil_date){2026, 11, 22};
        assert_int_equal(status_usable(&facts, STATUS_PURPOSE_MEDICAL), STATUS_USABLE);
        w.knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = 1;
        assert_int_equal(status_usable(&facts, STATUS_PURPOSE_MEDICAL), STATUS_ASK_HOLDER);
}

static void purposes_have_the_names_of_the_claim(void **state)
{
        (void)state;
        assert_string_equal(status_purpose_name(STATUS_PURPOSE_TRANSIT), "TRANSIT");
        assert_string_equal(status_purpose_name(STATUS_PURPOSE_AUDIT), "AUDIT");
        assert_string_equal(status_purpose_name(STATUS_PURPOSE_UNSPECIFIED), "");
        assert_string_equal(status_purpose_name((status_purpose)99), "");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N13_only_a_normal_card_is_usable),
                cmocka_unit_test(A1_a_locked_password_asks_the_holder_except_at_gates),
                cmocka_unit_test(R5_a_benefit_needs_an_active_account),
                cmocka_unit_test(A10_an_expired_card_asks_the_holder_where_expiry_blocks),
                cmocka_unit_test(purposes_have_the_names_of_the_claim),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
