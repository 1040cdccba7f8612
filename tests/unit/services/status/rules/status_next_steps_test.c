/* What to do now, by state, delivery and overlay (R2, R20, R35-R40, R43-R48). */
#include "services/status/rules/status_next_steps.h"

#include "services/card/rules/card_guidance.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;
static status_facts facts;
static const policy_step *steps[STATUS_STEPS_MAX];
static size_t count;

static void ask(int card)
{
        facts.holder = &w.holder;
        facts.card = card;
        facts.knobs = &w.knobs;
        facts.now_ms = w.facts.now_ms;
        count = status_next_steps(&facts, steps);
}

static void begin(void)
{
        world_init(&w);
        facts = (status_facts){.financial = STATUS_FINANCIAL_ABSENT};
}

static bool names(const char *code)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(steps[i]->code, code) == 0) return true;
        return false;
}

static bool warns(const char *code)
{
        const policy_step *warnings[STATUS_WARNINGS_MAX];
        size_t found = status_warnings(&facts, warnings);
        for (size_t i = 0; i < found; i++)
                if (strcmp(warnings[i]->code, code) == 0) return true;
        return false;
}

static void each_state_names_its_first_step(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                const char *code;
        } cases[] = {{CARD_REQUESTED, "WAIT_FOR_PRODUCTION"},
                     {CARD_PRODUCING, "WAIT_FOR_PRODUCTION"},
                     {CARD_ARCHIVED_UNCOLLECTED, "COLLECT_CARD"},         /* R37 */
                     {CARD_ARCHIVED_COLLECTED, "ENABLE_SOCIAL_FUNCTION"}, /* R38 */
                     {CARD_TEMP_LOST, "RECOVER_CARD"},
                     {CARD_LOST, "REPLACE_LOST_CARD"},
                     {CARD_CANCELLED, "APPLY_ANEW"},
                     {CARD_WITHDRAWN, "APPLY_ANEW"}};
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                begin();
                ask(world_card(&w, cases[i].state));
                assert_true(count > 0);
                assert_string_equal(steps[0]->code, cases[i].code);
        }
        begin();
        ask(world_card(&w, CARD_NORMAL));
        assert_int_equal(count, 0); /* nothing puzzles: nothing to say */
}

static void R35_an_expiring_card_warns_of_links_and_may_be_renewed(void **state)
{
        (void)state;
        begin();
        int card = world_card(&w, CARD_NORMAL);
        w.holder.cards[card].expires_on = civil_date_add_days(civil_date_at(FIXTURE_NOW_MS), 60);
        ask(card);
        assert_true(names("RENEW_CARD"));
        assert_true(warns("NEVER_CLICK_EXPIRY_LINKS"));
        w.holder.cards[card].expires_on = civil_date_add_days(civil_date_at(FIXTURE_NOW_MS), 61);
        ask(card);
        assert_false(names("RENEW_CARD"));
        assert_false(warns("NEVER_CLICK_EXPIRY_LINKS"));
}

static void R40_archived_says_that_contributions_go_on(void **state)
{
        (void)state;
        begin();
        ask(world_card(&w, CARD_ARCHIVED_UNCOLLECTED));
        assert_true(warns("CONTRIBUTIONS_NOT_AFFECTED"));
        ask(-1);
        assert_true(warns("CONTRIBUTIONS_NOT_AFFECTED"));
}

static void R43_several_cards_are_told_to_be_sorted_out(void **state)
{
        (void)state;
        begin();
        int first = world_card(&w, CARD_NORMAL);
        int second = world_card(&w, CARD_NORMAL);
        w.holder.cards[first].legacy_duplicate = true;
        ask(second);
        assert_true(names("CANCEL_DUPLICATE"));
        w.holder.person.entitlement = CARD_ENTITLEMENT_DRAWN; /* it would be refused (R46) */
        ask(second);
        assert_false(names("CANCEL_DUPLICATE"));
}

static void R44_an_account_outlives_its_card_until_it_is_closed(void **state)
{
        (void)state;
        begin();
        ask(world_card(&w, CARD_CANCELLED));
        assert_true(names("CLOSE_BANK_ACCOUNT_AT_COUNTER"));
        facts.financial = STATUS_FINANCIAL_CLOSURE_PENDING;
        ask(0);
        assert_true(names("CLOSE_BANK_ACCOUNT_AT_COUNTER"));
        facts.financial = STATUS_FINANCIAL_CLOSED;
        ask(0);
        assert_false(names("CLOSE_BANK_ACCOUNT_AT_COUNTER"));
}

static void
R9_a_loaded_account_is_activated_at_its_bank_and_an_absent_one_not_mentioned(void **state)
{
        (void)state;
        begin();
        int card = world_card(&w, CARD_NORMAL);
        ask(card);
        assert_false(names("ACTIVATE_FINANCIAL_FUNCTION"));
        facts.financial = STATUS_FINANCIAL_LOADED;
        ask(card);
        assert_true(names("ACTIVATE_FINANCIAL_FUNCTION"));
        assert_true(names("HOME_VISIT_OR_AGENT"));
        facts.bank_is_asked = true;
        ask(card);
        assert_false(names("ACTIVATE_FINANCIAL_FUNCTION"));
        assert_true(names("WAIT_FOR_BANK"));
        facts.bank_is_asked = false;
        w.holder.cards[card].state = CARD_LOST;
        w.holder.cards[card].prior = CARD_NORMAL;
        ask(card);
        assert_false(names("ACTIVATE_FINANCIAL_FUNCTION"));
}

static void R13_a_loss_that_the_bank_knows_of_is_not_to_be_reported_there_again(void **state)
{
        (void)state;
        begin();
        int card = world_card(&w, CARD_TEMP_LOST);
        facts.financial = STATUS_FINANCIAL_ACTIVE;
        ask(card);
        assert_true(names("REPORT_TO_BANK_TOO"));
        facts.bank_has_stopped = true;
        ask(card);
        assert_false(names("REPORT_TO_BANK_TOO"));
}

static void R20_a_locked_password_is_told_only_where_somebody_knows(void **state)
{
        (void)state;
        begin();
        int card = world_card(&w, CARD_NORMAL);
        ask(card);
        assert_false(names("UNLOCK_OR_RESET_PASSWORD"));
        facts.pin_locked = POLICY_YES;
        ask(card);
        assert_string_equal(steps[0]->code, "UNLOCK_OR_RESET_PASSWORD");
}

static void a_successor_on_its_way_comes_first(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                const char *code;
        } cases[] = {{CARD_REQUESTED, "WAIT_FOR_NEW_CARD"},
                     {CARD_PRODUCING, "WAIT_FOR_NEW_CARD"},
                     {CARD_ARCHIVED_UNCOLLECTED, "COLLECT_NEW_CARD"},
                     {CARD_ARCHIVED_COLLECTED, "ENABLE_NEW_CARD"}};
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                begin();
                int old = world_card(&w, CARD_LOST), next = world_card(&w, cases[i].state);
                w.holder.cards[next].supersedes = w.holder.cards[old].id;
                w.holder.cards[old].superseded_by = w.holder.cards[next].id;
                ask(old);
                assert_string_equal(steps[0]->code, cases[i].code);
                assert_false(names("REPLACE_LOST_CARD"));
                assert_false(names("RECOVER_CARD"));
        }
}

static void A2_recovery_is_offered_only_where_the_region_allows_it(void **state)
{
        (void)state;
        begin();
        int card = world_card(&w, CARD_LOST);
        ask(card);
        assert_true(names("RECOVER_CARD"));
        w.knobs.values[CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS] = CARD_RECOVER_NEVER;
        ask(card);
        assert_false(names("RECOVER_CARD"));
}

static void a_person_without_a_card_may_apply_unless_dead(void **state)
{
        (void)state;
        begin();
        ask(-1);
        assert_string_equal(steps[0]->code, "APPLY_FOR_CARD");
        w.holder.person.died_on = (civil_date){2026, 1, 1};
        ask(-1);
        assert_int_equal(count, 0);
}

/* S11: whatever is named for whatever state can be done. */
static void S11_every_step_of_every_state_can_be_done(void **state)
{
        (void)state;
        int tried = 0;
        static card_verdict verdict;
        for (int s = CARD_REQUESTED; s <= CARD_WITHDRAWN; s++)
                for (int expiring = 0; expiring <= 1; expiring++)
                        for (int entitled = 0; entitled <= 1; entitled++) {
                                begin();
                                int card = world_card(&w, (card_state)s);
                                if (expiring && card_state_is_made((card_state)s))
                                        w.holder.cards[card].expires_on =
                                                civil_date_at(FIXTURE_NOW_MS);
                                w.holder.person.entitlement =
                                        entitled ? CARD_ENTITLEMENT_DRAWN : CARD_ENTITLEMENT_NONE;
                                ask(card);
                                for (size_t i = 0; i < count; i++) {
                                        if (steps[i]->operation == NULL) continue;
                                        /* Waiting for production is the one that has a step before.
                                         */
                                        if (steps[i] == &CARD_STEP_WAIT_FOR_PRODUCTION &&
                                            s == CARD_REQUESTED)
                                                continue;
                                        world_as(&w, policy_roles_first(steps[i]->who),
                                                 policy_channels_first(steps[i]->channels));
                                        card_operation operation =
                                                card_operation_find(steps[i]->operation);
                                        card_probe kind = card_rules_probe(
                                                &w.facts, w.holder.cards[card].id, operation,
                                                CARD_EVIDENCES_ALL, &verdict);
                                        assert_true(kind == CARD_PROBE_ALLOWED ||
                                                    kind == CARD_PROBE_NEEDS);
                                        tried++;
                                }
                        }
        print_message("S11: %d named steps tried\n", tried);
        assert_true(tried > 20);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_state_names_its_first_step),
                cmocka_unit_test(R35_an_expiring_card_warns_of_links_and_may_be_renewed),
                cmocka_unit_test(R40_archived_says_that_contributions_go_on),
                cmocka_unit_test(R43_several_cards_are_told_to_be_sorted_out),
                cmocka_unit_test(R44_an_account_outlives_its_card_until_it_is_closed),
                cmocka_unit_test(
                        R9_a_loaded_account_is_activated_at_its_bank_and_an_absent_one_not_mentioned),
                cmocka_unit_test(
                        R13_a_loss_that_the_bank_knows_of_is_not_to_be_reported_there_again),
                cmocka_unit_test(R20_a_locked_password_is_told_only_where_somebody_knows),
                cmocka_unit_test(a_successor_on_its_way_comes_first),
                cmocka_unit_test(A2_recovery_is_offered_only_where_the_region_allows_it),
                cmocka_unit_test(a_person_without_a_card_may_apply_unless_dead),
                cmocka_unit_test(S11_every_step_of_every_state_can_be_done),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
