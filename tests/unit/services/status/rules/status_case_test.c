/* N9, R45: the legs of a loss, a replacement and a closure, against lists typed from the paper. */
#include "services/status/rules/status_case.h"

#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;
static status_case got;

static const status_case_part ALL = {.financial = STATUS_FINANCIAL_ACTIVE,
                                     .pin = STATUS_CASE_PIN_SET};
static const status_case_part NO_SERVICES = {.financial = STATUS_FINANCIAL_ABSENT};
static const status_case_part NO_ANSWER = {.financial = STATUS_FINANCIAL_UNKNOWN,
                                           .pin = STATUS_CASE_PIN_UNKNOWN};

static void find(int card, status_case_part part, status_case_part old)
{
        int about = -1;
        status_case_kind kind = status_case_find(&w.holder, card, &about);
        status_case_fill(&w.holder, kind, about, &part, &old, &got);
}

static const status_leg *leg(const char *code)
{
        for (size_t i = 0; i < got.count; i++)
                if (strcmp(got.legs[i].code, code) == 0) return &got.legs[i];
        return NULL;
}

static void expect(const char *code, status_leg_state state, status_party waits_for)
{
        const status_leg *l = leg(code);
        if (!l) fail_msg("no leg %s", code);
        assert_int_equal(l->state, state);
        assert_int_equal(l->waits_for, waits_for);
}

static void N9_a_loss_shows_every_leg(void **state)
{
        (void)state;
        static const card_state lost[] = {CARD_TEMP_LOST, CARD_LOST};
        for (int i = 0; i < 2; i++) {
                world_init(&w);
                int card = world_card(&w, lost[i]);
                find(card, ALL, NO_SERVICES);
                assert_int_equal(got.kind, STATUS_CASE_LOSS);
                assert_false(got.done);
                expect("CARD_LOSS", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
                expect("PIN_CHECKS", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
                expect("ELECTRONIC_CARD", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
                expect("BANK_LOSS", STATUS_LEG_PENDING, STATUS_PARTY_BANK);
                assert_int_equal(leg("BANK_LOSS")->since_ms, w.holder.cards[card].state_since_ms);
                status_case_part stopped = ALL;
                stopped.bank_has_stopped = true;
                find(card, stopped, NO_SERVICES);
                expect("BANK_LOSS", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
                assert_true(got.done);
                find(card, NO_ANSWER, NO_SERVICES);
                expect("BANK_LOSS", STATUS_LEG_UNKNOWN, STATUS_PARTY_NOBODY);
                assert_false(got.done);
                find(card, NO_SERVICES, NO_SERVICES);
                assert_null(leg("BANK_LOSS"));
                assert_null(leg("PIN_CHECKS"));
        }
}

static void R45_a_closure_has_two_legs(void **state)
{
        (void)state;
        static const struct {
                status_financial financial;
                status_leg_state account;
                status_party waits_for;
                bool done;
        } paper[] = {
                {STATUS_FINANCIAL_CLOSURE_PENDING, STATUS_LEG_PENDING, STATUS_PARTY_HOLDER, false},
                {STATUS_FINANCIAL_CLOSED, STATUS_LEG_DONE, STATUS_PARTY_NOBODY, true},
                {STATUS_FINANCIAL_UNKNOWN, STATUS_LEG_UNKNOWN, STATUS_PARTY_NOBODY, false},
        };
        for (size_t i = 0; i < sizeof paper / sizeof *paper; i++) {
                world_init(&w);
                int card = world_card(&w, CARD_CANCELLED);
                status_case_part part = {.financial = paper[i].financial};
                find(card, part, NO_SERVICES);
                assert_int_equal(got.kind, STATUS_CASE_CLOSURE);
                expect("AGENCY", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
                expect("ACCOUNT", paper[i].account, paper[i].waits_for);
                assert_int_equal(got.done, paper[i].done);
        }
}

static void replace(card_state old_state, card_state new_state, int *old, int *new)
{
        world_init(&w);
        *old = world_card(&w, old_state);
        *new = world_card(&w, new_state);
        w.holder.cards[*new].supersedes = w.holder.cards[*old].id;
        w.holder.cards[*old].superseded_by = w.holder.cards[*new].id;
        card_record *fresh = &w.holder.cards[*new];
        fresh->requested_at_ms = 1000;
        fresh->made_at_ms = new_state == CARD_REQUESTED || new_state == CARD_PRODUCING ? 0 : 2000;
        bool collected = new_state == CARD_ARCHIVED_COLLECTED || new_state == CARD_NORMAL;
        fresh->collected_at_ms = collected ? 3000 : 0;
        fresh->ever_normal = new_state == CARD_NORMAL;
}

static void a_replacement_is_one_case_from_either_card(void **state)
{
        (void)state;
        int old, new;
        replace(CARD_LOST, CARD_PRODUCING, &old, &new);
        status_case_part nothing_yet = {.financial = STATUS_FINANCIAL_NONE,
                                        .pin = STATUS_CASE_PIN_NONE};
        for (int from = 0; from < 2; from++) {
                find(from ? new : old, nothing_yet, ALL);
                assert_int_equal(got.kind, STATUS_CASE_REPLACEMENT);
                assert_int_equal(got.card, new);
                expect("PRODUCTION", STATUS_LEG_PENDING, STATUS_PARTY_FACTORY);
                assert_int_equal(leg("PRODUCTION")->since_ms, 1000);
                expect("FIRST_PIN", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
                expect("NEW_ACCOUNT", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
                expect("COLLECTION", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
                expect("ENABLING", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
                expect("OLD_CARD", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
                expect("OLD_ACCOUNT", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
        }
}

static void a_replacement_moves_leg_by_leg_until_the_old_account_is_closed(void **state)
{
        (void)state;
        int old, new;
        status_case_part opening = {.financial = STATUS_FINANCIAL_NONE,
                                    .pin = STATUS_CASE_PIN_NONE};
        replace(CARD_NORMAL, CARD_ARCHIVED_UNCOLLECTED, &old, &new);
        find(old, opening, ALL);
        expect("PRODUCTION", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
        expect("FIRST_PIN", STATUS_LEG_PENDING, STATUS_PARTY_FACTORY);
        expect("NEW_ACCOUNT", STATUS_LEG_PENDING, STATUS_PARTY_BANK);
        expect("COLLECTION", STATUS_LEG_PENDING, STATUS_PARTY_HOLDER);
        replace(CARD_NORMAL, CARD_ARCHIVED_COLLECTED, &old, &new);
        find(old, ALL, ALL);
        expect("COLLECTION", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
        expect("ENABLING", STATUS_LEG_PENDING, STATUS_PARTY_HOLDER);
        replace(CARD_CANCELLED, CARD_NORMAL, &old, &new);
        status_case_part closing = {.financial = STATUS_FINANCIAL_CLOSURE_PENDING};
        find(old, ALL, closing);
        expect("ENABLING", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
        expect("OLD_CARD", STATUS_LEG_DONE, STATUS_PARTY_NOBODY);
        expect("OLD_ACCOUNT", STATUS_LEG_PENDING, STATUS_PARTY_HOLDER);
        assert_false(got.done);
        closing.financial = STATUS_FINANCIAL_CLOSED;
        find(new, ALL, closing);
        assert_true(got.done);
}

static void a_card_with_nothing_under_way_says_so(void **state)
{
        (void)state;
        world_init(&w);
        find(world_card(&w, CARD_NORMAL), ALL, NO_SERVICES);
        assert_int_equal(got.kind, STATUS_CASE_NONE);
        assert_int_equal(got.count, 0);
        assert_true(got.done);
        int old, new;
        replace(CARD_LOST, CARD_WITHDRAWN, &old, &new); /* taken back: the loss is what is left */
        find(old, ALL, NO_SERVICES);
        assert_int_equal(got.kind, STATUS_CASE_LOSS);
}

static void a_replacement_without_the_other_services_leaves_their_legs_out(void **state)
{
        (void)state;
        int old, new;
        replace(CARD_CANCELLED, CARD_NORMAL, &old, &new);
        find(new, NO_SERVICES, NO_SERVICES);
        assert_null(leg("FIRST_PIN"));
        assert_null(leg("NEW_ACCOUNT"));
        assert_null(leg("OLD_ACCOUNT"));
        assert_true(got.done);
        find(new, NO_ANSWER, NO_ANSWER);
        expect("FIRST_PIN", STATUS_LEG_UNKNOWN, STATUS_PARTY_NOBODY);
        expect("NEW_ACCOUNT", STATUS_LEG_UNKNOWN, STATUS_PARTY_NOBODY);
        expect("OLD_ACCOUNT", STATUS_LEG_UNKNOWN, STATUS_PARTY_NOBODY);
        status_case_part none = {.financial = STATUS_FINANCIAL_NONE, .pin = STATUS_CASE_PIN_SET};
        find(new, ALL, none); /* the old card never had an account */
        assert_null(leg("OLD_ACCOUNT"));
        assert_true(got.done);
}

static void a_predecessor_that_left_the_record_has_no_legs(void **state)
{
        (void)state;
        int old, new;
        replace(CARD_CANCELLED, CARD_NORMAL, &old, &new);
        memset(w.holder.cards[new].supersedes.bytes, 9, ULID_BYTES);
        find(new, ALL, NO_SERVICES);
        assert_int_equal(got.kind, STATUS_CASE_REPLACEMENT);
        assert_null(leg("OLD_CARD"));
        assert_int_equal(status_case_predecessor(&w.holder, new), -1);
        assert_int_equal(status_case_predecessor(&w.holder, old), -1);
}

static void a_successor_that_ended_is_a_closure_of_its_own(void **state)
{
        (void)state;
        int old, new;
        replace(CARD_CANCELLED, CARD_CANCELLED, &old, &new);
        find(new, ALL, NO_SERVICES);
        assert_int_equal(got.kind, STATUS_CASE_CLOSURE);
        expect("ACCOUNT", STATUS_LEG_NOT_YET, STATUS_PARTY_NOBODY);
}

static void a_lost_card_without_an_account_asks_no_bank(void **state)
{
        (void)state;
        world_init(&w);
        status_case_part none = {.financial = STATUS_FINANCIAL_NONE, .pin = STATUS_CASE_PIN_SET};
        find(world_card(&w, CARD_LOST), none, NO_SERVICES);
        assert_null(leg("BANK_LOSS"));
        assert_true(got.done);
}

static void S12_every_leg_has_a_title_in_both_languages(void **state)
{
        (void)state;
        int old, new;
        replace(CARD_CANCELLED, CARD_NORMAL, &old, &new);
        find(new, ALL, ALL);
        for (size_t i = 0; i < got.count; i++)
                assert_true(*got.legs[i].title.zh && *got.legs[i].title.en && *got.legs[i].rule);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N9_a_loss_shows_every_leg),
                cmocka_unit_test(R45_a_closure_has_two_legs),
                cmocka_unit_test(a_replacement_is_one_case_from_either_card),
                cmocka_unit_test(a_replacement_moves_leg_by_leg_until_the_old_account_is_closed),
                cmocka_unit_test(a_card_with_nothing_under_way_says_so),
                cmocka_unit_test(a_replacement_without_the_other_services_leaves_their_legs_out),
                cmocka_unit_test(a_predecessor_that_left_the_record_has_no_legs),
                cmocka_unit_test(a_successor_that_ended_is_a_closure_of_its_own),
                cmocka_unit_test(a_lost_card_without_an_account_asks_no_bank),
                cmocka_unit_test(S12_every_leg_has_a_title_in_both_languages),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
