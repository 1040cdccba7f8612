/* Writes links as the API shows them. Must never show a whole reference of an account. */
#include "services/bank/handlers/bank_message.h"

#include "common/rpc/step.h"
#include "common/service/call.h"
#include "common/service/message.h"
#include "services/bank/handlers/bank_change.h"
#include "services/bank/record/link_record.h"
#include "services/region/region_message.h"

#include <string.h>

bank_message_context bank_message_context_of(rpc_call *call)
{
        const service_call *state = service_call_of(call);
        return (bank_message_context){.arena = rpc_call_arena(call),
                                      .language = rpc_call_language(call),
                                      .region = state->instance->directory.region,
                                      .pack = state->pack,
                                      .now_ms = state->now_ms};
}

/* ---- requests ---- */

static const char *id_text(arena *a, ulid id)
{
        char *text = arena_alloc(a, ULID_TEXT_BYTES + 1);
        if (ulid_is_zero(id)) return "";
        ulid_format(id, text);
        return text;
}

static int64_t seconds_since(int64_t from_ms, int64_t to_ms)
{
        return to_ms > from_ms ? (to_ms - from_ms) / 1000 : 0;
}

static Bank__BankRequest *request_message(const bank_message_context *c, int kind,
                                          const bank_request *request)
{
        arena *a = c->arena;
        Bank__BankRequest *message = arena_alloc(a, sizeof *message);
        bank__bank_request__init(message);
        message->kind = (Bank__BankRequestKind)kind;
        message->state = (Bank__BankRequestState)request->state;
        message->reference = id_text(a, request->reference);
        message->asked_at = message_timestamp(a, request->asked_at_ms);
        message->attempts = (int32_t)request->attempts;
        message->next_attempt_at = message_timestamp(a, request->next_at_ms);
        message->answered_at = message_timestamp(a, request->answered_at_ms);
        message->problem = (Bank__BankProblem)request->problem;
        message->reason = request->reason;
        if (bank_request_is_open(request))
                message->age_seconds = seconds_since(request->asked_at_ms, c->now_ms);
        return message;
}

static void fill_requests(const bank_message_context *c, const bank_link *link,
                          Bank__BankLink *message)
{
        message->requests =
                arena_alloc(c->arena, BANK_REQUEST_KIND_COUNT * sizeof *message->requests);
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                if (link->requests[kind].state != BANK_REQUEST_NEVER)
                        message->requests[message->n_requests++] =
                                request_message(c, kind, &link->requests[kind]);
}

/* ---- the case of a closure ---- */

static Bank__ClosureLeg *leg_message(const bank_message_context *c, int64_t done_at_ms,
                                     Bank__ClosureLegState open, Bank__ClosureParty waits_for)
{
        Bank__ClosureLeg *message = arena_alloc(c->arena, sizeof *message);
        bank__closure_leg__init(message);
        message->state = done_at_ms > 0 ? BANK__CLOSURE_LEG_STATE__CLOSURE_LEG_STATE_DONE : open;
        message->done_at = message_timestamp(c->arena, done_at_ms);
        if (done_at_ms == 0) message->waits_for = waits_for;
        return message;
}

/* The bank's leg: asked and not answered is UNKNOWN, it may have closed it; refused or not asked is
 * the holder's to move. */
static Bank__ClosureLeg *bank_leg(const bank_message_context *c, const bank_link *link)
{
        bool asked = bank_request_is_open(&link->requests[BANK_REQUEST_CLOSE]);
        return leg_message(c, link->closure.bank_done_at_ms,
                           asked ? BANK__CLOSURE_LEG_STATE__CLOSURE_LEG_STATE_UNKNOWN
                                 : BANK__CLOSURE_LEG_STATE__CLOSURE_LEG_STATE_PENDING,
                           asked ? BANK__CLOSURE_PARTY__CLOSURE_PARTY_BANK
                                 : BANK__CLOSURE_PARTY__CLOSURE_PARTY_HOLDER);
}

static Bank__ClosureCase *closure_message(const bank_message_context *c, const bank_link *link)
{
        const bank_closure *closure = &link->closure;
        if (closure->cause == BANK_CLOSURE_NONE) return NULL;
        arena *a = c->arena;
        Bank__ClosureCase *message = arena_alloc(a, sizeof *message);
        bank__closure_case__init(message);
        message->case_id = id_text(a, closure->id);
        message->cause = (Bank__ClosureCause)closure->cause;
        message->opened_at = message_timestamp(a, closure->opened_at_ms);
        message->done = closure->agency_done_at_ms > 0 && closure->bank_done_at_ms > 0;
        int64_t last_ms = closure->agency_done_at_ms > closure->bank_done_at_ms
                                  ? closure->agency_done_at_ms
                                  : closure->bank_done_at_ms;
        message->age_seconds =
                seconds_since(closure->opened_at_ms, message->done ? last_ms : c->now_ms);
        message->agency = leg_message(c, closure->agency_done_at_ms,
                                      BANK__CLOSURE_LEG_STATE__CLOSURE_LEG_STATE_PENDING,
                                      BANK__CLOSURE_PARTY__CLOSURE_PARTY_AGENCY);
        message->bank = bank_leg(c, link);
        return message;
}

/* ---- links ---- */

Bank__BankLink *bank_stored_message(const bank_message_context *c, const bank_link *link,
                                    ulid holder)
{
        arena *a = c->arena;
        Bank__BankLink *message = arena_alloc(a, sizeof *message);
        bank__bank_link__init(message);
        message->name = bank_link_name(a, c->region, link->card);
        message->card = resource_name_format(a, c->region, "cards", link->card);
        if (!ulid_is_zero(holder))
                message->holder = resource_name_format(a, c->region, "holders", holder);
        message->state = (Bank__BankLinkState)link->state;
        message->version = (int64_t)link->version;
        if (link->version > 0) message->etag = commit_etag_format(a, (int64_t)link->version);
        message->as_of = message_timestamp(a, c->now_ms);
        message->state_text = policy_text_in(bank_state_text(link->state), c->language);
        message->meaning = policy_text_in(bank_state_meaning(link->state), c->language);
        message->bank_code = link->bank;
        message->bank_name = region_bank_name(c->pack, link->bank, c->language);
        const pack_bank *bank = pack_bank_find(c->pack, link->bank);
        if (bank) message->bank_phone = bank->phone;
        message->account_reference = account_mask(a, link->account);
        message->loss = (Bank__BankLoss)link->loss;
        message->loss_since = message_timestamp(a, link->loss_since_ms);
        message->loaded_at = message_timestamp(a, link->loaded_at_ms);
        message->activated_at = message_timestamp(a, link->activated_at_ms);
        message->closed_at = message_timestamp(a, link->closed_at_ms);
        fill_requests(c, link, message);
        message->closure = closure_message(c, link);
        message->benefit_payout_ready = bank_payout_is_ready(link);
        message->contributions_affected = false; /* R40: in every state */
        return message;
}

Bank__BankLink *bank_link_message(const bank_message_context *c, const bank_facts *facts, ulid card)
{
        int at = card_holder_find(facts->cards, card), index = bank_holder_find(facts->links, card);
        assert(at >= 0);
        const card_record *record = &facts->cards->cards[at];
        bank_link link = index >= 0 ? facts->links->links[index] : bank_link_none(record);
        bank_link_derive(&link, record);
        Bank__BankLink *message = bank_stored_message(c, &link, facts->cards->id);
        const policy_step *steps[BANK_STEPS_MAX];
        size_t count = bank_rules_steps(facts, card, steps);
        bank_message_steps(c, link.bank, steps, count, &message->next_steps,
                           &message->n_next_steps);
        return message;
}

/* ---- steps ---- */

void bank_steps_of_others(arena *a, const policy_step **steps, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                const char *operation = steps[i]->operation;
                if (!operation || bank_operation_find(operation) < BANK_OPERATION_COUNT) continue;
                policy_step *copy = arena_alloc(a, sizeof *copy);
                *copy = *steps[i];
                copy->operation = rpc_step_method(a, "sscard.card.v1.CardService", operation);
                steps[i] = copy;
        }
}

void bank_message_steps(const bank_message_context *c, const char *bank,
                        const policy_step *const *steps, size_t count, Common__NextStep ***messages,
                        size_t *message_count)
{
        const policy_step **named = arena_alloc(c->arena, (count + 1) * sizeof *named);
        const region_concern about = {.outlet = "", .bank = bank};
        memcpy(named, steps, count * sizeof *named);
        bank_steps_of_others(c->arena, named, count);
        rpc_steps_fill(c->arena, named, count, c->language, "sscard.bank.v1.BankLinkService",
                       messages, message_count);
        region_contacts_fill(c->arena, c->pack, named, &about, c->language, *messages, count);
}
