/* Deciding: the guards say no, or the event is carried out on a copy of the link.
 * Must never make an account active or closed without the bank's word. */
#include "services/bank/rules/bank_rules.h"

#include "services/bank/rules/bank_access.h"
#include "services/bank/rules/bank_inquiry.h"

#include <assert.h>
#include <string.h>

/* ---- beginning and ending a verdict ---- */

static void begin(bank_verdict *verdict, const bank_link *stored, const card_record *card)
{
        memset(verdict, 0, sizeof *verdict);
        assert(stored == NULL || bank_link_broken(stored) == NULL);
        verdict->before = stored != NULL ? *stored : bank_link_none(card);
        verdict->after = verdict->before;
}

static void say(bank_verdict *verdict, const char *event)
{
        verdict->changed = true;
        verdict->event = event;
}

static void end(bank_verdict *verdict)
{
        if (!verdict->changed) {
                verdict->after = verdict->before;
                return;
        }
        verdict->after.version = verdict->before.version + 1;
        assert(bank_link_broken(&verdict->after) == NULL);
}

static void refuse_bare(bank_verdict *verdict, bank_refusal code)
{
        verdict->code = code;
        verdict->refusal = *bank_refusal_of(code);
        memset(verdict->refusal.steps, 0, sizeof verdict->refusal.steps);
        verdict->after = verdict->before;
}

static void add_step(bank_verdict *verdict, const policy_step *step)
{
        size_t count = policy_refusal_step_count(&verdict->refusal);
        if (count < POLICY_REFUSAL_STEPS_MAX) verdict->refusal.steps[count] = step;
}

static void refuse(const bank_inquiry *ask, bank_refusal code, bank_verdict *verdict)
{
        const policy_refusal *refusal = bank_refusal_of(code);
        refuse_bare(verdict, code);
        if (code == BANK_REFUSAL_CHANNEL_NOT_ALLOWED) add_step(verdict, &ask->row->elsewhere);
        for (size_t i = 0; i < policy_refusal_step_count(refusal); i++)
                if (bank_step_applies(ask, refusal->steps[i])) add_step(verdict, refusal->steps[i]);
        if (policy_refusal_step_count(&verdict->refusal) == 0)
                add_step(verdict, &BANK_STEP_ASK_BANK);
}

/* ---- the link follows its card, in what is stored ---- */

static void note_loss(bank_link *link, const card_record *card, const bank_ids *ids, int64_t now_ms)
{
        if (card->state_since_ms <= link->loss_of_ms) return;
        link->loss_of_ms = card->state_since_ms;
        if (link->loss != BANK_LOSS_NO) return;
        link->loss = BANK_LOSS_UNKNOWN;
        link->loss_since_ms = card->state_since_ms;
        bank_request_begin(link, BANK_REQUEST_CONFIRM_LOSS, ids->of[BANK_REQUEST_CONFIRM_LOSS],
                           now_ms);
}

static void note_end(bank_link *link, const card_record *card, bank_closure_cause cause,
                     const bank_ids *ids, int64_t now_ms)
{
        bool was_closing = link->state == BANK_CLOSURE_PENDING;
        link->state = BANK_CLOSURE_PENDING;
        bank_closure_open(link, card, cause, ids->of[0], card->state_since_ms);
        bank_request_drop(link, BANK_REQUEST_ACTIVATE, now_ms);
        if (was_closing) return;
        bank_request_begin(link, BANK_REQUEST_CLOSE, ids->of[BANK_REQUEST_CLOSE], now_ms);
}

/* What bank_link_derive() shows, as a change to be written: a write comes with it. */
static void settle(bank_link *link, const card_record *card, const bank_ids *ids, int64_t now_ms)
{
        bool lost = card->state == CARD_TEMP_LOST || card->state == CARD_LOST;
        if (link->state == BANK_NONE || link->state == BANK_CLOSED) return;
        if (lost) note_loss(link, card, ids, now_ms);
        if (card->state == CARD_CANCELLED)
                note_end(link, card, BANK_CLOSURE_CARD_CANCELLED, ids, now_ms);
}

void bank_rules_follow(const bank_link *stored, const card_record *card, bank_event_kind kind,
                       const bank_ids *ids, int64_t now_ms, bank_verdict *verdict)
{
        begin(verdict, stored, card);
        bank_link *link = &verdict->after;
        bank_cell cell = bank_transition(kind, link->state);
        verdict->rule = kind == BANK_LOAD ? "R3" : kind == BANK_CARD_LOST ? "R13" : "R45";
        switch (kind) {
        case BANK_LOAD:
                if (cell.kind != BANK_CELL_TO) break;
                if (link->requests[BANK_REQUEST_PRE_OPEN].state != BANK_REQUEST_NEVER) break;
                bank_request_begin(link, BANK_REQUEST_PRE_OPEN, ids->of[BANK_REQUEST_PRE_OPEN],
                                   now_ms);
                say(verdict, "bank.pre_open_requested");
                break;
        case BANK_CARD_LOST:
                if (cell.kind != BANK_CELL_LOSS || card->state_since_ms <= link->loss_of_ms) break;
                note_loss(link, card, ids, now_ms);
                say(verdict,
                    verdict->before.loss == BANK_LOSS_NO ? "bank.loss_unknown" : "bank.loss_noted");
                break;
        case BANK_CARD_CANCELLED:
        case BANK_CHANGE_BANK:
                if (cell.kind == BANK_CELL_TO) {
                        note_end(link, card,
                                 kind == BANK_CHANGE_BANK ? BANK_CLOSURE_BANK_CHANGED
                                                          : BANK_CLOSURE_CARD_CANCELLED,
                                 ids, now_ms);
                        say(verdict, "bank.closure_pending");
                } else if (cell.kind == BANK_CELL_KEEP &&
                           link->closure.cause != BANK_CLOSURE_NONE &&
                           link->closure.agency_done_at_ms == 0) {
                        link->closure.agency_done_at_ms = card->state_since_ms;
                        say(verdict, "bank.closure_agency_done");
                }
                break;
        default: /* a recovered card: the overlay stays until the bank clears it */
                assert(kind == BANK_CARD_RECOVERED);
                break;
        }
        end(verdict);
}

/* ---- the bank's answers ---- */

static void set_loss(bank_verdict *verdict, bank_loss loss, int64_t now_ms)
{
        bank_link *link = &verdict->after;
        if (link->loss == loss) return;
        link->loss = loss;
        link->loss_since_ms = loss == BANK_LOSS_NO       ? 0
                              : link->loss_since_ms != 0 ? link->loss_since_ms
                                                         : now_ms;
        say(verdict, loss == BANK_LOSS_CONFIRMED ? "bank.loss_confirmed" : "bank.loss_cleared");
}

static void close_account(bank_verdict *verdict, const card_record *card, const bank_ids *ids,
                          int64_t now_ms)
{
        verdict->alarm = verdict->after.state == BANK_ACTIVE && card->state == CARD_NORMAL;
        bank_enter_closed(&verdict->after, card, ids->of[0], now_ms);
        say(verdict, verdict->alarm ? "bank.closed_unexpectedly" : "bank.closed");
}

static void load_account(bank_verdict *verdict, const char *account, int64_t now_ms)
{
        bank_link *link = &verdict->after;
        link->state = BANK_LOADED;
        link->account = account;
        link->loaded_at_ms = now_ms;
        say(verdict, "bank.loaded");
}

/* The bank has done what it was asked for. */
static void carried_out(bank_verdict *verdict, const card_record *card, bank_request_kind kind,
                        const bank_answer *answer, const bank_ids *ids, int64_t now_ms)
{
        bank_link *link = &verdict->after;
        say(verdict, "bank.request_done");
        switch (kind) {
        case BANK_REQUEST_PRE_OPEN:
                if (bank_transition(BANK_LOAD, link->state).kind == BANK_CELL_TO)
                        load_account(verdict, answer->account, now_ms);
                break;
        case BANK_REQUEST_ACTIVATE:
                if (bank_transition(BANK_ACTIVATE, link->state).kind != BANK_CELL_TO) break;
                link->state = BANK_ACTIVE;
                link->activated_at_ms = now_ms;
                say(verdict, "bank.active");
                break;
        case BANK_REQUEST_CONFIRM_LOSS:
                if (bank_transition(BANK_CONFIRMS_LOSS, link->state).kind == BANK_CELL_LOSS)
                        set_loss(verdict, BANK_LOSS_CONFIRMED, now_ms);
                break;
        case BANK_REQUEST_CLOSE:
                if (bank_transition(BANK_REPORTS_CLOSED, link->state).kind == BANK_CELL_TO)
                        close_account(verdict, card, ids, now_ms);
                break;
        case BANK_REQUEST_NONE:
                break;
        }
}

static void wait_on(bank_request *request, const bank_answer *answer, int64_t now_ms)
{
        if (answer->kind == BANK_ANSWER_PENDING) request->state = BANK_REQUEST_ACCEPTED;
        request->problem =
                answer->kind == BANK_ANSWER_MISSING ? answer->problem : BANK_PROBLEM_NONE;
        if (answer->kind == BANK_ANSWER_PENDING) request->reason = answer->reason;
        request->next_at_ms = now_ms + bank_retry_delay_ms(request->attempts, request->state);
}

static bool is_known_answer(const bank_request *request, bank_answer_kind kind)
{
        if (kind == BANK_ANSWER_PENDING || kind == BANK_ANSWER_MISSING) return true;
        if (request->state == BANK_REQUEST_DROPPED) return true;
        return (request->state == BANK_REQUEST_DONE) == (kind == BANK_ANSWER_DONE);
}

static void take_answer(const card_record *card, bank_request_kind kind, const bank_answer *answer,
                        const bank_ids *ids, int64_t now_ms, bank_verdict *verdict)
{
        bank_request *request = &verdict->after.requests[kind];
        request->attempts += answer->attempted ? 1 : 0;
        switch (answer->kind) {
        case BANK_ANSWER_PENDING:
        case BANK_ANSWER_MISSING:
                wait_on(request, answer, now_ms);
                say(verdict, answer->kind == BANK_ANSWER_PENDING ? "bank.request_accepted"
                                                                 : "bank.request_unanswered");
                break;
        case BANK_ANSWER_DONE:
                request->state = BANK_REQUEST_DONE;
                request->problem = BANK_PROBLEM_NONE;
                request->next_at_ms = 0;
                request->answered_at_ms = now_ms;
                carried_out(verdict, card, kind, answer, ids, now_ms);
                break;
        case BANK_ANSWER_REFUSED:
                request->state = BANK_REQUEST_REFUSED;
                request->problem = BANK_PROBLEM_NONE;
                request->reason = answer->reason;
                request->next_at_ms = 0;
                request->answered_at_ms = now_ms;
                say(verdict, "bank.request_refused");
                if (kind == BANK_REQUEST_CONFIRM_LOSS) set_loss(verdict, BANK_LOSS_NO, now_ms);
                break;
        }
}

void bank_rules_answer(const bank_link *stored, const card_record *card, const bank_answer *answer,
                       const bank_ids *ids, int64_t now_ms, bank_verdict *verdict)
{
        begin(verdict, stored, card);
        verdict->rule = "S1";
        bank_request_kind kind = bank_request_find(&verdict->before, answer->reference);
        if (kind == BANK_REQUEST_NONE) {
                refuse_bare(verdict, BANK_REFUSAL_REFERENCE_UNKNOWN);
                return;
        }
        bool opens = kind == BANK_REQUEST_PRE_OPEN && answer->kind == BANK_ANSWER_DONE;
        if (opens && (answer->account == NULL || *answer->account == '\0')) {
                refuse_bare(verdict, BANK_REFUSAL_ACCOUNT_REFERENCE_REQUIRED);
                return;
        }
        const bank_request *request = &verdict->before.requests[kind];
        if (!bank_request_is_open(request)) {
                if (is_known_answer(request, answer->kind)) return;
                refuse_bare(verdict, BANK_REFUSAL_ANSWER_CONTRADICTS);
                verdict->alarm = true;
                return;
        }
        take_answer(card, kind, answer, ids, now_ms, verdict);
        settle(&verdict->after, card, ids, now_ms);
        bank_link_tidy(&verdict->after);
        end(verdict);
}

/* ---- carrying out what a person or the bank asks for ---- */

static void ask_bank(bank_verdict *verdict, const bank_facts *facts, const bank_event *event,
                     bank_request_kind kind, const char *name)
{
        bank_request_begin(&verdict->after, kind, event->ids.of[kind], facts->now_ms);
        say(verdict, name);
}

static void request_closure(const bank_facts *facts, const bank_event *event,
                            const card_record *card, bank_verdict *verdict)
{
        bank_link *link = &verdict->after;
        const bank_request *close = &link->requests[BANK_REQUEST_CLOSE];
        if (bank_request_is_open(close) && close->at_counter) return;
        bank_closure_open(link, card, BANK_CLOSURE_AT_COUNTER, event->ids.of[0], facts->now_ms);
        bank_request_drop(link, BANK_REQUEST_ACTIVATE, facts->now_ms);
        link->state = BANK_CLOSURE_PENDING;
        ask_bank(verdict, facts, event, BANK_REQUEST_CLOSE, "bank.closure_requested");
        link->requests[BANK_REQUEST_CLOSE].at_counter = true;
}

static void load(const bank_facts *facts, const bank_event *event, bank_verdict *verdict)
{
        bank_request *pre_open = &verdict->after.requests[BANK_REQUEST_PRE_OPEN];
        if (event->account != NULL && *event->account != '\0') {
                if (bank_request_is_open(pre_open)) {
                        pre_open->state = BANK_REQUEST_DONE;
                        pre_open->answered_at_ms = facts->now_ms;
                        pre_open->next_at_ms = 0;
                }
                load_account(verdict, event->account, facts->now_ms);
        } else if (!bank_request_is_open(pre_open)) {
                ask_bank(verdict, facts, event, BANK_REQUEST_PRE_OPEN, "bank.pre_open_requested");
        }
}

static void carry_out(const bank_facts *facts, const bank_event *event, const card_record *card,
                      bank_cell cell, bank_verdict *verdict)
{
        bool nothing = cell.kind == BANK_CELL_KEEP || cell.kind == BANK_CELL_NOTHING;
        if (nothing) return;
        switch (event->operation) {
        case BANK_OPERATION_LOAD:
                load(facts, event, verdict);
                break;
        case BANK_OPERATION_ACTIVATE:
                if (bank_request_is_open(&verdict->after.requests[BANK_REQUEST_ACTIVATE])) break;
                ask_bank(verdict, facts, event, BANK_REQUEST_ACTIVATE, "bank.activation_requested");
                break;
        case BANK_OPERATION_CONFIRM_LOSS:
        case BANK_OPERATION_CLEAR_LOSS:
                bank_request_drop(&verdict->after, BANK_REQUEST_CONFIRM_LOSS, facts->now_ms);
                set_loss(verdict, cell.loss, facts->now_ms);
                break;
        case BANK_OPERATION_REQUEST_CLOSURE:
                request_closure(facts, event, card, verdict);
                break;
        case BANK_OPERATION_CONFIRM_CLOSED:
                close_account(verdict, card, &event->ids, facts->now_ms);
                break;
        default:
                assert(event->operation == BANK_OPERATION_REPORT_ANSWER);
                break;
        }
}

/* ---- the verdict ---- */

static const bank_link *stored_link(const bank_facts *facts, ulid card)
{
        int index = bank_holder_find(facts->links, card);
        return index < 0 ? NULL : &facts->links->links[index];
}

static const card_record *card_of(const bank_facts *facts, ulid card)
{
        int index = card_holder_find(facts->cards, card);
        return index < 0 ? NULL : &facts->cards->cards[index];
}

static bool is_ok(const bank_inquiry *ask, bank_verdict *verdict, bank_cell *cell)
{
        const bank_who *who = NULL;
        bank_refusal refusal = bank_guard_state(ask, cell);
        if (refusal == BANK_REFUSAL_NONE) refusal = bank_guard_channel(ask, &who);
        if (refusal == BANK_REFUSAL_NONE) refusal = bank_guard_bank(ask);
        if (refusal == BANK_REFUSAL_NONE) refusal = bank_guard_evidence(ask, who, &verdict->needs);
        if (refusal == BANK_REFUSAL_NONE) return true;
        refuse(ask, refusal, verdict);
        return false;
}

void bank_rules_apply(const bank_facts *facts, const bank_event *event, bank_verdict *verdict)
{
        const bank_operation_row *row = bank_operation_row_of(event->operation);
        const card_record *card = card_of(facts, event->card);
        if (card == NULL) {
                memset(verdict, 0, sizeof *verdict);
                refuse_bare(verdict, BANK_REFUSAL_CARD_NOT_FOUND);
                add_step(verdict, &BANK_STEP_ASK_BANK);
                return;
        }
        const bank_link *stored = stored_link(facts, event->card);
        begin(verdict, stored, card);
        verdict->rule = row->rule;
        bank_link derived = verdict->before;
        bank_link_derive(&derived, card);
        bank_inquiry ask = {facts, event, row, card, &derived, &verdict->details};
        bank_cell cell = {0};
        if (!is_ok(&ask, verdict, &cell)) return;
        if (event->operation == BANK_OPERATION_REPORT_ANSWER) {
                bank_rules_answer(stored, card, &event->answer, &event->ids, facts->now_ms,
                                  verdict);
                if (bank_verdict_is_refused(verdict)) add_step(verdict, &BANK_STEP_ASK_BANK);
                return;
        }
        settle(&verdict->after, card, &event->ids, facts->now_ms);
        carry_out(facts, event, card, cell, verdict);
        bank_link_tidy(&verdict->after);
        end(verdict);
}

/* ---- asking ---- */

bank_probe bank_rules_probe(const bank_facts *facts, ulid card, bank_operation operation,
                            card_evidences evidence, bank_verdict *verdict)
{
        const bank_operation_row *row = bank_operation_row_of(operation);
        policy_access_result access = policy_access_evaluate(
                policy_access_find(BANK_ACCESS, BANK_ACCESS_COUNT, row->method), facts->caller);
        access = policy_access_settle(&access, facts->caller);
        if (access.verdict != POLICY_ACCESS_ALLOW) {
                memset(verdict, 0, sizeof *verdict);
                verdict->refusal = *policy_access_refusal(&access, &verdict->details);
                add_step(verdict, &BANK_STEP_ASK_BANK);
                return BANK_PROBE_BLOCKED;
        }
        policy_caller caller = *facts->caller;
        caller.role = access.role;
        bank_facts asked = *facts;
        asked.caller = &caller;
        bank_event event = {.operation = operation, .card = card, .evidence = evidence};
        /* Ids are only compared with zero: any will do, nothing is kept. */
        memset(&event.ids, 1, sizeof event.ids);
        bank_rules_apply(&asked, &event, verdict);
        if (!bank_verdict_is_refused(verdict)) return BANK_PROBE_ALLOWED;
        return verdict->needs != 0 ? BANK_PROBE_NEEDS : BANK_PROBE_BLOCKED;
}

size_t bank_rules_steps(const bank_facts *facts, ulid id, const policy_step *steps[BANK_STEPS_MAX])
{
        static const policy_step *const candidates[BANK_STEPS_MAX] = {
                &BANK_STEP_WAIT_FOR_BANK, &BANK_STEP_ACTIVATE, &BANK_STEP_HOME_VISIT_OR_AGENT,
                &BANK_STEP_CLOSE_AT_COUNTER};
        const card_record *card = card_of(facts, id);
        const bank_link *stored = stored_link(facts, id);
        assert(card != NULL);
        bank_link link = stored != NULL ? *stored : bank_link_none(card);
        bank_link_derive(&link, card);
        bank_event event = {.operation = BANK_OPERATION_PASSWORD, .card = id};
        bank_inquiry ask = {facts, &event, bank_operation_row_of(event.operation),
                            card,  &link,  NULL};
        size_t count = 0;
        if (link.loss == BANK_LOSS_UNKNOWN) steps[count++] = &BANK_STEP_TELL_BANK;
        for (size_t i = 0; i < BANK_STEPS_MAX && count < BANK_STEPS_MAX; i++)
                if (bank_step_applies(&ask, candidates[i])) steps[count++] = candidates[i];
        return count;
}

void bank_rules_payout(const bank_facts *facts, ulid id, bank_verdict *verdict)
{
        const card_record *card = card_of(facts, id);
        assert(card != NULL);
        begin(verdict, stored_link(facts, id), card);
        verdict->rule = "R5";
        bank_link link = verdict->before;
        bank_link_derive(&link, card);
        if (bank_payout_is_ready(&link)) return;
        bank_event event = {.operation = BANK_OPERATION_PASSWORD, .card = id};
        bank_inquiry ask = {facts, &event, bank_operation_row_of(event.operation),
                            card,  &link,  NULL};
        refuse(&ask, BANK_REFUSAL_FINANCIAL_NOT_ACTIVATED, verdict);
}
