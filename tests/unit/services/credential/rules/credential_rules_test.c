/* The rules around the table: channels, the card's state, the count. */
#include "services/credential/rules/credential_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

typedef struct world {
        credential_record record;
        credential_knobs knobs;
        policy_caller caller;
        credential_facts facts;
        credential_verdict verdict;
} world;

static void world_init(world *w, credential_state state)
{
        *w = (world){.record = {.card = {{1}},
                                .version = 3,
                                .state = state,
                                .was = state == CREDENTIAL_LOCKED ? CREDENTIAL_ACTIVE : 0,
                                .errors = state == CREDENTIAL_LOCKED ? 6 : 0,
                                .generation = 2}};
        if (state == CREDENTIAL_NONE) w->record = (credential_record){.state = state};
        w->knobs = credential_knobs_national();
        w->caller = (policy_caller){.role = POLICY_ROLE_OPERATOR, .channel = POLICY_CHANNEL_BRANCH};
        w->facts = (credential_facts){.credential = &w->record,
                                      .card = CARD_NORMAL,
                                      .knobs = &w->knobs,
                                      .caller = &w->caller,
                                      .evidence = CARD_E(ID_DOCUMENT) | CARD_E(CARD_PRESENTED),
                                      .outlet_authorised = POLICY_YES,
                                      .now_ms = 1000};
}

static const char *check(world *w, credential_operation operation)
{
        credential_rules_check(&w->facts, operation, &w->verdict);
        return w->verdict.refusal ? w->verdict.refusal->reason : "";
}

static void R18_R20_channels_are_those_of_the_paper(void **state)
{
        (void)state;
        const policy_channels expected[CREDENTIAL_OPERATION_COUNT] = {
                [CREDENTIAL_OPERATION_ISSUE] = POLICY_C(SYSTEM),
                [CREDENTIAL_OPERATION_VERIFY] = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) |
                                                POLICY_C(SELF_SERVICE) | POLICY_C(HOME_VISIT) |
                                                POLICY_C(MEDICAL_POS),
                [CREDENTIAL_OPERATION_CHANGE] = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) |
                                                POLICY_C(SELF_SERVICE) | POLICY_C(MEDICAL_POS),
                [CREDENTIAL_OPERATION_UNLOCK] = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH),
                [CREDENTIAL_OPERATION_RESET] = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH),
        };
        for (int op = 0; op < CREDENTIAL_OPERATION_COUNT; op++)
                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++) {
                        world w;
                        world_init(&w, CREDENTIAL_INITIAL);
                        w.caller.channel = (policy_channel)channel;
                        const char *reason = check(&w, (credential_operation)op);
                        bool may = policy_channels_have(expected[op], (policy_channel)channel);
                        bool counter = op == CREDENTIAL_OPERATION_UNLOCK ||
                                       op == CREDENTIAL_OPERATION_RESET;
                        const char *refused =
                                counter ? "GO_TO_SERVICE_INSTITUTION" : "CHANNEL_NOT_ALLOWED";
                        assert_int_equal(strcmp(reason, refused) != 0, may);
                }
}

static void R20_whoever_else_asks_is_told_where_to_go(void **state)
{
        (void)state;
        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                for (int op = CREDENTIAL_OPERATION_UNLOCK; op <= CREDENTIAL_OPERATION_RESET; op++) {
                        world w;
                        world_init(&w, CREDENTIAL_LOCKED);
                        w.caller.role = (policy_role)role;
                        w.caller.channel = POLICY_CHANNEL_BRANCH;
                        const char *reason = check(&w, (credential_operation)op);
                        assert_int_equal(strcmp(reason, "GO_TO_SERVICE_INSTITUTION") != 0,
                                         role == POLICY_ROLE_OPERATOR);
                }
}

static void R7_a_pharmacy_changes_the_initial_pin_only(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        w.caller.channel = POLICY_CHANNEL_MEDICAL_POS;
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_CHANGE), "CHANNEL_NOT_ALLOWED");
        assert_string_equal(policy_details_get(&w.verdict.details, "allowed_channels"),
                            "BRANCH, BANK_BRANCH, SELF_SERVICE");
        world_init(&w, CREDENTIAL_INITIAL);
        w.caller.channel = POLICY_CHANNEL_MEDICAL_POS;
        w.facts.card = CARD_ARCHIVED_COLLECTED;
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_CHANGE), "");
        assert_true(w.verdict.enables_card);
        w.facts.card = CARD_NORMAL;
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_CHANGE), "");
        assert_false(w.verdict.enables_card);
}

static void S6_a_lost_card_is_refused_without_evaluating(void **state)
{
        (void)state;
        static const struct {
                card_state card;
                const char *verify, *unlock, *issue;
        } expected[] = {
                {CARD_REQUESTED, "CARD_NOT_ISSUED", "CARD_NOT_ISSUED", "CARD_NOT_ISSUED"},
                {CARD_PRODUCING, "CARD_NOT_ISSUED", "CARD_NOT_ISSUED", "CARD_NOT_ISSUED"},
                {CARD_ARCHIVED_UNCOLLECTED, "NOT_COLLECTED", "NOT_COLLECTED", ""},
                {CARD_ARCHIVED_COLLECTED, "", "", ""},
                {CARD_NORMAL, "", "", ""},
                {CARD_TEMP_LOST, "CARD_TEMP_LOST", "", ""},
                {CARD_LOST, "CARD_LOST", "", ""},
                {CARD_CANCELLED, "CARD_CANCELLED", "CARD_CANCELLED", "CARD_CANCELLED"},
                {CARD_WITHDRAWN, "APPLICATION_ENDED", "APPLICATION_ENDED", "APPLICATION_ENDED"},
        };
        for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
                world w;
                world_init(&w, CREDENTIAL_INITIAL);
                w.facts.card = expected[i].card;
                assert_string_equal(check(&w, CREDENTIAL_OPERATION_VERIFY), expected[i].verify);
                assert_int_equal(w.verdict.evaluates, *expected[i].verify == '\0');
                assert_string_equal(check(&w, CREDENTIAL_OPERATION_CHANGE), expected[i].verify);
                assert_string_equal(check(&w, CREDENTIAL_OPERATION_UNLOCK), expected[i].unlock);
                assert_string_equal(check(&w, CREDENTIAL_OPERATION_RESET), expected[i].unlock);
                w.caller.channel = POLICY_CHANNEL_SYSTEM;
                assert_string_equal(check(&w, CREDENTIAL_OPERATION_ISSUE), expected[i].issue);
        }
}

static void a_stranger_with_a_card_number_locks_nobody_out(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        w.caller = (policy_caller){.role = POLICY_ROLE_PLATFORM,
                                   .channel = POLICY_CHANNEL_MEDICAL_POS};
        w.facts.evidence = 0;
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_VERIFY), "MISSING_EVIDENCE");
        assert_false(w.verdict.evaluates);
        w.facts.evidence = CARD_E(CARD_PRESENTED);
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_VERIFY), "");
        assert_true(w.verdict.evaluates);
}

static void R20_the_counter_sees_the_identity_document(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_LOCKED);
        w.facts.evidence = CARD_E(CARD_PRESENTED);
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_UNLOCK), "MISSING_EVIDENCE");
        assert_string_equal(policy_details_get(&w.verdict.details, "evidence"), "ID_DOCUMENT");
}

static void apply(world *w, credential_event event)
{
        credential_rules_apply(&w->facts, event, &w->verdict);
        if (w->verdict.changed) w->record = w->verdict.after;
}

static void R19_sixth_consecutive_error_locks_and_seventh_is_not_evaluated(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        for (int error = 1; error <= 6; error++) {
                assert_string_equal(check(&w, CREDENTIAL_OPERATION_VERIFY), "");
                assert_true(w.verdict.evaluates);
                apply(&w, credential_wrong_event(&w.facts, CREDENTIAL_OPERATION_VERIFY));
                assert_non_null(w.verdict.refusal);
                assert_string_equal(w.verdict.refusal->reason, "PIN_WRONG");
                char left[4] = {(char)('0' + 6 - error)};
                assert_string_equal(policy_details_get(&w.verdict.details, "remaining_attempts"),
                                    left);
                assert_int_equal(w.record.state, error < 6 ? CREDENTIAL_ACTIVE : CREDENTIAL_LOCKED);
        }
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_VERIFY), "");
        assert_false(w.verdict.evaluates);
        apply(&w, CREDENTIAL_VERIFY_RIGHT);
        assert_non_null(w.verdict.refusal);
        assert_string_equal(w.verdict.refusal->reason, "CREDENTIAL_LOCKED");
        assert_false(w.verdict.changed);
}

static void R19_a_right_one_in_between_starts_the_count_anew(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        for (int i = 0; i < 5; i++)
                apply(&w, credential_wrong_event(&w.facts, CREDENTIAL_OPERATION_CHANGE));
        assert_int_equal(credential_remaining(&w.record, &w.knobs), 1);
        apply(&w, CREDENTIAL_VERIFY_RIGHT);
        assert_int_equal(credential_remaining(&w.record, &w.knobs), 6);
        assert_int_equal(w.record.generation, 2);
}

static void an_unfinished_sixth_guess_is_a_lock(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        w.record.errors = 6; /* counted, and nobody came back to say how it ended */
        assert_string_equal(check(&w, CREDENTIAL_OPERATION_VERIFY), "");
        assert_false(w.verdict.evaluates);
}

static void R20_unlock_gives_back_what_it_was_and_the_generation_stays(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_LOCKED);
        w.record.was = CREDENTIAL_INITIAL;
        apply(&w, CREDENTIAL_UNLOCK);
        assert_int_equal(w.record.state, CREDENTIAL_INITIAL);
        assert_int_equal(w.record.errors, 0);
        assert_int_equal(w.record.unlocks, 1);
        assert_int_equal(w.record.generation, 2);
        apply(&w, CREDENTIAL_RESET);
        assert_int_equal(w.record.generation, 3);
}

static void A4_an_unlock_too_many_ends_the_credential(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_LOCKED);
        assert_int_equal(credential_knobs_set(&w.knobs, "pin_lifetime_unlocks", "2"),
                         POLICY_KNOB_ACCEPTED);
        w.record.unlocks = 2;
        apply(&w, CREDENTIAL_UNLOCK);
        assert_int_equal(w.record.state, CREDENTIAL_VOID);
        assert_string_equal(w.verdict.event, "credential.void");
}

static void A4_a_region_may_be_stricter_than_six_and_never_laxer(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        assert_int_equal(credential_knobs_set(&w.knobs, "pin_max_errors", "3"),
                         POLICY_KNOB_ACCEPTED);
        for (int i = 0; i < 3; i++)
                apply(&w, credential_wrong_event(&w.facts, CREDENTIAL_OPERATION_VERIFY));
        assert_int_equal(w.record.state, CREDENTIAL_LOCKED);
        assert_int_not_equal(credential_knobs_set(&w.knobs, "pin_max_errors", "7"),
                             POLICY_KNOB_ACCEPTED);
}

static void a_card_that_ended_ends_its_pin_at_once(void **state)
{
        (void)state;
        world w;
        world_init(&w, CREDENTIAL_ACTIVE);
        assert_int_equal(credential_state_seen(&w.record, CARD_CANCELLED), CREDENTIAL_VOID);
        assert_int_equal(credential_state_seen(&w.record, CARD_LOST), CREDENTIAL_ACTIVE);
        assert_true(credential_is_suspended(CARD_TEMP_LOST));
        assert_false(credential_is_suspended(CARD_NORMAL));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R18_R20_channels_are_those_of_the_paper),
                cmocka_unit_test(R20_whoever_else_asks_is_told_where_to_go),
                cmocka_unit_test(R7_a_pharmacy_changes_the_initial_pin_only),
                cmocka_unit_test(S6_a_lost_card_is_refused_without_evaluating),
                cmocka_unit_test(a_stranger_with_a_card_number_locks_nobody_out),
                cmocka_unit_test(R20_the_counter_sees_the_identity_document),
                cmocka_unit_test(R19_sixth_consecutive_error_locks_and_seventh_is_not_evaluated),
                cmocka_unit_test(R19_a_right_one_in_between_starts_the_count_anew),
                cmocka_unit_test(an_unfinished_sixth_guess_is_a_lock),
                cmocka_unit_test(R20_unlock_gives_back_what_it_was_and_the_generation_stays),
                cmocka_unit_test(A4_an_unlock_too_many_ends_the_credential),
                cmocka_unit_test(A4_a_region_may_be_stricter_than_six_and_never_laxer),
                cmocka_unit_test(a_card_that_ended_ends_its_pin_at_once),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
