/* Where two conditions meet that rarely do: the branches that no table of the paper walks through.
 * ./suite test coverage holds that there are none left over. */
#include "services/card/rules/card_guidance.h"
#include "services/card/rules/card_holder.h"
#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_rules.h"
#include "services/card/rules/card_settle.h"
#include "services/card/rules/card_texts.h"
#include "services/card/rules/identity_number.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;

static int begin(card_state state)
{
        world_init(&w);
        return world_card(&w, state);
}

/* By whoever may, with everything in order; then `change` spoils it. */
static card_event *by_whoever_may(card_operation operation, int card)
{
        world_as_whoever_may(&w, operation, CARD_STATE_NONE);
        return world_event(&w, operation, card);
}

/* ---- dates ---- */

static void a_card_is_not_issued_on_a_day_that_does_not_exist_or_has_not_come(void **state)
{
        (void)state;
        static const civil_date wrong[] = {{2026, 2, 30}, {2026, 11, 24}};
        for (size_t i = 0; i < 2; i++) {
                card_event *event =
                        by_whoever_may(CARD_OPERATION_COMPLETE_PRODUCTION, begin(CARD_PRODUCING));
                event->issued_on = wrong[i];
                world_expect(&w, "DATE_IMPOSSIBLE");
        }
}

static void a_card_does_not_expire_before_it_is_issued_or_on_no_day(void **state)
{
        (void)state;
        static const civil_date wrong[] = {{2036, 2, 30}, {2026, 11, 1}, {2026, 11, 20}};
        for (size_t i = 0; i < 3; i++) {
                card_event *event =
                        by_whoever_may(CARD_OPERATION_COMPLETE_PRODUCTION, begin(CARD_PRODUCING));
                event->issued_on = (civil_date){2026, 11, 20};
                event->expires_on = wrong[i];
                world_expect(&w, "DATE_IMPOSSIBLE");
        }
        card_event *event =
                by_whoever_may(CARD_OPERATION_COMPLETE_PRODUCTION, begin(CARD_PRODUCING));
        event->issued_on = (civil_date){2026, 11, 20};
        event->expires_on = (civil_date){2031, 11, 20};
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[0].issued_on.day, 20);
        assert_int_equal(w.verdict.after.cards[0].expires_on.year, 2031);
}

static void R1_nobody_dies_before_birth(void **state)
{
        (void)state;
        begin(CARD_NORMAL);
        by_whoever_may(CARD_OPERATION_RECORD_DEATH, -1)->died_on = (civil_date){1980, 1, 1};
        world_expect(&w, "DATE_IMPOSSIBLE");
        w.holder.person.born_on = (civil_date){0};
        world_expect(&w, "OK");
}

static void R45_an_entitlement_of_the_future_is_refused_unless_it_is_known_already(void **state)
{
        (void)state;
        begin(CARD_NORMAL);
        int64_t ahead = FIXTURE_NOW_MS + DAY_MS;
        by_whoever_may(CARD_OPERATION_SET_ENTITLEMENT, -1)->entitlement_as_of_ms = ahead;
        world_expect(&w, "DATE_IMPOSSIBLE");
        w.holder.person.entitlement = w.event.entitlement;
        w.holder.person.entitlement_as_of_ms = ahead;
        world_expect(&w, "OK");
}

/* ---- who ---- */

static void R45_the_place_that_issued_the_card_cancels_it(void **state)
{
        (void)state;
        static const struct {
                const char *callers, *owners, *reason;
        } cases[] = {{"330000", "330000", "OK"},
                     {"440000", "330000", "ISSUING_PLACE_REQUIRED"},
                     {"", "330000", "OK"},
                     {NULL, "330000", "OK"},
                     {"440000", "", "OK"}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                int card = begin(CARD_NORMAL);
                world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
                w.caller.region = cases[i].callers;
                w.facts.region = cases[i].owners;
                world_event(&w, CARD_OPERATION_CANCEL_BY_HOLDER, card);
                world_expect(&w, cases[i].reason);
        }
}

static void a_second_person_is_another_one_even_where_the_first_has_no_name(void **state)
{
        (void)state;
        int card = begin(CARD_NORMAL);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, card)->cancel_reason =
                CARD_CANCEL_ERROR;
        w.caller.subject = "op-1";
        w.caller.approver = "op-1";
        world_expect(&w, "SECOND_PERSON_REQUIRED");
        w.caller.subject = NULL;
        world_expect(&w, "OK");
        w.caller.approver = "";
        world_expect(&w, "SECOND_PERSON_REQUIRED");
}

static void R42_the_death_record_is_the_authority_for_a_death(void **state)
{
        (void)state;
        static const struct {
                card_cancel_reason reason;
                card_evidences evidence;
                const char *verdict;
        } cases[] = {{CARD_CANCEL_DEATH, CARD_E(DEATH_RECORD), "OK"},
                     {CARD_CANCEL_DEATH, 0, "MISSING_EVIDENCE"},
                     {CARD_CANCEL_ERROR, CARD_E(DEATH_RECORD), "MISSING_EVIDENCE"},
                     {CARD_CANCEL_ERROR, CARD_E(AUTHORITY_DOCUMENT), "OK"}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                int card = begin(CARD_NORMAL);
                world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
                w.caller.approver = "op-2";
                card_event *event = world_event(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, card);
                event->cancel_reason = cases[i].reason;
                event->evidence = cases[i].evidence;
                world_expect(&w, cases[i].verdict);
        }
}

static void a_guardian_may_apply_for_whom_no_birthday_is_known(void **state)
{
        (void)state;
        world_init(&w);
        w.holder.exists = false;
        world_as(&w, POLICY_ROLE_GUARDIAN, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_APPLY, -1)->born_on = (civil_date){0};
        world_expect(&w, "OK");
        w.event.born_on = (civil_date){1990, 1, 1};
        world_expect(&w, "GUARDIAN_AGE_LIMIT");
}

/* ---- applying and replacing ---- */

static void an_application_keeps_its_reason_and_its_texts(void **state)
{
        (void)state;
        world_init(&w);
        by_whoever_may(CARD_OPERATION_APPLY, -1)->apply_reason = CARD_APPLY_TRANSFER_IN;
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[0].apply_reason, CARD_APPLY_TRANSFER_IN);
        w.event.apply_reason = CARD_APPLY_NONE;
        w.event.scope = "";
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[0].apply_reason, CARD_APPLY_FIRST);
        assert_string_equal(w.verdict.after.cards[0].scope, "");
}

static void R42_a_legacy_duplicate_is_replaced_where_that_leaves_one_card(void **state)
{
        (void)state;
        int card = begin(CARD_NORMAL);
        w.holder.cards[card].legacy_duplicate = true;
        int other = world_card(&w, CARD_NORMAL);
        by_whoever_may(CARD_OPERATION_REPLACE_DAMAGED, card);
        world_apply(&w);
        assert_string_not_equal(world_reason(&w), "OK"); /* beside a card that counts */
        w.holder.cards[other].legacy_duplicate = true;
        world_expect(&w, "OK");
}

static void a_repeat_without_a_number_is_malformed(void **state)
{
        (void)state;
        int card = begin(CARD_ARCHIVED_UNCOLLECTED);
        by_whoever_may(CARD_OPERATION_COMPLETE_PRODUCTION, card)->number = NULL;
        world_expect(&w, "CARD_NUMBER_MALFORMED");
        w.event.number = w.holder.cards[card].number;
        world_expect(&w, "OK");
        assert_false(w.verdict.changed);
}

/* ---- invariants ---- */

static void expect_broken(const char *beginning)
{
        const char *broken = card_invariants_broken(&w.holder);
        assert_non_null(broken);
        assert_memory_equal(broken, beginning, strlen(beginning));
}

static void what_cannot_be_is_named(void **state)
{
        (void)state;
        begin(CARD_NORMAL);
        w.holder.cards[0].state = (card_state)CARD_STATE_COUNT;
        expect_broken("a card has no state");
        begin(CARD_NORMAL);
        w.holder.exists = false;
        expect_broken("cards of nobody");
        w.holder.card_count = 0;
        assert_null(card_invariants_broken(&w.holder));
        begin(CARD_NORMAL);
        w.holder.cards[0].superseded_by = world_id(4711);
        expect_broken("I4: a live card's successor");
        begin(CARD_CANCELLED);
        int next = world_card(&w, CARD_REQUESTED);
        w.holder.cards[0].cancel_reason = CARD_CANCEL_REPLACED;
        w.holder.cards[0].superseded_by = w.holder.cards[next].id;
        expect_broken("I4: replaced by a card that nobody collected");
        begin(CARD_NORMAL);
        world_card(&w, CARD_REQUESTED);
        expect_broken("I1: a second live card is nobody's successor");
}

static void I2_what_has_ended_is_never_left(void **state)
{
        (void)state;
        static const card_state ended[] = {CARD_CANCELLED, CARD_WITHDRAWN};
        for (size_t i = 0; i < 2; i++) {
                int card = begin(ended[i]);
                card_change change = {.before = w.holder.cards[card],
                                      .after = w.holder.cards[card]};
                change.after.version++;
                assert_null(card_change_broken(&change));
                change.after.state = CARD_NORMAL;
                assert_non_null(card_change_broken(&change));
        }
        int card = begin(CARD_NORMAL);
        card_change change = {.before = w.holder.cards[card], .after = w.holder.cards[card]};
        change.after.version++;
        change.after.id = world_id(4711);
        assert_non_null(card_change_broken(&change));
        change.before = (card_record){.version = change.after.version - 1};
        assert_null(card_change_broken(&change)); /* a new card had no id */
}

static void I4_a_card_is_replaced_by_one_that_was_collected(void **state)
{
        (void)state;
        int old = begin(CARD_CANCELLED), next = world_card(&w, CARD_NORMAL);
        w.holder.cards[old].cancel_reason = CARD_CANCEL_REPLACED;
        w.holder.cards[old].superseded_by = w.holder.cards[next].id;
        w.holder.cards[next].supersedes = w.holder.cards[old].id;
        assert_null(card_invariants_broken(&w.holder));
        w.holder.cards[old].superseded_by = world_id(4711); /* one that has left a full record */
        assert_null(card_invariants_broken(&w.holder));
}

/* ---- import ---- */

/* One card alone, of a person who is new. */
static card_record *imported(world *import, card_state state)
{
        world_init(&w);
        w.holder.exists = false;
        world_init(import);
        return &import->holder.cards[world_card(import, state)];
}

static void expect_import(const world *import, const char *reason)
{
        card_rules_import(&w.facts, &import->holder, &w.verdict);
        assert_string_equal(world_reason(&w), reason);
}

static void R42_an_old_record_is_completed_where_it_says_nothing(void **state)
{
        (void)state;
        static world import;
        card_record *card = imported(&import, CARD_TEMP_LOST);
        card->temp_loss_until_ms = 0;
        card->temp_loss_outcome = CARD_TEMP_LOSS_NONE;
        card->prior = CARD_STATE_NONE;
        card->state_since_ms = card->collected_at_ms = 0;
        card->fulfilment = CARD_FULFILMENT_NONE;
        expect_import(&import, "OK");
        const card_record *taken = &w.verdict.after.cards[0];
        assert_true(taken->temp_loss_until_ms > FIXTURE_NOW_MS);
        assert_int_equal(taken->temp_loss_outcome, CARD_TEMP_LOSS_RESTORE);
        assert_int_equal(taken->prior, CARD_NORMAL);
        assert_int_equal(taken->collected_at_ms, FIXTURE_NOW_MS);
        assert_int_equal(taken->state_since_ms, FIXTURE_NOW_MS);
        assert_int_equal(taken->fulfilment, CARD_FULFILMENT_PICKUP);
}

static void R42_an_old_record_keeps_what_it_says(void **state)
{
        (void)state;
        static world import;
        card_record *card = imported(&import, CARD_TEMP_LOST);
        card->temp_loss_until_ms = FIXTURE_NOW_MS + 3 * DAY_MS;
        card->temp_loss_outcome = CARD_TEMP_LOSS_HOLD;
        card->prior = CARD_ARCHIVED_COLLECTED;
        card->state_since_ms = card->collected_at_ms = FIXTURE_NOW_MS - DAY_MS;
        expect_import(&import, "OK");
        assert_int_equal(w.verdict.after.cards[0].temp_loss_until_ms, FIXTURE_NOW_MS + 3 * DAY_MS);
        assert_int_equal(w.verdict.after.cards[0].temp_loss_outcome, CARD_TEMP_LOSS_HOLD);
        assert_int_equal(w.verdict.after.cards[0].collected_at_ms, FIXTURE_NOW_MS - DAY_MS);
        card = imported(&import, CARD_ARCHIVED_UNCOLLECTED);
        card->unclaimed_until_ms = FIXTURE_NOW_MS + DAY_MS;
        expect_import(&import, "OK");
        assert_int_equal(w.verdict.after.cards[0].unclaimed_until_ms, FIXTURE_NOW_MS + DAY_MS);
}

static void R42_an_old_record_that_contradicts_itself_is_refused(void **state)
{
        (void)state;
        static world import;
        card_record *card = imported(&import, CARD_NORMAL);
        card->number = "12";
        expect_import(&import, "IMPORT_INCONSISTENT");
        card = imported(&import, CARD_LOST);
        card->prior = CARD_REQUESTED;
        expect_import(&import, "IMPORT_INCONSISTENT");
        card = imported(&import, CARD_NORMAL);
        card->issued_on = (civil_date){2026, 1, 1};
        card->expires_on = (civil_date){2025, 1, 1};
        expect_import(&import, "IMPORT_INCONSISTENT");
        card = imported(&import, CARD_NORMAL);
        card->expires_on = (civil_date){0};
        expect_import(&import, "OK");
        card = imported(&import, CARD_NORMAL);
        card->issued_on = (civil_date){0};
        expect_import(&import, "OK");
}

static void R42_the_dead_bring_only_cards_that_have_ended(void **state)
{
        (void)state;
        static world import;
        imported(&import, CARD_CANCELLED);
        import.holder.person.died_on = (civil_date){2026, 1, 1};
        expect_import(&import, "OK");
        imported(&import, CARD_NORMAL);
        import.holder.person.died_on = (civil_date){2026, 1, 1};
        expect_import(&import, "IMPORT_INCONSISTENT");
}

static void R42_an_application_without_a_date_is_known_by_having_no_number(void **state)
{
        (void)state;
        static world import;
        imported(&import, CARD_REQUESTED)->requested_at_ms = 0;
        world_init(&w);
        int known = world_card(&w, CARD_REQUESTED);
        w.holder.cards[known].requested_at_ms = 0;
        expect_import(&import, "OK");
        assert_int_equal(w.verdict.changes.count, 0);
        w.holder.cards[known] = w.holder.cards[world_card(&w, CARD_CANCELLED)];
        w.holder.card_count = 1;
        w.holder.cards[known].requested_at_ms = 0;
        expect_import(&import, "OK");
        assert_int_equal(w.verdict.changes.count, 1);
}

/* ---- guidance ---- */

static size_t steps_of(int card, const policy_step **steps)
{
        return card_guidance_steps(&w.holder, &w.holder.cards[card], &w.knobs, w.facts.now_ms,
                                   steps);
}

static bool names(int card, const char *code)
{
        const policy_step *steps[CARD_GUIDANCE_STEPS_MAX];
        for (size_t i = steps_of(card, steps); i-- > 0;)
                if (strcmp(steps[i]->code, code) == 0) return true;
        return false;
}

static void R2_every_state_says_what_to_do_now(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                const char *code;
        } cases[] = {{CARD_REQUESTED, "WAIT_FOR_PRODUCTION"},
                     {CARD_PRODUCING, "WAIT_FOR_PRODUCTION"},
                     {CARD_ARCHIVED_UNCOLLECTED, "COLLECT_CARD"},
                     {CARD_ARCHIVED_COLLECTED, "ENABLE_SOCIAL_FUNCTION"},
                     {CARD_TEMP_LOST, "RECOVER_CARD"},
                     {CARD_LOST, "REPLACE_LOST_CARD"},
                     {CARD_CANCELLED, "APPLY_ANEW"},
                     {CARD_WITHDRAWN, "APPLY_ANEW"}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                int card = begin(cases[i].state);
                assert_true(names(card, cases[i].code));
        }
        const policy_step *steps[CARD_GUIDANCE_STEPS_MAX];
        int card = begin(CARD_NORMAL);
        assert_int_equal(steps_of(card, steps), 0);
        w.holder.cards[card].state = CARD_STATE_NONE; /* a record that nobody has filled */
        assert_int_equal(steps_of(card, steps), 0);
}

static void R36_R40_who_waits_for_a_card_learns_that_contributions_go_on(void **state)
{
        (void)state;
        const policy_step *warnings[CARD_GUIDANCE_WARNINGS_MAX];
        int card = begin(CARD_ARCHIVED_COLLECTED);
        assert_int_equal(card_guidance_warnings(&w.holder.cards[card], FIXTURE_NOW_MS, warnings),
                         1);
        card = begin(CARD_CANCELLED);
        assert_int_equal(card_guidance_warnings(&w.holder.cards[card], FIXTURE_NOW_MS, warnings),
                         0);
        card = begin(CARD_NORMAL);
        w.holder.cards[card].expires_on = (civil_date){2026, 12, 24};
        assert_int_equal(card_guidance_warnings(&w.holder.cards[card], FIXTURE_NOW_MS, warnings),
                         1);
        assert_true(names(card, "RENEW_CARD"));
}

static void R44_an_account_is_closed_where_there_was_one(void **state)
{
        (void)state;
        int card = begin(CARD_CANCELLED);
        assert_true(names(card, "CLOSE_BANK_ACCOUNT_AT_COUNTER"));
        w.holder.cards[card].bank = "";
        assert_false(names(card, "CLOSE_BANK_ACCOUNT_AT_COUNTER"));
        card = begin(CARD_NORMAL);
        assert_false(names(card, "CLOSE_BANK_ACCOUNT_AT_COUNTER"));
}

static void R42_guidance_looks_at_the_other_cards(void **state)
{
        (void)state;
        int old = begin(CARD_LOST), next = world_card(&w, CARD_PRODUCING);
        w.holder.cards[old].superseded_by = w.holder.cards[next].id;
        w.holder.cards[next].supersedes = w.holder.cards[old].id;
        assert_true(names(old, "WAIT_FOR_NEW_CARD"));
        assert_false(names(old, "RECOVER_CARD"));
        old = begin(CARD_CANCELLED);
        next = world_card(&w, CARD_ARCHIVED_COLLECTED);
        w.holder.cards[old].superseded_by = w.holder.cards[next].id;
        assert_false(names(old, "USE_NEW_CARD"));
        int one = begin(CARD_NORMAL), other = world_card(&w, CARD_NORMAL);
        w.holder.cards[one].legacy_duplicate = w.holder.cards[other].legacy_duplicate = true;
        assert_true(card_is_duplicate(&w.holder, one));
        assert_true(names(one, "CANCEL_DUPLICATE"));
}

/* ---- chains ---- */

static void R42_a_successor_is_no_duplicate_whichever_stands_first(void **state)
{
        (void)state;
        for (int turn = 0; turn < 2; turn++) {
                int first = begin(turn ? CARD_ARCHIVED_COLLECTED : CARD_NORMAL);
                int second = world_card(&w, turn ? CARD_NORMAL : CARD_ARCHIVED_COLLECTED);
                int old = turn ? second : first, next = turn ? first : second;
                w.holder.cards[next].supersedes = w.holder.cards[old].id;
                w.holder.cards[old].superseded_by = w.holder.cards[next].id;
                assert_false(card_is_duplicate(&w.holder, old));
                assert_false(card_is_duplicate(&w.holder, next));
                assert_null(card_invariants_broken(&w.holder));
        }
}

static void the_card_that_ended_leaves_unless_it_links_two_that_live(void **state)
{
        (void)state;
        static card_holder nobody;
        int old = begin(CARD_CANCELLED), next = world_card(&w, CARD_NORMAL);
        w.holder.cards[next].supersedes = w.holder.cards[old].id;
        assert_int_equal(card_holder_leaver(&w.holder, &w.holder), old); /* nothing before it */
        assert_int_equal(card_holder_leaver(&nobody, &w.holder), -1);    /* not stored yet */
        card_record youngest = w.holder.cards[old];
        youngest.id = world_id(9999);
        assert_true(card_holder_recall(&w.holder, &youngest));
        assert_int_equal(card_holder_find(&w.holder, youngest.id), 2);
}

static void an_ended_application_leaves_alone_whom_another_succeeds(void **state)
{
        (void)state;
        int old = begin(CARD_NORMAL), ended = world_card(&w, CARD_WITHDRAWN);
        int next = world_card(&w, CARD_REQUESTED);
        w.holder.cards[ended].supersedes = w.holder.cards[next].supersedes = w.holder.cards[old].id;
        w.holder.cards[old].superseded_by = w.holder.cards[next].id;
        card_changes changes = {0};
        card_forget_successor(&changes, &w.holder, ended, CARD_TIMER_NONE, FIXTURE_NOW_MS);
        assert_int_equal(changes.count, 0);
        card_forget_successor(&changes, &w.holder, next, CARD_TIMER_NONE, FIXTURE_NOW_MS);
        assert_int_equal(changes.count, 1);
}

static void R42_a_duplicate_that_succeeds_the_other_card_may_be_replaced(void **state)
{
        (void)state;
        int old = begin(CARD_NORMAL), card = world_card(&w, CARD_ARCHIVED_COLLECTED);
        w.holder.cards[card].legacy_duplicate = true;
        w.holder.cards[card].supersedes = w.holder.cards[old].id;
        w.holder.cards[old].superseded_by = w.holder.cards[card].id;
        by_whoever_may(CARD_OPERATION_REPLACE_DAMAGED, card);
        world_expect(&w, "OK");
}

static void staff_that_speak_for_a_ward_are_bound_by_the_age_of_guardians(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        w.caller.actor = POLICY_ACTOR_WARD;
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "GUARDIAN_AGE_LIMIT");
}

/* ---- time ---- */

static void two_losses_end_in_their_order_whichever_stands_first(void **state)
{
        (void)state;
        for (int turn = 0; turn < 2; turn++) {
                int first = begin(CARD_TEMP_LOST), second = world_card(&w, CARD_TEMP_LOST);
                w.holder.cards[first].legacy_duplicate = w.holder.cards[second].legacy_duplicate =
                        true;
                w.holder.cards[turn ? second : first].temp_loss_until_ms = FIXTURE_NOW_MS - 2;
                w.holder.cards[turn ? first : second].temp_loss_until_ms = FIXTURE_NOW_MS - 1;
                card_changes changes = {0};
                card_settle_into(&w.holder, FIXTURE_NOW_MS, &changes);
                assert_int_equal(changes.count, 2);
                assert_int_equal(changes.items[0].at_ms, FIXTURE_NOW_MS - 2);
        }
}

static void a_card_without_a_last_day_waits_for_none(void **state)
{
        (void)state;
        int card = begin(CARD_NORMAL);
        card_timer timers[CARD_TIMERS_MAX];
        assert_true(card_timers_of(&w.holder.cards[card], timers) > 0);
        w.holder.cards[card].expires_on = (civil_date){0};
        assert_int_equal(card_timers_of(&w.holder.cards[card], timers), 0);
        card = begin(CARD_CANCELLED);
        w.holder.cards[card].collected_at_ms = 0;
        assert_int_equal(card_delivery_of(&w.holder.cards[card]), CARD_DELIVERY_NONE);
        w.holder.cards[card].collected_at_ms = 1;
        assert_int_equal(card_delivery_of(&w.holder.cards[card]), CARD_DELIVERY_COLLECTED);
}

static void a_timer_of_a_card_that_is_gone_does_nothing(void **state)
{
        (void)state;
        begin(CARD_NORMAL);
        card_rules_fire_timer(&w.facts, world_id(4711), CARD_TIMER_EXPIRED, &w.verdict);
        assert_false(w.verdict.changed);
}

static void A10_an_expired_card_is_used_unless_the_region_forbids_it(void **state)
{
        (void)state;
        int card = begin(CARD_NORMAL);
        card_record *record = &w.holder.cards[card];
        w.knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = 1;
        assert_int_equal(card_rules_use(record, &w.knobs, FIXTURE_NOW_MS), CARD_REFUSAL_NONE);
        record->expires_on = (civil_date){2026, 11, 22};
        assert_int_equal(card_rules_use(record, &w.knobs, FIXTURE_NOW_MS),
                         CARD_REFUSAL_CARD_EXPIRED);
        w.knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = 0;
        assert_int_equal(card_rules_use(record, &w.knobs, FIXTURE_NOW_MS), CARD_REFUSAL_NONE);
}

static void S11_a_step_that_only_time_can_open_is_not_offered(void **state)
{
        (void)state;
        int card = begin(CARD_NORMAL);
        const policy_step renew = {
                .code = "RENEW_CARD", .operation = "ReplaceCard:EXPIRING", .lifts = true};
        assert_false(card_rules_step_applies(&w.facts, &w.holder, card, &renew));
        w.holder.cards[card].expires_on = (civil_date){2026, 12, 1};
        assert_true(card_rules_step_applies(&w.facts, &w.holder, card, &renew));
}

/* ---- texts and numbers ---- */

static void what_does_not_exist_has_no_text_and_no_number(void **state)
{
        (void)state;
        assert_string_equal(card_state_aaz502((card_state)99), card_state_aaz502(CARD_STATE_NONE));
        assert_int_equal(card_state_number((card_state)99), 0);
        assert_int_equal(card_state_number(CARD_WITHDRAWN), 8);
        assert_string_equal(card_evidence_text((card_evidence)99).zh
                                    ? card_evidence_text((card_evidence)99).zh
                                    : "",
                            "");
}

static void R1_full_width_forms_are_told_from_other_characters(void **state)
{
        (void)state;
        civil_date today = {2026, 11, 23}, none = {0};
        static const struct {
                const char *text;
                identity_fault fault;
        } cases[] = {{"\xef\xbc\x91"
                      "1010119900307109",
                      IDENTITY_FULL_WIDTH},
                     {"\xef\xbd\x98"
                      "1010119900307109",
                      IDENTITY_FULL_WIDTH},
                     {"\xef\xbb\xbf"
                      "110101199003071",
                      IDENTITY_CHARACTERS},
                     {"11010119900307a", IDENTITY_LENGTH},
                     {"110101900307123", IDENTITY_FIFTEEN_DIGITS}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                assert_int_equal(
                        identity_number_check(cases[i].text, strlen(cases[i].text), today, NULL),
                        cases[i].fault);
        assert_int_equal(identity_number_check("110101209901010000", 18, today, NULL),
                         IDENTITY_BIRTH_DATE);
        assert_int_not_equal(identity_number_check("110101209901010000", 18, none, NULL),
                             IDENTITY_BIRTH_DATE);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_card_is_not_issued_on_a_day_that_does_not_exist_or_has_not_come),
                cmocka_unit_test(a_card_does_not_expire_before_it_is_issued_or_on_no_day),
                cmocka_unit_test(R1_nobody_dies_before_birth),
                cmocka_unit_test(
                        R45_an_entitlement_of_the_future_is_refused_unless_it_is_known_already),
                cmocka_unit_test(R45_the_place_that_issued_the_card_cancels_it),
                cmocka_unit_test(a_second_person_is_another_one_even_where_the_first_has_no_name),
                cmocka_unit_test(R42_the_death_record_is_the_authority_for_a_death),
                cmocka_unit_test(a_guardian_may_apply_for_whom_no_birthday_is_known),
                cmocka_unit_test(an_application_keeps_its_reason_and_its_texts),
                cmocka_unit_test(R42_a_legacy_duplicate_is_replaced_where_that_leaves_one_card),
                cmocka_unit_test(a_repeat_without_a_number_is_malformed),
                cmocka_unit_test(what_cannot_be_is_named),
                cmocka_unit_test(I2_what_has_ended_is_never_left),
                cmocka_unit_test(I4_a_card_is_replaced_by_one_that_was_collected),
                cmocka_unit_test(R42_an_old_record_is_completed_where_it_says_nothing),
                cmocka_unit_test(R42_an_old_record_keeps_what_it_says),
                cmocka_unit_test(R42_an_old_record_that_contradicts_itself_is_refused),
                cmocka_unit_test(R42_the_dead_bring_only_cards_that_have_ended),
                cmocka_unit_test(R42_an_application_without_a_date_is_known_by_having_no_number),
                cmocka_unit_test(R2_every_state_says_what_to_do_now),
                cmocka_unit_test(R36_R40_who_waits_for_a_card_learns_that_contributions_go_on),
                cmocka_unit_test(R44_an_account_is_closed_where_there_was_one),
                cmocka_unit_test(R42_guidance_looks_at_the_other_cards),
                cmocka_unit_test(R42_a_successor_is_no_duplicate_whichever_stands_first),
                cmocka_unit_test(the_card_that_ended_leaves_unless_it_links_two_that_live),
                cmocka_unit_test(an_ended_application_leaves_alone_whom_another_succeeds),
                cmocka_unit_test(R42_a_duplicate_that_succeeds_the_other_card_may_be_replaced),
                cmocka_unit_test(staff_that_speak_for_a_ward_are_bound_by_the_age_of_guardians),
                cmocka_unit_test(two_losses_end_in_their_order_whichever_stands_first),
                cmocka_unit_test(a_card_without_a_last_day_waits_for_none),
                cmocka_unit_test(a_timer_of_a_card_that_is_gone_does_nothing),
                cmocka_unit_test(A10_an_expired_card_is_used_unless_the_region_forbids_it),
                cmocka_unit_test(S11_a_step_that_only_time_can_open_is_not_offered),
                cmocka_unit_test(what_does_not_exist_has_no_text_and_no_number),
                cmocka_unit_test(R1_full_width_forms_are_told_from_other_characters),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
