/* R43 to R46: the advice on each card, against a list typed from the paper. */
#include "services/status/rules/status_advice.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;

static status_advice advice_on(card_state state, status_financial financial)
{
        world_init(&w);
        status_facts facts = {.holder = &w.holder,
                              .knobs = &w.knobs,
                              .now_ms = FIXTURE_NOW_MS,
                              .card = world_card(&w, state),
                              .financial = financial};
        return status_advise(&facts);
}

static void R43_each_state_has_its_advice(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                status_financial financial;
                status_advice advice;
        } paper[] = {
                {CARD_REQUESTED, STATUS_FINANCIAL_NONE, STATUS_ADVICE_WAIT},
                {CARD_PRODUCING, STATUS_FINANCIAL_NONE, STATUS_ADVICE_WAIT},
                {CARD_ARCHIVED_UNCOLLECTED, STATUS_FINANCIAL_LOADED, STATUS_ADVICE_COLLECT},
                {CARD_ARCHIVED_COLLECTED, STATUS_FINANCIAL_LOADED, STATUS_ADVICE_ENABLE},
                {CARD_NORMAL, STATUS_FINANCIAL_ACTIVE, STATUS_ADVICE_KEEP},
                {CARD_TEMP_LOST, STATUS_FINANCIAL_ACTIVE, STATUS_ADVICE_RESOLVE_LOSS},
                {CARD_LOST, STATUS_FINANCIAL_ACTIVE, STATUS_ADVICE_CLOSE_BANK_ACCOUNT},
                {CARD_LOST, STATUS_FINANCIAL_UNKNOWN, STATUS_ADVICE_CLOSE_BANK_ACCOUNT},
                {CARD_LOST, STATUS_FINANCIAL_CLOSED, STATUS_ADVICE_NOTHING},
                {CARD_CANCELLED, STATUS_FINANCIAL_CLOSURE_PENDING,
                 STATUS_ADVICE_CLOSE_BANK_ACCOUNT},
                {CARD_CANCELLED, STATUS_FINANCIAL_ABSENT, STATUS_ADVICE_CLOSE_BANK_ACCOUNT},
                {CARD_CANCELLED, STATUS_FINANCIAL_CLOSED, STATUS_ADVICE_NOTHING},
                {CARD_CANCELLED, STATUS_FINANCIAL_NONE, STATUS_ADVICE_NOTHING},
                {CARD_WITHDRAWN, STATUS_FINANCIAL_NONE, STATUS_ADVICE_NOTHING},
        };
        for (size_t i = 0; i < sizeof paper / sizeof *paper; i++)
                assert_int_equal(advice_on(paper[i].state, paper[i].financial), paper[i].advice);
}

static void R45_R46_one_of_several_depends_on_local_benefits(void **state)
{
        (void)state;
        static const struct {
                card_entitlement entitlement;
                status_advice advice;
        } paper[] = {
                {CARD_ENTITLEMENT_DRAWN, STATUS_ADVICE_KEEP_FOR_BENEFITS},
                {CARD_ENTITLEMENT_NONE, STATUS_ADVICE_CANCEL},
                {CARD_ENTITLEMENT_UNKNOWN, STATUS_ADVICE_CHECK_LOCAL_BENEFITS},
        };
        for (size_t i = 0; i < sizeof paper / sizeof *paper; i++) {
                world_init(&w);
                int first = world_card(&w, CARD_NORMAL);
                int second = world_card(&w, CARD_NORMAL);
                w.holder.cards[second].legacy_duplicate = true;
                w.holder.person.entitlement = paper[i].entitlement;
                status_facts facts = {.holder = &w.holder,
                                      .knobs = &w.knobs,
                                      .now_ms = FIXTURE_NOW_MS,
                                      .card = first,
                                      .financial = STATUS_FINANCIAL_ACTIVE};
                assert_int_equal(status_advise(&facts), paper[i].advice);
        }
}

static void S12_every_advice_has_a_text_and_a_rule(void **state)
{
        (void)state;
        for (int a = STATUS_ADVICE_KEEP; a < STATUS_ADVICE_COUNT; a++) {
                policy_text text = status_advice_text((status_advice)a);
                assert_true(strlen(text.zh) > 0 && strlen(text.en) > 0);
                assert_true(status_advice_rule((status_advice)a)[0] == 'R');
        }
}

static void R43_live_cards_come_first_then_the_newest(void **state)
{
        (void)state;
        uint8_t order[CARD_CARDS_MAX];
        world_init(&w);
        int ended = world_card(&w, CARD_CANCELLED);
        int live = world_card(&w, CARD_NORMAL);
        int newest = world_card(&w, CARD_WITHDRAWN);
        memset(w.holder.cards[ended].id.bytes, 1, ULID_BYTES);
        memset(w.holder.cards[live].id.bytes, 2, ULID_BYTES);
        memset(w.holder.cards[newest].id.bytes, 3, ULID_BYTES);
        assert_int_equal(status_advice_order(&w.holder, order), 3);
        assert_int_equal(order[0], live);
        assert_int_equal(order[1], newest);
        assert_int_equal(order[2], ended);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R43_each_state_has_its_advice),
                cmocka_unit_test(R45_R46_one_of_several_depends_on_local_benefits),
                cmocka_unit_test(S12_every_advice_has_a_text_and_a_rule),
                cmocka_unit_test(R43_live_cards_come_first_then_the_newest),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
