/* What becomes of a link, event by event. Outcomes are typed from the paper. */
#include "services/bank/rules/bank_rules.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

#include <string.h>

static bank_world w;

/* ---- R8 to R11: activation ---- */

static void R8_activation_is_asked_of_the_bank_and_true_when_it_answers(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        assert_string_equal(w.verdict.event, "bank.activation_requested");
        assert_int_equal(bank_world_stored(&w)->state, BANK_LOADED);
        assert_string_equal(bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_DONE), "OK");
        assert_int_equal(bank_world_stored(&w)->state, BANK_ACTIVE);
        assert_int_equal(bank_world_stored(&w)->activated_at_ms, FIXTURE_NOW_MS);
        assert_string_equal(w.verdict.event, "bank.active");
}

static void R8_asking_twice_asks_the_bank_once(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        ulid first = bank_world_stored(&w)->requests[BANK_REQUEST_ACTIVATE].reference;
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        assert_false(w.verdict.changed);
        assert_true(ulid_equal(first,
                               bank_world_stored(&w)->requests[BANK_REQUEST_ACTIVATE].reference));
}

static void R3_a_card_that_is_not_enabled_can_be_activated(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_ARCHIVED_COLLECTED, BANK_LOADED);
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        assert_true(w.verdict.changed);
}

/* Typed from 2.4: "Activate preconditions: card in {ARCHIVED/c, NORMAL} …; LOST card: CARD_LOST".
 */
static void R8_every_card_state_by_every_link_state(void **state)
{
        (void)state;
        static const struct {
                card_state card;
                const char *reasons[5]; /* NONE LOADED ACTIVE CLOSURE_PENDING CLOSED */
        } expected[] = {
                {CARD_ARCHIVED_UNCOLLECTED,
                 {"NO_ACCOUNT", "NOT_COLLECTED", "NOT_COLLECTED", "CLOSURE_IN_PROGRESS",
                  "ACCOUNT_CLOSED"}},
                {CARD_ARCHIVED_COLLECTED,
                 {"NO_ACCOUNT", "OK", "OK", "CLOSURE_IN_PROGRESS", "ACCOUNT_CLOSED"}},
                {CARD_NORMAL, {"NO_ACCOUNT", "OK", "OK", "CLOSURE_IN_PROGRESS", "ACCOUNT_CLOSED"}},
                {CARD_TEMP_LOST,
                 {"NO_ACCOUNT", "CARD_TEMP_LOST", "CARD_TEMP_LOST", "CLOSURE_IN_PROGRESS",
                  "ACCOUNT_CLOSED"}},
                {CARD_LOST,
                 {"NO_ACCOUNT", "CARD_LOST", "CARD_LOST", "CLOSURE_IN_PROGRESS", "ACCOUNT_CLOSED"}},
                /* Derived: a cancelled card's account is to be closed, whatever is stored. */
                {CARD_CANCELLED,
                 {"NO_ACCOUNT", "CLOSURE_IN_PROGRESS", "CLOSURE_IN_PROGRESS", "CLOSURE_IN_PROGRESS",
                  "ACCOUNT_CLOSED"}},
        };
        for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
                for (int link = 0; link < 5; link++) {
                        bank_world_init(&w, expected[i].card, (bank_state)(BANK_NONE + link));
                        bank_world_event(&w, BANK_OPERATION_ACTIVATE);
                        assert_string_equal(bank_world_apply(&w), expected[i].reasons[link]);
                }
        }
}

static void R8_no_online_or_telephone_channel_activates(void **state)
{
        (void)state;
        static const policy_channel remote[] = {
                POLICY_CHANNEL_ECARD,         POLICY_CHANNEL_NATIONAL_SI,
                POLICY_CHANNEL_NATIONAL_HRSS, POLICY_CHANNEL_NATIONAL_GOV,
                POLICY_CHANNEL_LOCAL_ONLINE,  POLICY_CHANNEL_POCKET_12333,
                POLICY_CHANNEL_PHONE_12333};
        for (size_t i = 0; i < sizeof remote / sizeof remote[0]; i++) {
                bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
                bank_world_as(&w, POLICY_ROLE_HOLDER, remote[i], NULL);
                bank_world_event(&w, BANK_OPERATION_ACTIVATE);
                assert_string_equal(bank_world_apply(&w), "IN_PERSON_REQUIRED");
                assert_int_equal(w.verdict.refusal.status, FAILURE_PERMISSION_DENIED);
                assert_string_equal(w.verdict.refusal.rule, "R8");
                assert_true(bank_world_advises(&w, "ACTIVATE_FINANCIAL_FUNCTION"));
                assert_true(bank_world_advises(&w, "HOME_VISIT_OR_AGENT"));
        }
}

static void R8_at_the_counter_the_holder_must_be_there(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_event(&w, BANK_OPERATION_ACTIVATE)->evidence &= ~CARD_E(IN_PERSON);
        assert_string_equal(bank_world_apply(&w), "IN_PERSON_REQUIRED");
}

static void R9_missing_evidence_is_named(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_event(&w, BANK_OPERATION_ACTIVATE)->evidence &= ~CARD_E(CARD_PRESENTED);
        assert_string_equal(bank_world_apply(&w), "MISSING_EVIDENCE");
        assert_string_equal(policy_details_get(&w.verdict.details, "evidence"), "CARD_PRESENTED");

        bank_world_event(&w, BANK_OPERATION_ACTIVATE)->evidence &= ~CARD_E(ID_DOCUMENT);
        assert_string_equal(bank_world_apply(&w), "MISSING_EVIDENCE");
        assert_string_equal(policy_details_get(&w.verdict.details, "evidence"), "ID_DOCUMENT");
}

static void R10_any_outlet_of_the_same_bank_and_no_other(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        w.cards.caller.region = "440000"; /* another province, the same bank */
        w.cards.caller.outlet = "440100-9";
        bank_world_event(&w, BANK_OPERATION_ACTIVATE);
        assert_string_equal(bank_world_apply(&w), "OK");

        bank_world_as(&w, POLICY_ROLE_BANK_OPERATOR, POLICY_CHANNEL_BANK_BRANCH, "102");
        assert_string_equal(bank_world_apply(&w), "WRONG_BANK");
        assert_string_equal(policy_details_get(&w.verdict.details, "right_bank"), "105");
        assert_true(bank_world_advises(&w, "GO_TO_RIGHT_BANK"));
        bank_world_as(&w, POLICY_ROLE_BANK_OPERATOR, POLICY_CHANNEL_BANK_BRANCH, "");
        assert_string_equal(bank_world_apply(&w), "WRONG_BANK");
}

static void R11_exactly_two_exceptions_each_with_ground_and_procedure(void **state)
{
        (void)state;
        card_evidences papers = CARD_E(ID_DOCUMENT) | CARD_E(CARD_PRESENTED);
        card_evidences ground = CARD_E(MOBILITY_GROUND) | CARD_E(PROCEDURE);
        card_evidences agent = CARD_E(MANDATE) | CARD_E(AGENT_ID_DOCUMENT);
        const struct {
                policy_channel channel;
                card_evidences evidence;
                const char *reason;
        } expected[] = {
                {POLICY_CHANNEL_HOME_VISIT, papers | ground, "OK"},
                {POLICY_CHANNEL_HOME_VISIT, papers | CARD_E(PROCEDURE), "MOBILITY_GROUND_REQUIRED"},
                {POLICY_CHANNEL_HOME_VISIT, papers | CARD_E(MOBILITY_GROUND), "MISSING_EVIDENCE"},
                {POLICY_CHANNEL_HOME_VISIT, papers | CARD_E(IN_PERSON), "MISSING_EVIDENCE"},
                {POLICY_CHANNEL_BANK_BRANCH, papers | ground | agent, "OK"},
                {POLICY_CHANNEL_BANK_BRANCH, papers | CARD_E(PROCEDURE) | agent,
                 "MOBILITY_GROUND_REQUIRED"},
                {POLICY_CHANNEL_BANK_BRANCH, papers | ground | CARD_E(MANDATE), "MISSING_EVIDENCE"},
                {POLICY_CHANNEL_BANK_BRANCH, papers | ground, "IN_PERSON_REQUIRED"},
        };
        for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
                bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
                w.cards.caller.channel = expected[i].channel;
                bank_world_event(&w, BANK_OPERATION_ACTIVATE)->evidence = expected[i].evidence;
                assert_string_equal(bank_world_apply(&w), expected[i].reason);
        }
}

static void R11_a_stricter_region_may_close_either_way(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        w.knobs.values[BANK_KNOB_ACTIVATE_BY_HOME_VISIT] = 0;
        w.cards.caller.channel = POLICY_CHANNEL_HOME_VISIT;
        bank_world_event(&w, BANK_OPERATION_ACTIVATE)->evidence = CARD_EVIDENCES_ALL;
        assert_string_equal(bank_world_apply(&w), "CHANNEL_NOT_ALLOWED");
        assert_string_equal(policy_details_get(&w.verdict.details, "allowed_channels"),
                            "BANK_BRANCH");
}

static void only_the_banks_staff_activates_at_its_counter(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_as(&w, POLICY_ROLE_HOLDER, POLICY_CHANNEL_BANK_BRANCH, NULL);
        bank_world_event(&w, BANK_OPERATION_ACTIVATE);
        assert_string_equal(bank_world_apply(&w), "ROLE_NOT_ALLOWED");
        bank_world_as(&w, POLICY_ROLE_OPERATOR, POLICY_CHANNEL_BRANCH, NULL);
        assert_string_equal(bank_world_apply(&w), "CHANNEL_NOT_ALLOWED");
}

/* ---- R3: opening in advance ---- */

static void R3_a_made_card_has_its_account_opened_in_advance(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_ARCHIVED_UNCOLLECTED, BANK_NONE);
        bank_world_follow(&w, BANK_LOAD);
        assert_string_equal(w.verdict.event, "bank.pre_open_requested");
        bank_world_follow(&w, BANK_LOAD);
        assert_false(w.verdict.changed); /* the same news again */
        assert_string_equal(bank_world_answer(&w, BANK_REQUEST_PRE_OPEN, BANK_ANSWER_DONE), "OK");
        assert_int_equal(bank_world_stored(&w)->state, BANK_LOADED);
        assert_string_equal(bank_world_stored(&w)->account, "acc-7");
}

static void R3_a_bank_tells_of_an_account_by_itself(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_ARCHIVED_UNCOLLECTED, BANK_NONE);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "105");
        bank_world_event(&w, BANK_OPERATION_LOAD)->account = "acc-9";
        assert_string_equal(bank_world_apply(&w), "OK");
        assert_int_equal(w.verdict.after.state, BANK_LOADED);

        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "105");
        bank_world_event(&w, BANK_OPERATION_LOAD)->account = "acc-9";
        assert_string_equal(bank_world_apply(&w), "ACCOUNT_REFERENCE_DIFFERS");
        w.event.account = "acc-1";
        assert_string_equal(bank_world_apply(&w), "OK");
        assert_false(w.verdict.changed);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "102");
        assert_string_equal(bank_world_apply(&w), "WRONG_BANK");

        bank_world_init(&w, CARD_PRODUCING, BANK_NONE);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "105");
        bank_world_event(&w, BANK_OPERATION_LOAD);
        assert_string_equal(bank_world_apply(&w), "CARD_NOT_ISSUED");
}

static void an_account_that_is_opened_for_an_ended_card_is_closed_again(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_ARCHIVED_UNCOLLECTED, BANK_NONE);
        bank_world_follow(&w, BANK_LOAD);
        bank_world_card(&w)->state = CARD_CANCELLED;
        bank_world_card(&w)->state_since_ms = FIXTURE_NOW_MS;
        bank_world_follow(&w, BANK_CARD_CANCELLED);
        assert_false(w.verdict.changed); /* NONE stays NONE */
        bank_world_answer(&w, BANK_REQUEST_PRE_OPEN, BANK_ANSWER_DONE);
        assert_int_equal(bank_world_stored(&w)->state, BANK_CLOSURE_PENDING);
        assert_int_equal(bank_world_stored(&w)->requests[BANK_REQUEST_CLOSE].state,
                         BANK_REQUEST_OPEN);
}

/* ---- R13: loss ---- */

static void R13_a_lost_card_asks_the_bank(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_TEMP_LOST, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CARD_LOST);
        assert_int_equal(bank_world_stored(&w)->loss, BANK_LOSS_UNKNOWN);
        assert_int_equal(bank_world_stored(&w)->state, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CARD_LOST);
        assert_false(w.verdict.changed);
        bank_world_answer(&w, BANK_REQUEST_CONFIRM_LOSS, BANK_ANSWER_DONE);
        assert_int_equal(bank_world_stored(&w)->loss, BANK_LOSS_CONFIRMED);
}

static void R13_the_overlay_stays_until_the_bank_clears_it(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_TEMP_LOST, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CARD_LOST);
        bank_world_answer(&w, BANK_REQUEST_CONFIRM_LOSS, BANK_ANSWER_DONE);
        bank_world_card(&w)->state = CARD_NORMAL;
        bank_world_card(&w)->state_since_ms = FIXTURE_NOW_MS;
        bank_world_follow(&w, BANK_CARD_RECOVERED);
        assert_int_equal(bank_world_stored(&w)->loss, BANK_LOSS_CONFIRMED);
        bank_world_do(&w, BANK_OPERATION_CLEAR_LOSS);
        assert_int_equal(bank_world_stored(&w)->loss, BANK_LOSS_NO);
        bank_world_do(&w, BANK_OPERATION_CLEAR_LOSS);
        assert_false(w.verdict.changed);
}

static void R13_a_bank_that_knows_of_no_loss_is_believed(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_LOST, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CARD_LOST);
        bank_world_answer(&w, BANK_REQUEST_CONFIRM_LOSS, BANK_ANSWER_REFUSED);
        assert_int_equal(bank_world_stored(&w)->loss, BANK_LOSS_NO);
        bank_link shown = *bank_world_stored(&w);
        bank_link_derive(&shown, bank_world_card(&w));
        assert_int_equal(shown.loss, BANK_LOSS_NO); /* this loss was asked about already */
}

static void R13_a_formal_loss_after_a_temporary_one_keeps_what_the_bank_said(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_TEMP_LOST, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CARD_LOST);
        bank_world_answer(&w, BANK_REQUEST_CONFIRM_LOSS, BANK_ANSWER_DONE);
        bank_world_card(&w)->state = CARD_LOST;
        bank_world_card(&w)->state_since_ms = FIXTURE_NOW_MS;
        bank_world_follow(&w, BANK_CARD_LOST);
        assert_int_equal(bank_world_stored(&w)->loss, BANK_LOSS_CONFIRMED);
        assert_int_equal(bank_world_stored(&w)->requests[BANK_REQUEST_CONFIRM_LOSS].state,
                         BANK_REQUEST_DONE);
}

/* ---- R44, R45: closing ---- */

static void R45_a_cancelled_card_opens_a_case_with_two_legs(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_CANCELLED, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CARD_CANCELLED);
        const bank_link *link = bank_world_stored(&w);
        assert_int_equal(link->state, BANK_CLOSURE_PENDING);
        assert_int_equal(link->closure.cause, BANK_CLOSURE_CARD_CANCELLED);
        assert_true(link->closure.agency_done_at_ms > 0);
        assert_int_equal(link->closure.bank_done_at_ms, 0);
        assert_false(link->requests[BANK_REQUEST_CLOSE].at_counter);

        /* The bank wants the holder to come. */
        bank_world_answer(&w, BANK_REQUEST_CLOSE, BANK_ANSWER_REFUSED);
        assert_int_equal(link->state, BANK_CLOSURE_PENDING);
        ulid case_id = link->closure.id;
        bank_world_do(&w, BANK_OPERATION_REQUEST_CLOSURE);
        assert_true(link->requests[BANK_REQUEST_CLOSE].at_counter);
        bank_world_answer(&w, BANK_REQUEST_CLOSE, BANK_ANSWER_DONE);
        assert_int_equal(link->state, BANK_CLOSED);
        assert_true(link->closure.bank_done_at_ms > 0);
        assert_true(ulid_equal(case_id, link->closure.id));
}

static void R44_closing_at_the_counter_by_card_and_link(void **state)
{
        (void)state;
        static const struct {
                card_state card;
                const char *reasons[5]; /* NONE LOADED ACTIVE CLOSURE_PENDING CLOSED */
        } expected[] = {
                {CARD_NORMAL, {"NO_ACCOUNT", "CARD_STILL_VALID", "CARD_STILL_VALID", "OK", "OK"}},
                {CARD_ARCHIVED_COLLECTED,
                 {"NO_ACCOUNT", "CARD_STILL_VALID", "CARD_STILL_VALID", "OK", "OK"}},
                {CARD_TEMP_LOST,
                 {"NO_ACCOUNT", "CARD_STILL_VALID", "CARD_STILL_VALID", "OK", "OK"}},
                {CARD_LOST, {"NO_ACCOUNT", "OK", "OK", "OK", "OK"}},
                {CARD_CANCELLED, {"NO_ACCOUNT", "OK", "OK", "OK", "OK"}},
        };
        for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
                for (int link = 0; link < 5; link++) {
                        bank_world_init(&w, expected[i].card, (bank_state)(BANK_NONE + link));
                        bank_world_event(&w, BANK_OPERATION_REQUEST_CLOSURE);
                        assert_string_equal(bank_world_apply(&w), expected[i].reasons[link]);
                        if (link == 4) assert_false(w.verdict.changed);
                }
        }
}

static void R44_only_the_banks_own_counter_closes(void **state)
{
        (void)state;
        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++) {
                bank_world_init(&w, CARD_LOST, BANK_ACTIVE);
                w.cards.caller.channel = (policy_channel)channel;
                bank_world_event(&w, BANK_OPERATION_REQUEST_CLOSURE);
                assert_string_equal(bank_world_apply(&w), channel == POLICY_CHANNEL_BANK_BRANCH
                                                                  ? "OK"
                                                                  : "CHANNEL_NOT_ALLOWED");
        }
        bank_world_init(&w, CARD_LOST, BANK_ACTIVE);
        w.cards.caller.bank = "102";
        bank_world_event(&w, BANK_OPERATION_REQUEST_CLOSURE);
        assert_string_equal(bank_world_apply(&w), "WRONG_BANK");
        bank_world_init(&w, CARD_LOST, BANK_ACTIVE);
        bank_world_event(&w, BANK_OPERATION_REQUEST_CLOSURE)->evidence = 0;
        assert_string_equal(bank_world_apply(&w), "MISSING_EVIDENCE");
}

static void A6_an_agent_closes_only_where_the_region_allows(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_LOST, BANK_ACTIVE);
        bank_world_event(&w, BANK_OPERATION_REQUEST_CLOSURE)->evidence = CARD_EVIDENCES_ALL;
        assert_string_equal(bank_world_apply(&w), "CHANNEL_NOT_ALLOWED");
        w.knobs.values[BANK_KNOB_CLOSE_BY_AGENT] = 1;
        assert_string_equal(bank_world_apply(&w), "OK");
}

static void R45_closing_never_happens_by_our_decision_alone(void **state)
{
        (void)state;
        for (int operation = 0; operation < BANK_OPERATION_COUNT; operation++) {
                if (operation == BANK_OPERATION_CONFIRM_CLOSED) continue;
                bank_world_init(&w, CARD_CANCELLED, BANK_ACTIVE);
                bank_world_event(&w, (bank_operation)operation);
                bank_world_apply(&w);
                assert_int_not_equal(w.verdict.after.state, BANK_CLOSED);
        }
}

static void a_bank_that_closes_the_account_of_a_card_in_use_raises_an_alarm(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_ACTIVE);
        bank_world_do(&w, BANK_OPERATION_CONFIRM_CLOSED);
        assert_true(w.verdict.alarm);
        assert_string_equal(w.verdict.event, "bank.closed_unexpectedly");
        assert_int_equal(bank_world_stored(&w)->closure.agency_done_at_ms, 0);
        bank_world_card(&w)->state = CARD_CANCELLED;
        bank_world_card(&w)->state_since_ms = FIXTURE_NOW_MS;
        bank_world_follow(&w, BANK_CARD_CANCELLED);
        assert_string_equal(w.verdict.event, "bank.closure_agency_done");

        bank_world_init(&w, CARD_CANCELLED, BANK_CLOSURE_PENDING);
        bank_world_do(&w, BANK_OPERATION_CONFIRM_CLOSED);
        assert_false(w.verdict.alarm);
}

static void a_change_of_bank_closes_the_old_account(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_CANCELLED, BANK_ACTIVE);
        bank_world_follow(&w, BANK_CHANGE_BANK);
        assert_int_equal(bank_world_stored(&w)->closure.cause, BANK_CLOSURE_BANK_CHANGED);
}

/* ---- R21 ---- */

static void R21_anything_about_the_banks_password_is_the_banks(void **state)
{
        (void)state;
        for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++) {
                for (int role = 1; role < POLICY_ROLE_COUNT; role++) {
                        bank_world_init(&w, CARD_NORMAL, (bank_state)link);
                        bank_world_as(&w, (policy_role)role, POLICY_CHANNEL_ECARD, NULL);
                        bank_world_event(&w, BANK_OPERATION_PASSWORD);
                        assert_string_equal(bank_world_apply(&w), "BANK_MANAGED");
                        assert_true(bank_world_advises(&w, "ASK_BANK"));
                }
        }
}

/* ---- R5 ---- */

static void R5_benefits_need_an_active_account(void **state)
{
        (void)state;
        for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++) {
                bank_world_init(&w, CARD_NORMAL, (bank_state)link);
                bank_rules_payout(&w.facts, bank_world_card(&w)->id, &w.verdict);
                assert_int_equal(bank_verdict_is_refused(&w.verdict), link != BANK_ACTIVE);
                if (link == BANK_ACTIVE) continue;
                assert_string_equal(w.verdict.refusal.reason, "FINANCIAL_NOT_ACTIVATED");
                assert_true(policy_refusal_step_count(&w.verdict.refusal) > 0);
        }
        bank_world_init(&w, CARD_CANCELLED,
                        BANK_ACTIVE); /* stored ACTIVE, but the card has ended */
        bank_rules_payout(&w.facts, bank_world_card(&w)->id, &w.verdict);
        assert_true(bank_verdict_is_refused(&w.verdict));
}

/* ---- answers: late, twice, never, wrong ---- */

static void S1_the_same_answer_twice_is_once(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_DONE);
        uint64_t version = bank_world_stored(&w)->version;
        assert_string_equal(bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_DONE), "OK");
        assert_false(w.verdict.changed);
        assert_int_equal(bank_world_stored(&w)->version, version);
        assert_string_equal(bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_REFUSED),
                            "ANSWER_CONTRADICTS");
        assert_true(w.verdict.alarm);
        assert_int_equal(bank_world_stored(&w)->state, BANK_ACTIVE);
}

static void S1_an_answer_to_nothing_is_refused(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_as(&w, POLICY_ROLE_PLATFORM, POLICY_CHANNEL_SYSTEM, "105");
        bank_world_event(&w, BANK_OPERATION_REPORT_ANSWER)->answer =
                (bank_answer){.reference = world_id(5), .kind = BANK_ANSWER_DONE};
        assert_string_equal(bank_world_apply(&w), "REFERENCE_UNKNOWN");
}

static void an_unanswered_request_keeps_its_reference_and_waits_longer(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        const bank_request *request = &bank_world_stored(&w)->requests[BANK_REQUEST_ACTIVATE];
        ulid reference = request->reference;
        int64_t last = 0;
        for (uint32_t attempt = 1; attempt <= 6; attempt++) {
                bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_MISSING);
                assert_int_equal(request->attempts, attempt);
                assert_int_equal(request->problem, BANK_PROBLEM_TIMEOUT);
                assert_true(request->next_at_ms - FIXTURE_NOW_MS > last);
                last = request->next_at_ms - FIXTURE_NOW_MS;
                assert_true(ulid_equal(reference, request->reference));
        }
        assert_int_equal(bank_world_stored(&w)->state, BANK_LOADED);
        bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_PENDING);
        assert_int_equal(request->state, BANK_REQUEST_ACCEPTED);
        bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_DONE); /* late */
        assert_int_equal(bank_world_stored(&w)->state, BANK_ACTIVE);
}

static void an_activation_that_is_answered_after_the_card_ended_activates_nothing(void **state)
{
        (void)state;
        bank_world_init(&w, CARD_NORMAL, BANK_LOADED);
        bank_world_do(&w, BANK_OPERATION_ACTIVATE);
        bank_world_card(&w)->state = CARD_CANCELLED;
        bank_world_card(&w)->state_since_ms = FIXTURE_NOW_MS;
        bank_world_follow(&w, BANK_CARD_CANCELLED);
        assert_int_equal(bank_world_stored(&w)->requests[BANK_REQUEST_ACTIVATE].state,
                         BANK_REQUEST_DROPPED);
        assert_string_equal(bank_world_answer(&w, BANK_REQUEST_ACTIVATE, BANK_ANSWER_DONE), "OK");
        assert_int_equal(bank_world_stored(&w)->state, BANK_CLOSURE_PENDING);
}

/* ---- S11 ---- */

/* Every operation by every role, channel, card and link: what the probe says is what happens. */
static void S11_the_probe_says_what_happens(void **state)
{
        (void)state;
        int cells = 0;
        for (int card = CARD_REQUESTED; card < CARD_STATE_COUNT; card++)
                for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++)
                        for (int op = 0; op < BANK_OPERATION_COUNT; op++)
                                for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++) {
                                        bank_world_init(&w, (card_state)card, (bank_state)link);
                                        w.cards.caller.channel = (policy_channel)channel;
                                        bank_world_event(&w, (bank_operation)op);
                                        bank_verdict probed;
                                        bank_probe said = bank_rules_probe(
                                                &w.facts, bank_world_card(&w)->id,
                                                (bank_operation)op, w.event.evidence, &probed);
                                        const char *reason = bank_world_apply(&w);
                                        bool refused = strcmp(reason, "OK") != 0;
                                        bool denied = said == BANK_PROBE_BLOCKED &&
                                                      probed.code == BANK_REFUSAL_NONE;
                                        if (denied) continue; /* the access row said no before */
                                        assert_int_equal(said != BANK_PROBE_ALLOWED, refused);
                                        if (refused)
                                                assert_string_equal(probed.refusal.reason, reason);
                                        cells++;
                                }
        print_message("S11: %d cells probed and tried\n", cells);
        assert_true(cells > 2000);
}

static void S11_no_step_is_named_that_would_be_refused(void **state)
{
        (void)state;
        for (int card = CARD_ARCHIVED_UNCOLLECTED; card <= CARD_CANCELLED; card++)
                for (int link = BANK_NONE; link < BANK_STATE_COUNT; link++) {
                        bank_world_init(&w, (card_state)card, (bank_state)link);
                        const policy_step *steps[BANK_STEPS_MAX];
                        size_t count = bank_rules_steps(&w.facts, bank_world_card(&w)->id, steps);
                        for (size_t i = 0; i < count; i++) {
                                if (steps[i] != &BANK_STEP_ACTIVATE &&
                                    steps[i] != &BANK_STEP_CLOSE_AT_COUNTER)
                                        continue;
                                bank_world_event(&w, bank_operation_find(steps[i]->operation));
                                assert_string_equal(bank_world_apply(&w), "OK");
                                assert_true(w.verdict.changed);
                        }
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R8_activation_is_asked_of_the_bank_and_true_when_it_answers),
                cmocka_unit_test(R8_asking_twice_asks_the_bank_once),
                cmocka_unit_test(R3_a_card_that_is_not_enabled_can_be_activated),
                cmocka_unit_test(R8_every_card_state_by_every_link_state),
                cmocka_unit_test(R8_no_online_or_telephone_channel_activates),
                cmocka_unit_test(R8_at_the_counter_the_holder_must_be_there),
                cmocka_unit_test(R9_missing_evidence_is_named),
                cmocka_unit_test(R10_any_outlet_of_the_same_bank_and_no_other),
                cmocka_unit_test(R11_exactly_two_exceptions_each_with_ground_and_procedure),
                cmocka_unit_test(R11_a_stricter_region_may_close_either_way),
                cmocka_unit_test(only_the_banks_staff_activates_at_its_counter),
                cmocka_unit_test(R3_a_made_card_has_its_account_opened_in_advance),
                cmocka_unit_test(R3_a_bank_tells_of_an_account_by_itself),
                cmocka_unit_test(an_account_that_is_opened_for_an_ended_card_is_closed_again),
                cmocka_unit_test(R13_a_lost_card_asks_the_bank),
                cmocka_unit_test(R13_the_overlay_stays_until_the_bank_clears_it),
                cmocka_unit_test(R13_a_bank_that_knows_of_no_loss_is_believed),
                cmocka_unit_test(R13_a_formal_loss_after_a_temporary_one_keeps_what_the_bank_said),
                cmocka_unit_test(R45_a_cancelled_card_opens_a_case_with_two_legs),
                cmocka_unit_test(R44_closing_at_the_counter_by_card_and_link),
                cmocka_unit_test(R44_only_the_banks_own_counter_closes),
                cmocka_unit_test(A6_an_agent_closes_only_where_the_region_allows),
                cmocka_unit_test(R45_closing_never_happens_by_our_decision_alone),
                cmocka_unit_test(a_bank_that_closes_the_account_of_a_card_in_use_raises_an_alarm),
                cmocka_unit_test(a_change_of_bank_closes_the_old_account),
                cmocka_unit_test(R21_anything_about_the_banks_password_is_the_banks),
                cmocka_unit_test(R5_benefits_need_an_active_account),
                cmocka_unit_test(S1_the_same_answer_twice_is_once),
                cmocka_unit_test(S1_an_answer_to_nothing_is_refused),
                cmocka_unit_test(an_unanswered_request_keeps_its_reference_and_waits_longer),
                cmocka_unit_test(
                        an_activation_that_is_answered_after_the_card_ended_activates_nothing),
                cmocka_unit_test(S11_the_probe_says_what_happens),
                cmocka_unit_test(S11_no_step_is_named_that_would_be_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
