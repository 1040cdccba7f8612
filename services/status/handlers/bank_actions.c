/* The bank's operations in ListAllowedActions. Knows no rule of its own (S11). */
#include "services/status/handlers/bank_actions.h"

#include "common/rpc/step.h"
#include "common/service/record_service.h"
#include "services/bank/record/link_record.h"
#include "services/bank/rules/bank_rules.h"
#include "services/region/region_knobs.h"
#include "services/status/handlers/status_message.h"

#include <string.h>

typedef struct asking {
        rpc_call *call;
        const bank_actions_question *question;
        const card_record *card;
        bank_facts facts;
        bool links_are_known;
        bank_verdict *verdict; /* one for all operations */
} asking;

/* A bank's answer to a request of ours is about that request, not about the card. */
static bool is_asked_about(bank_operation operation)
{
        return operation != BANK_OPERATION_REPORT_ANSWER;
}

bool bank_action_exists(const char *name)
{
        bank_operation operation = bank_operation_find(name);
        return operation < BANK_OPERATION_COUNT && is_asked_about(operation);
}

static bool is_wanted(const asking *q, bank_operation operation)
{
        const bank_actions_question *question = q->question;
        for (size_t i = 0; i < question->operation_count; i++)
                if (bank_operation_find(question->operations[i]) == operation) return true;
        return question->operation_count == 0 && is_asked_about(operation);
}

/* ---- one operation ---- */

static void fill_needs(const asking *q, card_needs needs, Status__AllowedAction *action)
{
        arena *a = rpc_call_arena(q->call);
        action->needs = arena_alloc(a, CARD_NEED_COUNT * sizeof *action->needs);
        for (int need = 0; need < CARD_NEED_COUNT; need++) {
                if (!(needs >> need & 1)) continue;
                Status__EvidenceNeed *message = arena_alloc(a, sizeof *message);
                status__evidence_need__init(message);
                card_evidences kinds = card_need_kinds((card_need)need);
                message->kinds = arena_alloc(a, CARD_EVIDENCE_COUNT * sizeof *message->kinds);
                for (int kind = 1; kind < CARD_EVIDENCE_COUNT; kind++)
                        if (kinds >> kind & 1)
                                message->kinds[message->n_kinds++] = (Common__EvidenceKind)kind;
                message->text =
                        policy_text_in(card_need_text((card_need)need), rpc_call_language(q->call));
                action->needs[action->n_needs++] = message;
        }
}

static void fill_refusal(const asking *q, Status__AllowedAction *action)
{
        const policy_refusal *refusal = &q->verdict->refusal;
        action->reason = refusal->reason;
        action->rule = refusal->rule ? refusal->rule : "";
        action->text = policy_text_in(refusal->text, rpc_call_language(q->call));
        status_message_steps(q->call, refusal->steps, policy_refusal_step_count(refusal), q->card,
                             &action->lifted_by, &action->n_lifted_by);
}

static void fill_channels(const asking *q, const bank_operation_row *row,
                          Status__AllowedAction *action)
{
        const policy_caller *who = &q->question->who;
        policy_channels channels = 0;
        for (int i = 0; i < BANK_WHO_MAX && row->who[i].roles; i++)
                if (policy_roles_have(row->who[i].roles, who->role))
                        channels |= row->who[i].channels & ~who->channels_closed;
        action->channels = arena_alloc(rpc_call_arena(q->call),
                                       POLICY_CHANNEL_COUNT * sizeof *action->channels);
        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                if (policy_channels_have(channels, (policy_channel)channel))
                        action->channels[action->n_channels++] = (Common__Channel)channel;
}

static void fill_unknown(const asking *q, Status__AllowedAction *action)
{
        const char **facts = arena_alloc(rpc_call_arena(q->call), sizeof *facts);
        facts[0] = "BANK_LINK";
        action->verdict = STATUS__ACTION_VERDICT__ACTION_VERDICT_DEPENDS;
        action->depends_on = (__typeof__(action->depends_on))facts;
        action->n_depends_on = 1;
}

static void judge(const asking *q, bank_operation operation, Status__AllowedAction *action)
{
        bank_probe probe = bank_rules_probe(&q->facts, q->card->id, operation,
                                            q->question->evidence, q->verdict);
        action->verdict = (Status__ActionVerdict)probe;
        action->no_change = probe == BANK_PROBE_ALLOWED && !q->verdict->changed;
        if (probe != BANK_PROBE_ALLOWED) fill_refusal(q, action);
        if (probe == BANK_PROBE_NEEDS) fill_needs(q, q->verdict->needs, action);
}

static Status__AllowedAction *action_of(const asking *q, bank_operation operation)
{
        arena *a = rpc_call_arena(q->call);
        const bank_operation_row *row = bank_operation_row_of(operation);
        Status__AllowedAction *action = arena_alloc(a, sizeof *action);
        status__allowed_action__init(action);
        action->operation = row->name;
        action->method = rpc_step_method(a, "sscard.bank.v1.BankLinkService", row->method);
        action->title = policy_text_in(row->title, rpc_call_language(q->call));
        action->rule = row->rule;
        if (q->links_are_known)
                judge(q, operation, action);
        else
                fill_unknown(q, action);
        fill_channels(q, row, action);
        return action;
}

/* ---- all of them ---- */

static bool read_links(asking *q, const record_look *look)
{
        arena *a = rpc_call_arena(q->call);
        bank_holder *links = arena_zalloc(a, sizeof *links);
        q->links_are_known = look->finding == RECORD_FOUND || look->finding == RECORD_NOT_FOUND;
        q->facts.links = links;
        return look->finding != RECORD_FOUND ||
               bank_holder_unpack(NULL, a, look->packed, links, &rpc_call_task(q->call)->failure);
}

bool bank_actions_add(rpc_call *call, const bank_actions_question *question,
                      Status__AllowedAction **actions, size_t *count)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        const service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        const card_holder *cards = &question->subject->record->holder;
        record_look look;
        if (!record_of_peer(t, state->instance, "bank", cards->id, &look)) return false;
        if (look.finding == RECORD_ABSENT) return true;
        asking q = {.call = call,
                    .question = question,
                    .card = &cards->cards[question->subject->card],
                    .facts = {.cards = cards,
                              .card_knobs = region_card_knobs(a, state->pack),
                              .knobs = region_bank_knobs(a, state->pack),
                              .caller = &question->who,
                              .now_ms = question->subject->as_of_ms,
                              .region = state->instance->directory.region},
                    .verdict = arena_zalloc(a, sizeof *q.verdict)};
        if (!read_links(&q, &look)) return false;
        for (int operation = 0; operation < BANK_OPERATION_COUNT; operation++)
                if (is_wanted(&q, (bank_operation)operation))
                        actions[(*count)++] = action_of(&q, (bank_operation)operation);
        return true;
}
