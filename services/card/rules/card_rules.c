/* Deciding: the guards say no, or the event is carried out on a copy of the holder's record.
 * Must never read anything but its facts, and never change them. */
#include "services/card/rules/card_rules.h"

#include "services/card/rules/card_access.h"
#include "services/card/rules/card_guards.h"
#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_settle.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { STEP_DEPTH_MAX = 3 };

/* ---- sample events ---- */

static card_event sample(const card_facts *facts, const card_holder *holder, ulid card,
                         card_operation operation)
{
        const card_person *person = &holder->person;
        card_event event = {
                .operation = operation,
                .card = card,
                .fulfilment = CARD_FULFILMENT_PICKUP,
                .apply_reason = CARD_APPLY_FIRST,
                .died_on = civil_date_at(facts->now_ms),
                .entitlement = CARD_ENTITLEMENT_NONE,
                .entitlement_as_of_ms = person->entitlement_as_of_ms > facts->now_ms
                                                ? person->entitlement_as_of_ms
                                                : facts->now_ms,
        };
        event.cancel_reason = card_acting_role(facts->caller) == POLICY_ROLE_PLATFORM
                                      ? CARD_CANCEL_DEATH
                                      : CARD_CANCEL_ERROR;
        if (!civil_date_is_zero(person->died_on)) event.died_on = person->died_on;
        /* A card that is made already is completed again by its own number. */
        int index = card_holder_find(holder, card);
        event.number = "000000000";
        if (index >= 0 && holder->cards[index].number[0] != '\0')
                event.number = holder->cards[index].number;
        return event;
}

card_event card_event_sample(const card_facts *facts, ulid card, card_operation operation)
{
        return sample(facts, facts->holder, card, operation);
}

/* ---- steps: only those that can be done ---- */

/* Could the operation happen to the card if the right person came the right way? `depth` steps may
 * go before it. */
static bool can_happen(const card_facts *facts, const card_holder *holder, int card,
                       card_operation operation, int depth)
{
        const card_operation_row *row = card_operation_row_of(operation);
        if (row->scope == CARD_SCOPE_CARD && card < 0) return false;
        ulid id = row->scope == CARD_SCOPE_CARD ? holder->cards[card].id : (ulid){0};
        card_event event = sample(facts, holder, id, operation);
        event.number = "000000000";
        card_inquiry ask = {facts, &event, row, holder, row->scope == CARD_SCOPE_CARD ? card : -1,
                            NULL};
        card_cell cell = {0};
        card_refusal refusal = card_guard_state(&ask, &cell);
        if (refusal == CARD_REFUSAL_NONE) return true;
        if (depth == 0) return false;
        const policy_refusal *why = card_refusal_of(refusal);
        for (size_t i = 0; i < policy_refusal_step_count(why); i++) {
                const policy_step *step = why->steps[i];
                if (!step->lifts || step->operation == NULL) continue;
                int target = card_step_is_about_successor(step) ? card_live_successor(holder, card)
                                                                : card;
                if (can_happen(facts, holder, target, card_operation_find(step->operation),
                               depth - 1))
                        return true;
        }
        return false;
}

/* The card that the step is about; -1: none. */
static int step_target(const card_holder *holder, int card, const policy_step *step)
{
        if (card < 0) { /* of Apply: the card that is in the way, or none */
                int current = card_holder_current(holder);
                return current >= 0 && card_state_is_live(holder->cards[current].state) ? current
                                                                                        : -1;
        }
        return card_step_is_about_successor(step) ? card_live_successor(holder, card) : card;
}

bool card_rules_step_applies(const card_facts *facts, const card_holder *holder, int card,
                             const policy_step *step)
{
        int target = step_target(holder, card, step);
        if (step == &CARD_STEP_WAIT_FOR_REPLACEMENT)
                return target >= 0 && (holder->cards[target].state == CARD_REQUESTED ||
                                       holder->cards[target].state == CARD_PRODUCING);
        if (step->operation == NULL) return true;
        card_operation operation = card_operation_find(step->operation);
        assert(operation < CARD_OPERATION_COUNT);
        if (!step->lifts && target >= 0 && card_operation_row_of(operation)->event == CARD_COLLECT)
                return holder->cards[target].state == CARD_ARCHIVED_UNCOLLECTED;
        if (!step->lifts && target >= 0 &&
            card_operation_row_of(operation)->event == CARD_ENABLE_SOCIAL)
                return holder->cards[target].state == CARD_ARCHIVED_COLLECTED;
        return can_happen(facts, holder, target, operation, step->lifts ? STEP_DEPTH_MAX : 0);
}

static void add_step(card_verdict *verdict, const policy_step *step, int card)
{
        size_t count = policy_refusal_step_count(&verdict->refusal);
        assert(count < POLICY_REFUSAL_STEPS_MAX);
        verdict->refusal.steps[count] = step;
        verdict->step_cards[count] = (int8_t)card;
}

/* Where else the same thing can be done. */
static const policy_step *elsewhere(const card_inquiry *ask)
{
        if (ask->row->event == CARD_RECOVER)
                return ask->holder->cards[ask->card].state == CARD_LOST ? &CARD_STEP_RECOVER_LOST
                                                                        : &CARD_STEP_RECOVER_TEMP;
        return &ask->row->elsewhere;
}

static void refuse(const card_inquiry *ask, card_refusal code, card_verdict *verdict)
{
        const policy_refusal *refusal = code == CARD_REFUSAL_ID_CHECKSUM
                                                ? card_refusal_of_identity(ask->event->identity)
                                                : card_refusal_of(code);
        verdict->code = code;
        verdict->refusal = *refusal;
        memset(verdict->refusal.steps, 0, sizeof verdict->refusal.steps);
        if (code == CARD_REFUSAL_CHANNEL_NOT_ALLOWED || code == CARD_REFUSAL_OUTLET_NOT_AUTHORISED)
                add_step(verdict, elsewhere(ask), ask->card);
        for (size_t i = 0; i < policy_refusal_step_count(refusal); i++) {
                const policy_step *step = refusal->steps[i];
                if (card_rules_step_applies(ask->facts, ask->holder, ask->card, step))
                        add_step(verdict, step, step_target(ask->holder, ask->card, step));
        }
        if (policy_refusal_step_count(&verdict->refusal) == 0)
                add_step(verdict, &CARD_STEP_CALL_ISSUING_PLACE, -1);
}

/* ---- carrying out ---- */

static const char *event_name(card_event_kind event)
{
        static const char *const names[CARD_EVENT_KIND_COUNT] = {
                [CARD_PRODUCTION_STARTED] = "card.producing",
                [CARD_PRODUCTION_DONE] = "card.ready",
                [CARD_PRODUCTION_FAILED] = "card.production_failed",
                [CARD_WITHDRAW] = "card.withdrawn",
                [CARD_COLLECT] = "card.collected",
                [CARD_COLLECT_AND_ENABLE] = "card.enabled",
                [CARD_ENABLE_SOCIAL] = "card.enabled",
                [CARD_INITIAL_PASSWORD_CHANGED] = "card.enabled",
                [CARD_REPORT_TEMP_LOSS] = "card.temp_lost",
                [CARD_REPORT_FORMAL_LOSS] = "card.lost",
                [CARD_RECOVER] = "card.recovered",
                [CARD_REQUEST_REPLACEMENT] = "card.replacement_requested",
                [CARD_CANCEL_BY_HOLDER] = "card.cancelled",
                [CARD_CANCEL_BY_AUTHORITY] = "card.cancelled",
                [CARD_LOST_IN_DELIVERY] = "card.cancelled",
        };
        assert(names[event] != NULL);
        return names[event];
}

/* The successor reached a milestone: what that means for every live card before it (I4). */
static void tell_predecessors(const card_facts *facts, int successor, card_event_kind event,
                              card_verdict *verdict)
{
        card_holder *holder = &verdict->after;
        for (int i = 0; i < holder->card_count; i++) {
                card_record *old = &holder->cards[i];
                if (i == successor || !card_state_is_live(old->state)) continue;
                if (!card_supersedes(holder, successor, i)) continue;

                card_cell cell = card_transition(event, old->state);
                assert(cell.kind != CARD_CELL_NOTHING); /* only a collected card has a successor */
                if (cell.kind == CARD_CELL_KEEP) continue;
                bool bank_changes = strcmp(old->bank, holder->cards[successor].bank) != 0;
                if (cell.kind == CARD_CELL_BY_A7 && !bank_changes &&
                    facts->knobs->values[CARD_KNOB_OLD_CARD_UNTIL] !=
                            CARD_OLD_UNTIL_SUCCESSOR_COLLECTED)
                        continue;

                bool was_lost = old->state == CARD_TEMP_LOST || old->state == CARD_LOST;
                old = card_change_open(&verdict->changes, holder, i, "card.cancelled",
                                       cell.kind == CARD_CELL_BY_A7 ? "A7" : "R42", CARD_TIMER_NONE,
                                       facts->now_ms);
                card_enter(old, CARD_CANCELLED, facts->now_ms);
                old->cancel_reason =
                        was_lost ? CARD_CANCEL_REPLACED_AFTER_LOSS : CARD_CANCEL_REPLACED;
                if (ulid_is_zero(old->superseded_by))
                        old->superseded_by = holder->cards[successor].id;
                card_change_close(&verdict->changes, holder);
        }
}

static const char *text_or(const char *text, const char *otherwise)
{
        return text != NULL && text[0] != '\0' ? text : otherwise;
}

static card_consent consent_of(const card_facts *facts, const card_event *event)
{
        card_consent consent = event->consent;
        if (consent.at_ms == 0) consent.at_ms = facts->now_ms;
        if (consent.given_by == POLICY_ROLE_UNSPECIFIED)
                consent.given_by = card_acting_role(facts->caller);
        if (consent.channel == POLICY_CHANNEL_UNSPECIFIED) consent.channel = facts->caller->channel;
        return consent;
}

/* Room for one more card in the record; returns where `card` (or -1) is then. The guard has seen
 * that there is one to leave. */
static int make_room(const card_facts *facts, int card, card_verdict *verdict)
{
        card_holder *holder = &verdict->after;
        if (holder->card_count < CARD_CARDS_MAX) return card;
        int leaver = card_holder_leaver(facts->holder, holder);
        assert(leaver >= 0);
        assert(leaver != card);
        verdict->leavers[verdict->leaver_count++] = holder->cards[leaver].id;
        card_holder_remove(holder, leaver, &verdict->changes);
        return card > leaver ? card - 1 : card;
}

/* Puts a card in REQUESTED at the end of the holder's cards. `old`: what it replaces; -1: none. */
static void make_card(const card_facts *facts, const card_event *event, int old,
                      card_verdict *verdict)
{
        card_holder *holder = &verdict->after;
        old = make_room(facts, old, verdict);
        int index = holder->card_count++;
        holder->cards[index] = (card_record){.state = CARD_STATE_NONE};
        card_record *card = card_change_open(&verdict->changes, holder, index, "card.requested",
                                             verdict->rule, CARD_TIMER_NONE, facts->now_ms);
        const card_record *before = old < 0 ? NULL : &holder->cards[old];
        card->id = event->new_card;
        card->state = CARD_REQUESTED;
        card->state_since_ms = card->requested_at_ms = facts->now_ms;
        card->fulfilment = event->fulfilment;
        card->consent = consent_of(facts, event);
        card->mail_address = event->mail_address;
        card->photo = text_or(event->photo, before ? before->photo : "");
        card->bank = text_or(event->bank, before ? before->bank : "");
        card->scope = text_or(event->scope, before ? before->scope : "");
        card->outlet = event->outlet;
        if (before != NULL) {
                card->supersedes = before->id;
                card->replace_reason = card_operation_row_of(event->operation)->replace_reason;
        } else {
                card->apply_reason = event->apply_reason == CARD_APPLY_NONE ? CARD_APPLY_FIRST
                                                                            : event->apply_reason;
        }
        card_record_tidy(card);
        card_change_close(&verdict->changes, holder);
        verdict->card = (int8_t)index;
        verdict->changed = true;
}

static void replace(const card_facts *facts, const card_event *event, card_verdict *verdict)
{
        int old = verdict->card;
        card_record *card = card_change_open(&verdict->changes, &verdict->after, old,
                                             event_name(CARD_REQUEST_REPLACEMENT), verdict->rule,
                                             CARD_TIMER_NONE, facts->now_ms);
        card->superseded_by = event->new_card;
        card_change_close(&verdict->changes, &verdict->after);
        make_card(facts, event, old, verdict);
}

static void complete(const card_facts *facts, const card_event *event, card_record *card)
{
        card->number = event->number;
        card->chip_id = event->chip_id;
        card->chip_model = event->chip_model;
        card->chip_key_batch = event->chip_key_batch;
        card->chip_key_origin = event->chip_key_origin;
        card->issued_on = civil_date_is_zero(event->issued_on) ? civil_date_at(facts->now_ms)
                                                               : event->issued_on;
        card->expires_on = event->expires_on;
        if (civil_date_is_zero(card->expires_on))
                card->expires_on = civil_date_add_years(
                        card->issued_on, (int)facts->knobs->values[CARD_KNOB_VALIDITY_YEARS]);
        card->made_at_ms = facts->now_ms;
        card->unclaimed_until_ms =
                card_unclaimed_ms(facts->now_ms, facts->knobs->values[CARD_KNOB_UNCLAIMED_DAYS]);
        card->outlet = text_or(event->outlet, card->outlet);
        card->mail_reference = event->mail_reference;
        card_record_tidy(card);
}

static void enter_state(const card_facts *facts, const card_event *event, card_event_kind kind,
                        card_state to, card_verdict *verdict)
{
        int64_t now_ms = facts->now_ms;
        int index = verdict->card;
        card_record *card =
                card_change_open(&verdict->changes, &verdict->after, index, event_name(kind),
                                 verdict->rule, CARD_TIMER_NONE, now_ms);
        bool was_collected = card_state_is_collected(card->state);
        card_enter(card, to, now_ms);
        if (kind == CARD_PRODUCTION_DONE) complete(facts, event, card);
        if (kind == CARD_PRODUCTION_STARTED && card->consent.at_ms == 0) {
                card->consent = consent_of(facts, event);
                card_record_tidy(card);
        }
        if (!was_collected && card_state_is_collected(to)) {
                card->collected_at_ms = now_ms;
                card->outlet = text_or(event->outlet, card->outlet);
        }
        if (to == CARD_TEMP_LOST) {
                const int64_t *knobs = facts->knobs->values;
                card->temp_loss_until_ms =
                        card_temp_loss_end_ms(now_ms, knobs[CARD_KNOB_TEMP_LOSS_DAYS]);
                card->temp_loss_outcome =
                        (card_temp_loss_outcome)(knobs[CARD_KNOB_TEMP_LOSS_ON_EXPIRY] + 1);
        }
        if (to == CARD_CANCELLED)
                card->cancel_reason = kind == CARD_CANCEL_BY_HOLDER   ? CARD_CANCEL_HOLDER
                                      : kind == CARD_LOST_IN_DELIVERY ? CARD_CANCEL_LOST_IN_DELIVERY
                                                                      : event->cancel_reason;
        card_change_close(&verdict->changes, &verdict->after);
        verdict->changed = true;

        if (to == CARD_NORMAL && kind != CARD_RECOVER)
                tell_predecessors(facts, index, CARD_SUCCESSOR_ENABLED, verdict);
        else if (!was_collected && to == CARD_ARCHIVED_COLLECTED)
                tell_predecessors(facts, index, CARD_SUCCESSOR_COLLECTED, verdict);
        else if (to == CARD_CANCELLED || to == CARD_WITHDRAWN)
                card_forget_successor(&verdict->changes, &verdict->after, index, CARD_TIMER_NONE,
                                      now_ms);
}

static void record_death(const card_facts *facts, const card_event *event, card_verdict *verdict)
{
        card_person *person = &verdict->after.person;
        if (civil_date_compare(person->died_on, event->died_on) != 0) {
                person->died_on = event->died_on;
                person->version++;
                verdict->person_changed = verdict->changed = true;
                verdict->person_event = "person.dead";
        }
        /* All cards end in this batch, so nothing is left to be replaced. */
        for (int i = 0; i < verdict->after.card_count; i++) {
                card_state state = verdict->after.cards[i].state;
                if (!card_state_is_live(state)) continue;
                card_cell cell = card_transition(CARD_CANCEL_BY_AUTHORITY, state);
                assert(cell.kind == CARD_CELL_TO);
                card_record *card = card_change_open(&verdict->changes, &verdict->after, i,
                                                     cell.to == CARD_WITHDRAWN ? "card.withdrawn"
                                                                               : "card.cancelled",
                                                     verdict->rule, CARD_TIMER_NONE, facts->now_ms);
                card_enter(card, cell.to, facts->now_ms);
                if (cell.to == CARD_CANCELLED) card->cancel_reason = CARD_CANCEL_DEATH;
                card_change_close(&verdict->changes, &verdict->after);
                verdict->changed = true;
        }
}

static void set_entitlement(const card_event *event, card_verdict *verdict)
{
        card_person *person = &verdict->after.person;
        if (person->entitlement == event->entitlement &&
            person->entitlement_as_of_ms == event->entitlement_as_of_ms)
                return;
        person->entitlement = event->entitlement;
        person->entitlement_as_of_ms = event->entitlement_as_of_ms;
        person->version++;
        verdict->person_changed = verdict->changed = true;
        verdict->person_event = "person.entitlement_changed";
}

static void apply_for_card(const card_facts *facts, const card_event *event, card_verdict *verdict)
{
        if (!verdict->after.exists) {
                verdict->after.exists = true;
                verdict->after.person = (card_person){.version = 1, .born_on = event->born_on};
                verdict->person_changed = true;
                verdict->person_event = "person.registered";
        }
        make_card(facts, event, -1, verdict);
}

static void carry_out(const card_facts *facts, const card_event *event, card_cell cell,
                      card_verdict *verdict)
{
        const card_operation_row *row = card_operation_row_of(event->operation);
        if (row->scope == CARD_SCOPE_NEW) {
                apply_for_card(facts, event, verdict);
                return;
        }
        if (event->operation == CARD_OPERATION_RECORD_DEATH) {
                record_death(facts, event, verdict);
                return;
        }
        if (event->operation == CARD_OPERATION_SET_ENTITLEMENT) {
                set_entitlement(event, verdict);
                return;
        }
        card_state prior = verdict->after.cards[verdict->card].prior;
        switch (cell.kind) {
        case CARD_CELL_TO:
                enter_state(facts, event, row->event, cell.to, verdict);
                return;
        case CARD_CELL_PRIOR:
        case CARD_CELL_BY_A2:
                enter_state(facts, event, row->event, prior, verdict);
                return;
        case CARD_CELL_SUCCESSOR:
                replace(facts, event, verdict);
                return;
        default:
                assert(cell.kind == CARD_CELL_KEEP);
                return;
        }
}

/* ---- the verdict ---- */

static void verdict_begin(const card_facts *facts, card_verdict *verdict)
{
        assert(card_invariants_hold(facts->holder));
        verdict->code = CARD_REFUSAL_NONE;
        verdict->refusal = (policy_refusal){0};
        memset(verdict->step_cards, -1, sizeof verdict->step_cards);
        verdict->details.count = 0;
        verdict->needs = 0;
        verdict->depends_on = NULL;
        verdict->changed = verdict->person_changed = false;
        verdict->person_event = NULL;
        verdict->rule = NULL;
        verdict->card = -1;
        verdict->changes.count = 0;
        verdict->leaver_count = 0;
        verdict->after = *facts->holder;
        card_settle_into(&verdict->after, facts->now_ms, &verdict->changes);
}

static void verdict_end(card_verdict *verdict)
{
        if (!verdict->changed) verdict->changes.count = 0;
        for (int i = 0; i < verdict->changes.count; i++)
                assert(card_change_broken(&verdict->changes.items[i]) == NULL);
        assert(card_invariants_hold(&verdict->after));
}

static card_refusal guard_version(const card_inquiry *ask)
{
        if (ask->event->expected_version == 0 || ask->card < 0) return CARD_REFUSAL_NONE;
        /* The stored one: settling changes no etag (S2). */
        uint64_t stored = ask->facts->holder->cards[ask->card].version;
        if (stored == ask->event->expected_version) return CARD_REFUSAL_NONE;
        policy_details_add(ask->details, "current_version", "%llu", (unsigned long long)stored);
        return CARD_REFUSAL_VERSION_CONFLICT;
}

static void decide(const card_facts *facts, const card_event *event, bool probing,
                   card_verdict *verdict)
{
        verdict_begin(facts, verdict);
        const card_operation_row *row = card_operation_row_of(event->operation);
        verdict->rule = row->rule;
        if (row->scope == CARD_SCOPE_CARD)
                verdict->card = (int8_t)card_holder_find(&verdict->after, event->card);
        card_inquiry ask = {facts, event, row, &verdict->after, verdict->card, &verdict->details};
        card_cell cell = {0};
        card_needs needs = 0;
        const char *unknown = NULL;

        card_refusal refusal = card_guard_role(&ask);
        if (refusal == CARD_REFUSAL_NONE) refusal = guard_version(&ask);
        if (refusal == CARD_REFUSAL_NONE) refusal = card_guard_state(&ask, &cell);
        if (refusal == CARD_REFUSAL_NONE) {
                refusal = card_guard_channel(&ask, &needs, &unknown);
                if (probing && unknown != NULL) verdict->depends_on = unknown;
        }
        if (refusal == CARD_REFUSAL_NONE || verdict->depends_on != NULL) {
                verdict->needs = card_guard_needs(&ask, needs, cell);
                if (refusal == CARD_REFUSAL_NONE && verdict->needs != 0) {
                        char names[POLICY_DETAIL_VALUE_BYTES];
                        policy_details_add(&verdict->details, "evidence", "%s",
                                           card_needs_format(verdict->needs, names, sizeof names));
                        refusal = card_refusal_of_needs(verdict->needs);
                }
        }
        if (refusal != CARD_REFUSAL_NONE) {
                refuse(&ask, refusal, verdict);
                verdict->changes.count = 0;
                return;
        }
        carry_out(facts, event, cell, verdict);
        verdict_end(verdict);
}

void card_rules_apply(const card_facts *facts, const card_event *event, card_verdict *verdict)
{
        decide(facts, event, false, verdict);
}

card_probe card_rules_probe(const card_facts *facts, ulid card, card_operation operation,
                            card_evidences evidence, card_verdict *verdict)
{
        const card_operation_row *row = card_operation_row_of(operation);
        policy_access_result access = policy_access_evaluate(
                policy_access_find(CARD_ACCESS, CARD_ACCESS_COUNT, row->method), facts->caller);
        access = policy_access_settle(&access, facts->caller);
        if (access.verdict != POLICY_ACCESS_ALLOW) {
                verdict_begin(facts, verdict);
                verdict->changes.count = 0;
                verdict->refusal = *policy_access_refusal(&access, &verdict->details);
                add_step(verdict, &CARD_STEP_CALL_ISSUING_PLACE, -1);
                return CARD_PROBE_BLOCKED;
        }
        policy_caller caller = *facts->caller;
        caller.role = access.role;
        card_facts asked = *facts;
        asked.caller = &caller;
        card_event event = card_event_sample(&asked, card, operation);
        event.evidence = evidence;
        decide(&asked, &event, true, verdict);
        if (!card_verdict_is_refused(verdict)) return CARD_PROBE_ALLOWED;
        if (verdict->depends_on != NULL) return CARD_PROBE_DEPENDS;
        return verdict->needs != 0 ? CARD_PROBE_NEEDS : CARD_PROBE_BLOCKED;
}

policy_channels card_rules_channels(const card_facts *facts, ulid card, card_operation operation)
{
        const card_operation_row *row = card_operation_row_of(operation);
        card_event event = card_event_sample(facts, card, operation);
        card_inquiry ask = {facts,
                            &event,
                            row,
                            facts->holder,
                            row->scope == CARD_SCOPE_CARD ? card_holder_find(facts->holder, card)
                                                          : -1,
                            NULL};
        if (row->scope == CARD_SCOPE_CARD && ask.card < 0) return 0;
        return card_guard_role(&ask) == CARD_REFUSAL_NONE ? card_channels_of(&ask) : 0;
}

/* ---- timers ---- */

static void flag(card_verdict *verdict, int index, card_timer_kind kind, int64_t due_ms)
{
        bool warning = kind == CARD_TIMER_TEMP_LOSS_WARNING;
        card_record *card = card_change_open(&verdict->changes, &verdict->after, index,
                                             warning                       ? "card.temp_loss_ending"
                                             : kind == CARD_TIMER_EXPIRING ? "card.expiring"
                                                                           : "card.expired",
                                             warning ? "A3" : "R32", kind, due_ms);
        if (warning)
                card->temp_loss_warned = true;
        else
                card->expiry_flag = kind == CARD_TIMER_EXPIRING ? CARD_EXPIRY_FLAG_EXPIRING
                                                                : CARD_EXPIRY_FLAG_EXPIRED;
        card_change_close(&verdict->changes, &verdict->after);
}

void card_rules_fire_timer(const card_facts *facts, ulid card, card_timer_kind kind,
                           card_verdict *verdict)
{
        verdict_begin(facts, verdict);
        int index = card_holder_find(&verdict->after, card);
        verdict->card = (int8_t)index;
        if (index >= 0 && kind != CARD_TIMER_TEMP_LOSS_END && kind != CARD_TIMER_UNCLAIMED) {
                /* The settled record says which flags are due; a late EXPIRING of a card that has
                 * expired by now is told as EXPIRED, once. */
                card_timer timers[CARD_TIMERS_MAX];
                size_t count = card_timers_of(&verdict->after.cards[index], timers);
                const card_timer *due = NULL;
                for (size_t i = 0; i < count; i++) {
                        bool same =
                                timers[i].kind == kind || (kind == CARD_TIMER_EXPIRING &&
                                                           timers[i].kind == CARD_TIMER_EXPIRED);
                        if (same && timers[i].due_ms <= facts->now_ms) due = &timers[i];
                }
                if (due != NULL) flag(verdict, index, due->kind, due->due_ms);
        }
        verdict->changed = verdict->changes.count > 0;
        verdict_end(verdict);
}

card_refusal card_rules_use(const card_record *settled, const card_knobs *knobs, int64_t now_ms)
{
        switch (settled->state) {
        case CARD_REQUESTED:
        case CARD_PRODUCING:
                return CARD_REFUSAL_CARD_NOT_ISSUED;
        case CARD_ARCHIVED_UNCOLLECTED:
        case CARD_ARCHIVED_COLLECTED:
                return CARD_REFUSAL_SOCIAL_NOT_ENABLED;
        case CARD_NORMAL:
                return knobs->values[CARD_KNOB_EXPIRY_BLOCKS_SOCIAL] &&
                                       card_validity_of(settled, now_ms) == CARD_VALIDITY_EXPIRED
                               ? CARD_REFUSAL_CARD_EXPIRED
                               : CARD_REFUSAL_NONE;
        case CARD_TEMP_LOST:
                return CARD_REFUSAL_CARD_TEMP_LOST;
        case CARD_LOST:
                return CARD_REFUSAL_CARD_LOST;
        case CARD_CANCELLED:
                return CARD_REFUSAL_CARD_CANCELLED;
        case CARD_WITHDRAWN:
                return CARD_REFUSAL_APPLICATION_ENDED;
        case CARD_STATE_NONE:
                break;
        }
        return CARD_REFUSAL_CARD_NOT_FOUND;
}
