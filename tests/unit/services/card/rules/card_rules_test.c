/* The card's side of the requirements, each under its number. */
#include "services/card/rules/card_rules.h"

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

static void R1_a_card_belongs_to_one_valid_person(void **state)
{
        (void)state;
        world_init(&w);
        world_event(&w, CARD_OPERATION_APPLY, -1)->identity = IDENTITY_LOWER_CASE_X;
        world_expect(&w, "ID_CHECKSUM");
        assert_int_equal(w.verdict.refusal.status, FAILURE_INVALID_ARGUMENT);
        assert_string_equal(policy_details_get(&w.verdict.details, "fault"), "LOWER_CASE_X");
        assert_string_equal(w.verdict.refusal.field, "identity_number");
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[0].state, CARD_REQUESTED);
        assert_int_equal(w.verdict.after.cards[0].version, 1);
}

static void R1_a_new_person_is_registered_with_the_first_card(void **state)
{
        (void)state;
        world_init(&w);
        memset(&w.holder.person, 0, sizeof w.holder.person);
        w.holder.exists = false;
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "OK");
        assert_true(w.verdict.person_changed && w.verdict.after.exists);
        assert_string_equal(w.verdict.person_event, "person.registered");
        assert_int_equal(w.verdict.after.person.born_on.year, 1990);
}

static void R1_nobody_applies_for_the_dead(void **state)
{
        (void)state;
        world_init(&w);
        world_card(&w, CARD_NORMAL);
        world_card(&w, CARD_REQUESTED);
        w.holder.cards[1].supersedes = w.holder.cards[0].id;
        w.holder.cards[0].superseded_by = w.holder.cards[1].id;
        world_do(&w, CARD_OPERATION_RECORD_DEATH, -1);
        assert_int_equal(w.holder.cards[0].state, CARD_CANCELLED);
        assert_int_equal(w.holder.cards[0].cancel_reason, CARD_CANCEL_DEATH);
        assert_int_equal(w.holder.cards[1].state, CARD_WITHDRAWN);
        assert_string_equal(w.verdict.person_event, "person.dead");
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "PERSON_DEAD");
        world_as_whoever_may(&w, CARD_OPERATION_RECORD_DEATH, CARD_STATE_NONE);
        world_event(&w, CARD_OPERATION_RECORD_DEATH, -1);
        world_expect(&w, "OK");
        assert_false(w.verdict.changed); /* said twice is once */
}

static void R1_a_death_has_a_possible_date(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        const civil_date impossible[] = {{2026, 11, 24}, {1990, 5, 16}, {2026, 2, 30}, {0}};
        for (size_t i = 0; i < 4; i++) {
                world_event(&w, CARD_OPERATION_RECORD_DEATH, -1)->died_on = impossible[i];
                world_expect(&w, "DATE_IMPOSSIBLE");
        }
}

static void R1_a_guardian_applies_for_those_under_sixteen(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_GUARDIAN, POLICY_CHANNEL_ECARD);
        w.holder.person.born_on = (civil_date){2010, 11, 24}; /* sixteen tomorrow */
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "OK");
        w.holder.person.born_on.day = 23;
        world_expect(&w, "GUARDIAN_AGE_LIMIT");
}

static void R2_every_refusal_says_what_to_do_now(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_LOST);
        world_event(&w, CARD_OPERATION_ENABLE, card);
        world_expect(&w, "CARD_LOST");
        assert_true(names_step("RECOVER_CARD") && names_step("REPLACE_LOST_CARD"));
        world_do(&w, CARD_OPERATION_REPLACE_LOST, card);
        world_event(&w, CARD_OPERATION_ENABLE, card);
        world_expect(&w, "CARD_LOST");
        assert_false(names_step("REPLACE_LOST_CARD")); /* has been asked for */
        assert_true(names_step("WAIT_FOR_NEW_CARD"));
}

static void R4_social_use_needs_an_enabled_card(void **state)
{
        (void)state;
        static const struct {
                card_state state;
                card_refusal refusal;
        } cases[] = {{CARD_REQUESTED, CARD_REFUSAL_CARD_NOT_ISSUED},
                     {CARD_ARCHIVED_UNCOLLECTED, CARD_REFUSAL_SOCIAL_NOT_ENABLED},
                     {CARD_ARCHIVED_COLLECTED, CARD_REFUSAL_SOCIAL_NOT_ENABLED},
                     {CARD_NORMAL, CARD_REFUSAL_NONE},
                     {CARD_TEMP_LOST, CARD_REFUSAL_CARD_TEMP_LOST},
                     {CARD_LOST, CARD_REFUSAL_CARD_LOST},
                     {CARD_CANCELLED, CARD_REFUSAL_CARD_CANCELLED},
                     {CARD_WITHDRAWN, CARD_REFUSAL_APPLICATION_ENDED},
                     {CARD_STATE_NONE, CARD_REFUSAL_CARD_NOT_FOUND}};
        card_knobs knobs = card_knobs_national();
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                card_record card = {.state = cases[i].state};
                assert_int_equal(card_rules_use(&card, &knobs, FIXTURE_NOW_MS), cases[i].refusal);
        }
}

static void R6_hand_over_and_enabling_are_one_act(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_do(&w, CARD_OPERATION_COLLECT_AND_ENABLE, card);
        assert_int_equal(w.holder.cards[card].state, CARD_NORMAL);
        assert_int_equal(w.holder.cards[card].version, 8); /* one change */
        assert_true(w.holder.cards[card].collected_at_ms == FIXTURE_NOW_MS);
}

static void R6_a_bank_enables_only_where_it_is_authorised(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_as(&w, POLICY_ROLE_BANK_OPERATOR, POLICY_CHANNEL_BANK_BRANCH);
        w.facts.outlet_authorised = POLICY_NO;
        world_event(&w, CARD_OPERATION_COLLECT_AND_ENABLE, card);
        world_expect(&w, "OUTLET_NOT_AUTHORISED");
        w.facts.outlet_authorised = POLICY_UNKNOWN; /* not known is not yes */
        world_expect(&w, "OUTLET_NOT_AUTHORISED");
        world_event(&w, CARD_OPERATION_COLLECT, card);
        world_expect(&w, "OK");
}

static void R7_changing_the_initial_password_enables_a_collected_card(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_COLLECTED);
        world_do(&w, CARD_OPERATION_ENABLE_BY_PIN_CHANGE, card);
        assert_int_equal(w.holder.cards[card].state, CARD_NORMAL);
        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_SELF_SERVICE);
        world_event(&w, CARD_OPERATION_ENABLE_BY_PIN_CHANGE, card);
        world_expect(&w, "ROLE_NOT_ALLOWED"); /* the credential service alone says so */
}

static void R11_a_home_visit_needs_a_ground_and_a_procedure(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_HOME_VISIT);
        world_event(&w, CARD_OPERATION_COLLECT, card)->evidence =
                CARD_E(ID_DOCUMENT) | CARD_E(PROCEDURE);
        world_expect(&w, "MOBILITY_GROUND_REQUIRED");
        w.event.evidence |= CARD_E(MOBILITY_GROUND);
        world_expect(&w, "OK");
        w.event.evidence &= ~CARD_E(PROCEDURE);
        world_expect(&w, "MISSING_EVIDENCE");
        assert_string_equal(policy_details_get(&w.verdict.details, "evidence"), "PROCEDURE");
}

static void R13_a_report_needs_a_proof_of_identity_and_kills_the_card(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_as(&w, POLICY_ROLE_HOTLINE, POLICY_CHANNEL_PHONE_12333);
        w.caller.assurance = 0;
        world_event(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card)->evidence = 0;
        world_expect(&w, "MISSING_EVIDENCE");
        w.event.evidence = CARD_E(PHONE_PROOF);
        world_expect(&w, "OK");
        assert_int_equal(w.verdict.after.cards[card].state, CARD_TEMP_LOST);
        assert_int_equal(w.verdict.after.cards[card].prior, CARD_NORMAL);
        w.event.evidence = 0;
        w.caller.assurance = 1;
        world_expect(&w, "OK");
}

static void R13_a_second_report_changes_nothing(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_TEMP_LOST);
        w.facts.now_ms += 2 * DAY_MS;
        world_event(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card);
        world_expect(&w, "OK");
        assert_false(w.verdict.changed);
        assert_int_equal(w.verdict.after.cards[card].temp_loss_until_ms,
                         FIXTURE_NOW_MS + 5 * DAY_MS);
}

static void R13_a_found_card_returns_to_what_it_was(void **state)
{
        (void)state;
        for (int from = CARD_ARCHIVED_COLLECTED; from <= CARD_NORMAL; from++) {
                world_init(&w);
                int card = world_card(&w, (card_state)from);
                world_do(&w, CARD_OPERATION_REPORT_TEMP_LOSS, card);
                world_do(&w, CARD_OPERATION_REPORT_FORMAL_LOSS, card);
                assert_int_equal(w.holder.cards[card].prior, from);
                assert_int_equal(w.holder.cards[card].temp_loss_until_ms, 0);
                world_do(&w, CARD_OPERATION_RECOVER, card);
                assert_int_equal(w.holder.cards[card].state, from);
                assert_int_equal(w.holder.cards[card].prior, CARD_STATE_NONE);
        }
}

static void A2_a_formal_loss_can_be_undone_until_a_replacement_is_asked_for(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_LOST);
        world_do(&w, CARD_OPERATION_REPLACE_LOST, card);
        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_RECOVER, card);
        world_expect(&w, "REPLACEMENT_ALREADY_REQUESTED");
        assert_true(names_step("WITHDRAW_REPLACEMENT"));
        world_do(&w, CARD_OPERATION_WITHDRAW, 1);
        world_event(&w, CARD_OPERATION_RECOVER, card);
        world_expect(&w, "OK");
        w.knobs.values[CARD_KNOB_RECOVER_AFTER_FORMAL_LOSS] = CARD_RECOVER_NEVER;
        world_expect(&w, "FORMAL_LOSS_IRREVOCABLE");
        assert_true(names_step("REPLACE_LOST_CARD"));
}

static void R28_an_outdated_photo_needs_a_new_one(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        world_event(&w, CARD_OPERATION_REPLACE_PHOTO_OUTDATED, card);
        w.event.evidence &= ~CARD_E(PHOTO);
        w.event.photo = NULL;
        world_expect(&w, "MISSING_EVIDENCE");
        w.event.photo = "photo-old";
        world_expect(&w, "PHOTO_UNCHANGED");
        w.event.photo = "photo-new";
        world_expect(&w, "OK");
        assert_string_equal(w.verdict.after.cards[1].photo, "photo-new");
}

static void R29_an_expired_card_keeps_working_and_can_be_replaced(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        w.holder.cards[card].expires_on = (civil_date){2026, 11, 22};
        assert_int_equal(card_rules_use(&w.holder.cards[card], &w.knobs, w.facts.now_ms),
                         CARD_REFUSAL_NONE);
        world_event(&w, CARD_OPERATION_REPLACE_EXPIRING, card);
        world_expect(&w, "OK");
}

static void A10_a_region_may_close_the_social_function_with_expiry(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_ARCHIVED_COLLECTED);
        w.holder.cards[card].expires_on = (civil_date){2026, 11, 22};
        world_event(&w, CARD_OPERATION_ENABLE, card);
        world_expect(&w, "OK");
        w.knobs.values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] = 1;
        world_expect(&w, "CARD_EXPIRED");
        assert_true(names_step("RENEW_CARD"));
        w.holder.cards[card].state = CARD_NORMAL;
        assert_int_equal(card_rules_use(&w.holder.cards[card], &w.knobs, w.facts.now_ms),
                         CARD_REFUSAL_CARD_EXPIRED);
}

static void R30_a_replacement_is_an_application_that_supersedes(void **state)
{
        (void)state;
        world_init(&w);
        int old = world_card(&w, CARD_NORMAL);
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, old);
        w.event.bank = NULL;
        w.event.photo = NULL;
        world_expect(&w, "OK");
        const card_record *before = &w.verdict.after.cards[old], *made = before + 1;
        assert_true(ulid_equal(made->supersedes, before->id));
        assert_true(ulid_equal(before->superseded_by, made->id));
        assert_int_equal(before->state, CARD_NORMAL);
        assert_int_equal(made->state, CARD_REQUESTED);
        assert_int_equal(made->replace_reason, CARD_REPLACE_DAMAGED);
        assert_string_equal(made->bank, "105"); /* the same bank unless another is chosen */
        assert_string_equal(made->photo, "photo-old");
        assert_string_equal(made->number, "");
        assert_int_equal(w.verdict.card, 1);
        assert_string_equal(w.verdict.changes.items[0].event, "card.replacement_requested");
        assert_string_equal(w.verdict.changes.items[1].event, "card.requested");
        world_keep(&w);
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, old);
        world_expect(&w, "REPLACEMENT_ALREADY_REQUESTED");
}

static void R31_a_replacement_for_loss_needs_a_formal_report(void **state)
{
        (void)state;
        for (int from = CARD_ARCHIVED_COLLECTED; from <= CARD_TEMP_LOST; from++) {
                world_init(&w);
                int card = world_card(&w, (card_state)from);
                world_event(&w, CARD_OPERATION_REPLACE_LOST, card);
                world_expect(&w, "FORMAL_LOSS_REQUIRED");
                world_do(&w, CARD_OPERATION_REPORT_FORMAL_LOSS, card);
                world_event(&w, CARD_OPERATION_REPLACE_LOST, card);
                world_expect(&w, "OK");
        }
}

static void R32_the_renewal_window_opens_sixty_days_before(void **state)
{
        (void)state;
        world_init(&w);
        int card = world_card(&w, CARD_NORMAL);
        w.holder.cards[card].expires_on = (civil_date){2027, 1, 23};
        world_event(&w, CARD_OPERATION_REPLACE_EXPIRING, card);
        world_expect(&w, "RENEWAL_WINDOW_NOT_OPEN");
        assert_string_equal(policy_details_get(&w.verdict.details, "opens_on"), "2026-11-24");
        assert_true(names_step("WAIT_FOR_RENEWAL_WINDOW"));
        w.facts.now_ms = civil_date_start_unix_ms((civil_date){2026, 11, 24}) - 1;
        world_expect(&w, "RENEWAL_WINDOW_NOT_OPEN");
        w.facts.now_ms++;
        world_expect(&w, "OK");
        w.facts.now_ms = FIXTURE_NOW_MS;
        world_event(&w, CARD_OPERATION_REPLACE_DAMAGED, card);
        world_expect(&w, "OK"); /* other reasons need not wait */
}

static void R32_without_consent_no_card_is_made(void **state)
{
        (void)state;
        world_init(&w);
        world_event(&w, CARD_OPERATION_APPLY, -1)->consent_given = false;
        world_expect(&w, "CONSENT_REQUIRED");
        int card = world_card(&w, CARD_REQUESTED);
        w.holder.cards[card].consent = (card_consent){0};
        world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM);
        world_event(&w, CARD_OPERATION_START_PRODUCTION, card)->consent_given = false;
        world_expect(&w, "CONSENT_REQUIRED");
        w.event.consent_given = true;
        w.event.consent = (card_consent){.at_ms = 5,
                                         .given_by = POLICY_ROLE_HOLDER,
                                         .channel = POLICY_CHANNEL_ECARD,
                                         .statement = "form-1"};
        world_expect(&w, "OK");
        const card_consent *kept = &w.verdict.after.cards[card].consent;
        assert_int_equal(kept->at_ms, 5);
        assert_string_equal(kept->statement, "form-1");
}

static void R32_consent_records_who_when_and_where(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_POCKET_12333);
        world_event(&w, CARD_OPERATION_APPLY, -1);
        world_expect(&w, "OK");
        const card_consent *consent = &w.verdict.after.cards[0].consent;
        assert_int_equal(consent->at_ms, FIXTURE_NOW_MS);
        assert_int_equal(consent->given_by, POLICY_ROLE_HOLDER);
        assert_int_equal(consent->channel, POLICY_CHANNEL_POCKET_12333);
}

static void R33_instant_issue_needs_an_outlet_that_can(void **state)
{
        (void)state;
        world_init(&w);
        world_event(&w, CARD_OPERATION_APPLY, -1)->fulfilment = CARD_FULFILMENT_INSTANT;
        w.facts.outlet_instant = POLICY_NO;
        world_expect(&w, "INSTANT_NOT_AVAILABLE");
        w.facts.outlet_instant = POLICY_UNKNOWN;
        world_expect(&w, "INSTANT_NOT_AVAILABLE");
        w.facts.outlet_instant = POLICY_YES;
        world_expect(&w, "OK");
        w.event.fulfilment = CARD_FULFILMENT_NONE;
        world_expect(&w, "FULFILMENT_REQUIRED");
}

static void R33_one_visit_makes_hands_over_and_enables(void **state)
{
        (void)state;
        world_init(&w);
        world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
        world_event(&w, CARD_OPERATION_APPLY, -1)->fulfilment = CARD_FULFILMENT_INSTANT;
        world_expect(&w, "OK");
        world_keep(&w);
        const card_operation visit[] = {CARD_OPERATION_START_PRODUCTION,
                                        CARD_OPERATION_COMPLETE_PRODUCTION,
                                        CARD_OPERATION_COLLECT_AND_ENABLE};
        for (size_t i = 0; i < 3; i++) {
                world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH);
                world_event(&w, visit[i], 0);
                world_expect(&w, "OK");
                world_keep(&w);
        }
        const card_record *card = &w.holder.cards[0];
        assert_int_equal(card->state, CARD_NORMAL);
        assert_int_equal(card->version, 4);
        assert_int_equal(card->issued_on.year, 2026);
        assert_int_equal(card->expires_on.year, 2036); /* ten years by the knob */
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R1_a_card_belongs_to_one_valid_person),
                cmocka_unit_test(R1_a_new_person_is_registered_with_the_first_card),
                cmocka_unit_test(R1_nobody_applies_for_the_dead),
                cmocka_unit_test(R1_a_death_has_a_possible_date),
                cmocka_unit_test(R1_a_guardian_applies_for_those_under_sixteen),
                cmocka_unit_test(R2_every_refusal_says_what_to_do_now),
                cmocka_unit_test(R4_social_use_needs_an_enabled_card),
                cmocka_unit_test(R6_hand_over_and_enabling_are_one_act),
                cmocka_unit_test(R6_a_bank_enables_only_where_it_is_authorised),
                cmocka_unit_test(R7_changing_the_initial_password_enables_a_collected_card),
                cmocka_unit_test(R11_a_home_visit_needs_a_ground_and_a_procedure),
                cmocka_unit_test(R13_a_report_needs_a_proof_of_identity_and_kills_the_card),
                cmocka_unit_test(R13_a_second_report_changes_nothing),
                cmocka_unit_test(R13_a_found_card_returns_to_what_it_was),
                cmocka_unit_test(A2_a_formal_loss_can_be_undone_until_a_replacement_is_asked_for),
                cmocka_unit_test(R28_an_outdated_photo_needs_a_new_one),
                cmocka_unit_test(R29_an_expired_card_keeps_working_and_can_be_replaced),
                cmocka_unit_test(A10_a_region_may_close_the_social_function_with_expiry),
                cmocka_unit_test(R30_a_replacement_is_an_application_that_supersedes),
                cmocka_unit_test(R31_a_replacement_for_loss_needs_a_formal_report),
                cmocka_unit_test(R32_the_renewal_window_opens_sixty_days_before),
                cmocka_unit_test(R32_without_consent_no_card_is_made),
                cmocka_unit_test(R32_consent_records_who_when_and_where),
                cmocka_unit_test(R33_instant_issue_needs_an_outlet_that_can),
                cmocka_unit_test(R33_one_visit_makes_hands_over_and_enables),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
