/* The rules of the card from R36 on: production, hand-over, successors, cancellation. */
#include "services/card/rules/card_rules.h"

#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_settle.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <string.h>

static world w;

static bool names_step(const char *code)
{
        for (size_t i = 0; i < policy_refusal_step_count(&w.verdict.refusal); i++)
                if (strcmp(w.verdict.refusal.steps[i]->code, code) == 0) return true;
        return false;
}

static void R36_production_ends_in_archived_with_a_claimed_number(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_PRODUCING);
        world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
        const char *const wrong[] = {"", "A1234567", "A123456789", "a12345678", "A1234567-", NULL};
        for (size_t i = 0; i < 6; i++) {
                world_event(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card)->number = wrong[i];
                world_expect(&w, "CARD_NUMBER_MALFORMED");
        }
        world_event(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card)->number_is_taken = true;
        world_expect(&w, "CARD_NUMBER_IN_USE");
        world_event(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card)->chip_is_taken = true;
        world_expect(&w, "CHIP_IN_USE");
        world_event(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card)->issued_on =
                (civil_date){2026, 11, 24};
        world_expect(&w, "DATE_IMPOSSIBLE");
        world_event(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card)->expires_on =
                (civil_date){2026, 11, 23};
        world_expect(&w, "DATE_IMPOSSIBLE");
        world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card);
        assert_int_equal(w.holder.cards[card].state, CARD_ARCHIVED_UNCOLLECTED);
        assert_int_equal(card_change_credential_effect(&w.verdict.changes.items[0]),
                         CARD_CREDENTIAL_ISSUED);
        assert_int_equal(card_change_bank_effect(&w.verdict.changes.items[0]), CARD_BANK_LOADED);

        world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
        world_event(&w, CARD_OPERATION_COMPLETE_PRODUCTION, card);
        world_expect(&w, "OK");
        assert_false(w.verdict.changed); /* the same number again */
        w.event.number = "OTHER0001";
        world_expect(&w, "ALREADY_PRODUCED");
}

static void R37_mail_is_handed_over_by_the_carrier_with_a_receipt(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
        world_event(&w, CARD_OPERATION_COLLECT, card);
        world_expect(&w, "CHANNEL_NOT_ALLOWED"); /* it waits at an outlet */
        w.holder.cards[card].fulfilment = CARD_FULFILMENT_MAIL;
        world_expect(&w, "OK");
        w.event.evidence &= ~CARD_E(DELIVERY_RECEIPT);
        world_expect(&w, "MISSING_EVIDENCE");
}

static void R37_a_card_lost_in_delivery_ends_and_can_be_applied_for_anew(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_event(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card);
        world_expect(&w, "NOT_COLLECTED");
        assert_true(names_step("REPORT_LOST_IN_DELIVERY"));
        world_do(&w, CARD_OPERATION_REPORT_LOST_IN_DELIVERY, card);
        assert_int_equal(w.holder.cards[card].cancel_reason, CARD_CANCEL_LOST_IN_DELIVERY);
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "OK");
}

static void R38_a_collected_card_is_enabled_once(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_LOCAL_ONLINE);
        world_event(&w, CARD_OPERATION_ENABLE, card);
        world_expect(&w, "NOT_COLLECTED");
        assert_true(names_step("COLLECT_CARD"));
        world_do(&w, CARD_OPERATION_COLLECT, card);
        world_event(&w, CARD_OPERATION_ENABLE, card);
        world_expect(&w, "OK");
        assert_string_equal(w.verdict.changes.items[0].event, "card.enabled");
        world_keep(&w);
        world_event(&w, CARD_OPERATION_ENABLE, card);
        world_expect(&w, "OK");
        assert_false(w.verdict.changed);
}

static void R41_a_card_is_valid_in_the_scope_it_was_asked_for_and_its_successor_too(void **state)
{
        (void)state;
        world_init(&w);
        world_event(&w, CARD_OPERATION_APPLY, -1)->scope = "330000";
        world_expect(&w, "OK");
        assert_string_equal(w.verdict.after.cards[0].scope, "330000");
        world_init(&w);
        int old = world_card(&w, CARD_NORMAL);
        w.holder.cards[old].scope = "330000";
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, old)->scope = NULL;
        world_expect(&w, "OK");
        assert_string_equal(w.verdict.after.cards[1].scope, "330000");
}

static void R42_a_second_card_is_refused_and_a_replacement_offered(void **state)
{
        (void)state;
        for (int s = CARD_REQUESTED; s <= CARD_WITHDRAWN; s++) {
                world_init(&w);
                world_card(&w, (card_state)s);
                world_event(&w, CARD_OPERATION_APPLY, -1);
                bool live = card_state_is_live((card_state)s);
                world_expect(&w, live ? "ALREADY_HAS_CARD" : "OK");
                if (s == CARD_NORMAL) assert_true(names_step("REPLACE_CARD"));
                if (s == CARD_REQUESTED) assert_true(names_step("WAIT_FOR_NEW_CARD"));
                if (s == CARD_ARCHIVED_UNCOLLECTED) assert_true(names_step("COLLECT_NEW_CARD"));
        }
}

static void R42_enabling_a_successor_ends_every_card_before_it(void **state)
{
        (void)state;
        world_init(&w);
        int a = world_card(&w, CARD_LOST);
        world_do(&w, CARD_OPERATION_REPLACE_LOST, a);
        for (int i = 0; i < 2; i++)
                world_do(&w,
                         i ? CARD_OPERATION_COMPLETE_PRODUCTION : CARD_OPERATION_START_PRODUCTION,
                         1);
        world_do(&w, CARD_OPERATION_COLLECT, 1);
        world_do(&w, CARD_OPERATION_REPLACE_DATA_CHANGED, 1); /* replaced before it was enabled */
        world_do(&w, CARD_OPERATION_START_PRODUCTION, 2);
        world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, 2);
        world_do(&w, CARD_OPERATION_COLLECT_AND_ENABLE, 2);
        assert_int_equal(w.holder.cards[a].state, CARD_CANCELLED);
        assert_int_equal(w.holder.cards[a].cancel_reason, CARD_CANCEL_REPLACED_AFTER_LOSS);
        assert_int_equal(w.holder.cards[1].state, CARD_CANCELLED);
        assert_int_equal(w.holder.cards[1].cancel_reason, CARD_CANCEL_REPLACED);
        assert_int_equal(w.holder.cards[2].state, CARD_NORMAL);
        assert_int_equal(w.verdict.changes.count, 3); /* in one verdict (I4) */
}

static void R42_a_successor_that_ends_early_frees_its_predecessor(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_do(&w, CARD_OPERATION_REPLACE_DAMAGED, card);
        world_do(&w, CARD_OPERATION_WITHDRAW, 1);
        assert_true(ulid_is_zero(w.holder.cards[card].superseded_by));
        assert_int_equal(w.verdict.changes.count, 2);
        world_do(&w, CARD_OPERATION_REPLACE_DAMAGED, card);
        assert_int_equal(w.holder.card_count, 3);
}

static void R42_a_chain_holds_when_its_middle_ends(void **state)
{
        (void)state;
        world_init(&w);
        int a = world_card(&w, CARD_NORMAL);
        world_do(&w, CARD_OPERATION_REPLACE_DAMAGED, a);
        world_do(&w, CARD_OPERATION_START_PRODUCTION, 1);
        world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, 1);
        world_do(&w, CARD_OPERATION_COLLECT, 1);
        world_do(&w, CARD_OPERATION_REPLACE_DAMAGED, 1);
        world_do(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, 1);
        assert_true(ulid_is_zero(w.holder.cards[a].superseded_by));
        /* The third card still replaces the first: no fourth beside it. */
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, a);
        world_expect(&w, "REPLACEMENT_ALREADY_REQUESTED");
        world_do(&w, CARD_OPERATION_START_PRODUCTION, 2);
        world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, 2);
        world_do(&w, CARD_OPERATION_COLLECT_AND_ENABLE, 2);
        assert_int_equal(w.holder.cards[a].cancel_reason, CARD_CANCEL_REPLACED);
        assert_true(ulid_equal(w.holder.cards[a].superseded_by, w.holder.cards[2].id));
}

static void R42_a_legacy_duplicate_gets_no_successor_beside_another_card(void **state)
{
        (void)state;
        world_init(&w);
        int duplicate = world_card(&w, CARD_NORMAL);
        int other = world_card(&w, CARD_NORMAL);
        w.holder.cards[duplicate].legacy_duplicate = true;
        assert_true(card_is_duplicate(&w.holder, duplicate));
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, duplicate);
        world_expect(&w, "ALREADY_HAS_CARD");
        world_do(&w, CARD_OPERATION_CANCEL_BY_HOLDER, other);
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, duplicate);
        world_expect(&w, "OK");
}

static void A7_a_change_of_bank_ends_the_old_card_at_collection(void **state)
{
        (void)state;
        for (int change = 0; change <= 1; change++) {
                world_init(&w);
                int card = world_card(&w, CARD_NORMAL);
                world_do(&w,
                         change ? CARD_OPERATION_REPLACE_BANK_CHANGE
                                : CARD_OPERATION_REPLACE_DAMAGED,
                         card);
                world_do(&w, CARD_OPERATION_START_PRODUCTION, 1);
                world_do(&w, CARD_OPERATION_COMPLETE_PRODUCTION, 1);
                world_do(&w, CARD_OPERATION_COLLECT, 1);
                assert_int_equal(w.holder.cards[card].state, change ? CARD_CANCELLED : CARD_NORMAL);
        }
        world_init(&w);
        world_card(&w, CARD_NORMAL);
        world_event(&w, CARD_OPERATION_REPLACE_BANK_CHANGE, 0)->bank = "105";
        world_expect(&w, "BANK_UNCHANGED");
}

static void R45_the_holder_cancels_with_a_declaration_at_the_issuing_place(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_CANCEL_BY_HOLDER, card);
        w.event.no_local_entitlements = false;
        w.event.evidence &= ~CARD_E(NO_LOCAL_ENTITLEMENTS);
        world_expect(&w, "MISSING_EVIDENCE");
        assert_string_equal(policy_details_get(&w.verdict.details, "evidence"),
                            "NO_LOCAL_ENTITLEMENTS");
        w.event.no_local_entitlements = true;
        w.caller.region = "440000";
        world_expect(&w, "ISSUING_PLACE_REQUIRED");
        w.caller.region = "330000";
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[card].cancel_reason, CARD_CANCEL_HOLDER);
        assert_int_equal(card_change_bank_effect(&w.verdict.changes.items[0]),
                         CARD_BANK_CLOSURE_PENDING);
        assert_int_equal(card_change_credential_effect(&w.verdict.changes.items[0]),
                         CARD_CREDENTIAL_VOID);
}

static void R45_an_application_is_taken_back_without_a_declaration(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_REQUESTED);
        world_event(&w, CARD_OPERATION_CANCEL_BY_HOLDER, card);
        w.event.no_local_entitlements = false;
        w.event.evidence &= ~CARD_E(NO_LOCAL_ENTITLEMENTS);
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[card].state, CARD_WITHDRAWN);
}

static void R46_a_card_that_carries_benefits_is_kept(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
        world_event(&w, CARD_OPERATION_SET_ENTITLEMENT, -1)->entitlement = CARD_ENTITLEMENT_DRAWN;
        world_expect(&w, "OK");
        world_keep(&w);
        world_expect(&w, "OK");
        assert_false(w.verdict.changed);
        w.event.entitlement_as_of_ms--;
        world_expect(&w, "ENTITLEMENT_OUTDATED");
        w.event.entitlement_as_of_ms = FIXTURE_NOW_MS + 1;
        world_expect(&w, "DATE_IMPOSSIBLE");

        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_CANCEL_BY_HOLDER, card);
        world_expect(&w, "LOCAL_ENTITLEMENTS_IN_USE");
        assert_true(names_step("KEEP_CARD") && names_step("UPDATE_ENTITLEMENT"));
}

static void R47_a_move_between_provinces_must_know_the_other_regions(void **state)
{
        (void)state;
        world_init(&w);
        world_event(&w, CARD_OPERATION_APPLY, -1)->apply_reason = CARD_APPLY_TRANSFER_IN;
        w.facts.other_regions = POLICY_UNKNOWN;
        world_expect(&w, "OTHER_REGIONS_UNKNOWN");
        w.facts.other_regions = POLICY_YES;
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[0].apply_reason, CARD_APPLY_TRANSFER_IN);
}

static void S2_a_stale_version_is_refused_with_the_current_one(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_event(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card)->expected_version = 6;
        world_expect(&w, "VERSION_CONFLICT");
        assert_string_equal(policy_details_get(&w.verdict.details, "current_version"), "7");
        w.event.expected_version = 7;
        world_expect(&w, "OK");
}

static void S7_the_authority_cancels_with_two_persons(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, card);
        w.caller.approver = NULL;
        world_expect(&w, "SECOND_PERSON_REQUIRED");
        w.caller.approver = w.caller.subject; /* the same one twice */
        world_expect(&w, "SECOND_PERSON_REQUIRED");
        w.caller.approver = "op-2";
        world_expect(&w, "OK");
        w.event.cancel_reason = CARD_CANCEL_REPLACED;
        world_expect(&w, "CANCEL_REASON_REQUIRED");
        world_event(&w, CARD_OPERATION_CANCEL_BY_AUTHORITY, card);
        w.event.cancel_reason = CARD_CANCEL_DEATH;
        w.event.evidence = CARD_E(DEATH_RECORD); /* with DEATH the record of it will do */
        world_expect(&w, "OK");
        w.event.cancel_reason = CARD_CANCEL_EMIGRATION;
        world_expect(&w, "MISSING_EVIDENCE");
        world_as(&w, POLICY_ROLE_PLATFORM,
                 POLICY_CHANNEL_SYSTEM); /* a registry knows deaths only */
        world_expect(&w, "CHANNEL_NOT_ALLOWED");
        w.event.cancel_reason = CARD_CANCEL_DEATH;
        world_expect(&w, "OK");
}

static void a_foreign_card_is_not_found_and_a_full_record_says_so(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_event(&w, CARD_OPERATION_ENABLE, card)->card = world_id(123456);
        world_expect(&w, "CARD_NOT_FOUND");

        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                w.holder.cards[world_card(&w, CARD_NORMAL)].legacy_duplicate = i > 0;
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, 0);
        world_expect(&w, "TOO_MANY_CARDS");
}

static void R42_the_card_that_ended_longest_ago_leaves_a_full_record(void **state)
{
        (void)state;
        world_init(&w);
        for (int i = 0; i < CARD_CARDS_MAX; i++)
                world_card(&w, CARD_WITHDRAWN);
        ulid oldest = w.holder.cards[0].id, next = w.holder.cards[1].id;
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.card_count, CARD_CARDS_MAX);
        assert_int_equal(w.verdict.leaver_count, 1);
        assert_true(ulid_equal(w.verdict.leavers[0], oldest));
        assert_true(ulid_equal(w.verdict.after.cards[0].id, next));
        assert_int_equal(w.verdict.card, CARD_CARDS_MAX - 1);
        assert_int_equal(w.verdict.after.cards[CARD_CARDS_MAX - 1].state, CARD_REQUESTED);
        assert_int_equal(w.verdict.changes.count, 1);
        assert_int_equal(w.verdict.changes.items[0].card, CARD_CARDS_MAX - 1);
}

static void R42_a_replacement_finds_its_predecessor_though_a_card_left(void **state)
{
        (void)state;
        world_init(&w);
        for (int i = 1; i < CARD_CARDS_MAX; i++)
                world_card(&w, CARD_CANCELLED);
        int card = world_card(&w, CARD_NORMAL);
        ulid id = w.holder.cards[card].id;
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, card);
        world_expect(&w, "OK");
        const card_holder *after = &w.verdict.after;
        assert_true(ulid_equal(after->cards[CARD_CARDS_MAX - 2].id, id));
        assert_true(ulid_equal(after->cards[CARD_CARDS_MAX - 1].supersedes, id));
        for (int i = 0; i < w.verdict.changes.count; i++) {
                const card_change *change = &w.verdict.changes.items[i];
                assert_true(ulid_equal(after->cards[change->card].id, change->after.id));
        }
}

static void R42_a_card_between_two_live_ones_stays(void **state)
{
        (void)state;
        world_init(&w);
        int older = world_card(&w, CARD_NORMAL);
        int link = world_card(&w, CARD_CANCELLED);
        int younger = world_card(&w, CARD_ARCHIVED_COLLECTED);
        w.holder.cards[link].supersedes = w.holder.cards[older].id;
        w.holder.cards[younger].supersedes = w.holder.cards[link].id;
        int unneeded = world_card(&w, CARD_CANCELLED);
        while (w.holder.card_count < CARD_CARDS_MAX)
                world_card(&w, CARD_WITHDRAWN);
        assert_true(card_invariants_hold(&w.holder));
        assert_int_equal(card_holder_leaver(&w.holder, &w.holder), unneeded);
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, younger);
        world_expect(&w, "OK");
        assert_true(ulid_equal(w.verdict.leavers[0], w.holder.cards[unneeded].id));
        assert_true(card_invariants_hold(&w.verdict.after));
}

static void facts_are_never_changed(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_TEMP_LOST);
        w.facts.now_ms += 30 * DAY_MS;
        static card_holder copy;
        copy = w.holder;
        for (int op = 0; op < CARD_OPERATION_COUNT; op++) {
                world_as_whoever_may(&w, (card_operation)op, CARD_TEMP_LOST);
                world_event(&w, (card_operation)op, 0);
                world_apply(&w);
                assert_memory_equal(&copy, &w.holder, sizeof copy);
        }
}

static void channels_are_told_whatever_the_callers_channel(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_LOST);
        ulid id = w.holder.cards[card].id;
        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_PHONE_12333);
        assert_int_equal(card_rules_channels(&w.facts, id, CARD_OPERATION_RECOVER),
                         POLICY_C(BRANCH));
        assert_int_equal(card_rules_channels(&w.facts, id, CARD_OPERATION_SET_ENTITLEMENT), 0);
        assert_int_equal(card_rules_channels(&w.facts, world_id(77), CARD_OPERATION_RECOVER), 0);
        assert_int_equal(card_rules_channels(&w.facts, (ulid){0}, CARD_OPERATION_APPLY),
                         POLICY_CHANNELS_ONLINE | POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R36_production_ends_in_archived_with_a_claimed_number),
                cmocka_unit_test(R37_mail_is_handed_over_by_the_carrier_with_a_receipt),
                cmocka_unit_test(R37_a_card_lost_in_delivery_ends_and_can_be_applied_for_anew),
                cmocka_unit_test(R38_a_collected_card_is_enabled_once),
                cmocka_unit_test(
                        R41_a_card_is_valid_in_the_scope_it_was_asked_for_and_its_successor_too),
                cmocka_unit_test(R42_a_second_card_is_refused_and_a_replacement_offered),
                cmocka_unit_test(R42_enabling_a_successor_ends_every_card_before_it),
                cmocka_unit_test(R42_a_successor_that_ends_early_frees_its_predecessor),
                cmocka_unit_test(R42_a_chain_holds_when_its_middle_ends),
                cmocka_unit_test(R42_a_legacy_duplicate_gets_no_successor_beside_another_card),
                cmocka_unit_test(A7_a_change_of_bank_ends_the_old_card_at_collection),
                cmocka_unit_test(R45_the_holder_cancels_with_a_declaration_at_the_issuing_place),
                cmocka_unit_test(R45_an_application_is_taken_back_without_a_declaration),
                cmocka_unit_test(R46_a_card_that_carries_benefits_is_kept),
                cmocka_unit_test(R47_a_move_between_provinces_must_know_the_other_regions),
                cmocka_unit_test(S2_a_stale_version_is_refused_with_the_current_one),
                cmocka_unit_test(S7_the_authority_cancels_with_two_persons),
                cmocka_unit_test(a_foreign_card_is_not_found_and_a_full_record_says_so),
                cmocka_unit_test(R42_the_card_that_ended_longest_ago_leaves_a_full_record),
                cmocka_unit_test(R42_a_replacement_finds_its_predecessor_though_a_card_left),
                cmocka_unit_test(R42_a_card_between_two_live_ones_stays),
                cmocka_unit_test(facts_are_never_changed),
                cmocka_unit_test(channels_are_told_whatever_the_callers_channel),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
