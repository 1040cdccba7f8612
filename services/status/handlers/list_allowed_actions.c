/* ListAllowedActions (N1): every operation, allowed or blocked, by which rule, and what lifts it.
 * Asks the very functions that decide; knows no rule of its own (S11). */
#include "common/rpc/step.h"
#include "common/service/message.h"
#include "common/text/utf8.h"
#include "services/region/region_card.h"
#include "services/region/region_knobs.h"
#include "services/status/handlers/bank_actions.h"
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"
#include "services/status/rules/status_actions.h"
#include "services/status/rules/status_refusals.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

enum { OPERATIONS_MAX = 64, EVIDENCE_MAX = 16, REFERENCE_MAX = 128 };

/* The question, as the rules see it. */
typedef struct asking {
        rpc_call *call;
        const Status__ListAllowedActionsRequest *request;
        const subject *subject;
        policy_caller who;
        card_facts facts;
        card_evidences evidence;
        card_verdict *verdict; /* one for all operations, in the arena */
} asking;

/* ---- who would do it, where, with what ---- */

/* Somewhere else, or somebody else: at the caller's own outlet if it has such a counter, else at an
 * outlet that nobody has named. */
static const char *outlet_asked_about(const asking *q)
{
        const service_call *state = service_call_of(q->call);
        const pack_outlet *own = pack_outlet_find(state->pack, q->who.outlet);
        bool as_asked = q->who.role == state->who.role && q->who.channel == state->who.channel;
        if (as_asked || (own && policy_channels_have(own->channels, q->who.channel)))
                return q->who.outlet;
        return "";
}

static bool read_who(asking *q)
{
        const service_call *state = service_call_of(q->call);
        q->who = state->who;
        q->who.is_holder = POLICY_YES;
        q->who.bank_is_own = POLICY_YES;
        assert((unsigned)q->request->role < POLICY_ROLE_COUNT); /* the server lets no other in */
        assert((unsigned)q->request->channel < POLICY_CHANNEL_COUNT);
        policy_role role = (policy_role)q->request->role;
        if (role != POLICY_ROLE_UNSPECIFIED && role != state->who.role) {
                q->who.roles = POLICY_ROLE_BIT(role);
                q->who.role = role;
                q->who.channels_allowed = POLICY_CHANNELS_ALL;
                q->who.operator_id = "any";
                q->who.has_case_reference = true;
        }
        if (q->request->channel != 0) {
                q->who.channel = (policy_channel)q->request->channel;
                q->who.channels_allowed |= POLICY_CHANNEL_BIT(q->who.channel);
        }
        q->who.outlet = outlet_asked_about(q);
        return true;
}

static bool refuse_item(asking *q, size_t index, const char *field, const char *reason)
{
        const char *path = arena_format(rpc_call_arena(q->call), "evidence[%zu].%s", index, field);
        rpc_reply_invalid(q->call, path, reason, NULL, "%s does not make sense", path);
        return false;
}

static bool read_item(asking *q, size_t index)
{
        const Common__Evidence *item = q->request->evidence[index];
        card_evidence_item shown = {
                .kind = (card_evidence)item->kind,
                .has_reference = *item->reference != '\0',
                .has_ground = item->mobility_ground != 0,
                .ground_is_other =
                        item->mobility_ground == COMMON__MOBILITY_GROUND__MOBILITY_GROUND_OTHER,
        };
        if (shown.kind == 0) return refuse_item(q, index, "kind", "EVIDENCE_KIND_REQUIRED");
        if (utf8_count(bytes_of_text(item->reference)) > REFERENCE_MAX)
                return refuse_item(q, index, "reference", "TEXT_TOO_LONG");
        if (utf8_count(bytes_of_text(item->issued_by)) > REFERENCE_MAX)
                return refuse_item(q, index, "issued_by", "TEXT_TOO_LONG");
        if (!message_date_read(item->valid_until, &shown.valid_until))
                return refuse_item(q, index, "valid_until", "DATE_IMPOSSIBLE");
        civil_date today = civil_date_at(service_call_of(q->call)->now_ms);
        if (card_evidence_counts(&shown, today)) q->evidence |= (card_evidences)1 << shown.kind;
        return true;
}

static bool read_evidence(asking *q)
{
        if (q->request->n_evidence > EVIDENCE_MAX || q->request->n_operations > OPERATIONS_MAX) {
                rpc_reply_invalid(q->call,
                                  q->request->n_evidence > EVIDENCE_MAX ? "evidence" : "operations",
                                  "TOO_MANY_ITEMS", NULL, "the list is too long");
                return false;
        }
        for (size_t i = 0; i < q->request->n_evidence; i++)
                if (!read_item(q, i)) return false;
        return true;
}

static bool check_operations(const asking *q)
{
        for (size_t i = 0; i < q->request->n_operations; i++) {
                if (status_action_exists(q->request->operations[i]) ||
                    bank_action_exists(q->request->operations[i]))
                        continue;
                rpc_refuse(q->call, status_refusal_of(STATUS_REFUSAL_OPERATION_UNKNOWN), NULL, 0);
                return false;
        }
        return true;
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

static const card_record *card_asked_about(const asking *q)
{
        return q->subject->card < 0 ? NULL : &q->subject->record->holder.cards[q->subject->card];
}

static void fill_refusal(const asking *q, Status__AllowedAction *action)
{
        const policy_refusal *refusal = &q->verdict->refusal;
        if (!refusal->reason) return;
        action->reason = refusal->reason;
        action->rule = refusal->rule ? refusal->rule : "";
        action->text = policy_text_in(refusal->text, rpc_call_language(q->call));
        status_message_steps(q->call, refusal->steps, policy_refusal_step_count(refusal),
                             card_asked_about(q), &action->lifted_by, &action->n_lifted_by);
}

static void fill_channels(const asking *q, const card_operation_row *row,
                          Status__AllowedAction *action)
{
        policy_channels channels = 0;
        for (int i = 0; i < CARD_WHO_MAX && row->who[i].roles; i++)
                if (policy_roles_have(row->who[i].roles, q->who.role))
                        channels |= row->who[i].channels & ~q->who.channels_closed;
        action->channels = arena_alloc(rpc_call_arena(q->call),
                                       POLICY_CHANNEL_COUNT * sizeof *action->channels);
        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                if (policy_channels_have(channels, (policy_channel)channel))
                        action->channels[action->n_channels++] = (Common__Channel)channel;
}

static Status__AllowedAction *action_of(asking *q, card_operation operation)
{
        arena *a = rpc_call_arena(q->call);
        const card_operation_row *row = card_operation_row_of(operation);
        Status__AllowedAction *action = arena_alloc(a, sizeof *action);
        status__allowed_action__init(action);
        ulid card = {0};
        if (row->scope == CARD_SCOPE_CARD) card = q->facts.holder->cards[q->subject->card].id;
        region_card_outlets(service_call_of(q->call)->pack, operation, NULL, &q->facts);
        card_probe probe = card_rules_probe(&q->facts, card, operation, q->evidence, q->verdict);
        action->operation = row->name;
        action->method = rpc_step_method(a, card__card_service__descriptor.name, row->method);
        action->title = policy_text_in(row->title, rpc_call_language(q->call));
        action->verdict = (Status__ActionVerdict)probe;
        action->rule = q->verdict->rule ? q->verdict->rule : "";
        action->no_change = probe == CARD_PROBE_ALLOWED && !q->verdict->changed;
        if (probe != CARD_PROBE_ALLOWED) fill_refusal(q, action);
        if (probe == CARD_PROBE_NEEDS || probe == CARD_PROBE_DEPENDS)
                fill_needs(q, q->verdict->needs, action);
        if (probe == CARD_PROBE_DEPENDS) {
                const char **facts = arena_alloc(a, sizeof *facts);
                facts[0] = q->verdict->depends_on;
                action->depends_on = (__typeof__(action->depends_on))facts;
                action->n_depends_on = 1;
        }
        fill_channels(q, row, action);
        return action;
}

static bool is_listed(const asking *q, card_operation operation)
{
        return status_action_is_listed(operation, q->subject->card >= 0) &&
               status_action_matches(operation, (const char *const *)q->request->operations,
                                     q->request->n_operations);
}

/* Somebody of a bank, of whom nobody has said which: the card's own. */
static bool add_bank_actions(const asking *q, Status__AllowedAction **actions, size_t *count)
{
        if (q->subject->card < 0) return true;
        bank_actions_question question = {.subject = q->subject,
                                          .who = q->who,
                                          .evidence = q->evidence,
                                          .operations = (const char *const *)q->request->operations,
                                          .operation_count = q->request->n_operations};
        if (q->who.role != service_call_of(q->call)->who.role)
                question.who.bank = card_asked_about(q)->bank;
        return bank_actions_add(q->call, &question, actions, count);
}

static void answer(asking *q)
{
        arena *a = rpc_call_arena(q->call);
        const subject *s = q->subject;
        const char *region = service_call_of(q->call)->instance->directory.region;
        Status__ListAllowedActionsResponse response = STATUS__LIST_ALLOWED_ACTIONS_RESPONSE__INIT;
        if (s->card >= 0) {
                const card_record *card = &s->record->holder.cards[s->card];
                response.name = resource_name_format(a, region, "cards", card->id);
                response.version = (int64_t)card->version;
                response.etag = commit_etag_format(a, response.version);
        }
        Google__Protobuf__Timestamp as_of = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
        as_of.seconds = s->as_of_ms / 1000;
        as_of.nanos = (int32_t)(s->as_of_ms % 1000 * 1000000);
        response.as_of = &as_of;
        response.rule_pack = pack_version(service_call_of(q->call)->pack);
        response.actions = arena_alloc(a, (CARD_OPERATION_COUNT + BANK_OPERATION_COUNT) *
                                                  sizeof *response.actions);
        for (int op = 0; op < CARD_OPERATION_COUNT; op++)
                if (is_listed(q, (card_operation)op))
                        response.actions[response.n_actions++] = action_of(q, (card_operation)op);
        if (!add_bank_actions(q, response.actions, &response.n_actions)) return;
        rpc_reply(q->call, &response.base);
}

void handle_list_allowed_actions(rpc_call *call, const ProtobufCMessage *message)
{
        const Status__ListAllowedActionsRequest *request =
                (const Status__ListAllowedActionsRequest *)message;
        subject_question question = {0};
        subject s;
        asking q = {.call = call, .request = request, .subject = &s};
        switch (request->subject_case) {
        case STATUS__LIST_ALLOWED_ACTIONS_REQUEST__SUBJECT_NAME:
                question.name = request->name;
                break;
        case STATUS__LIST_ALLOWED_ACTIONS_REQUEST__SUBJECT_CARD_NUMBER:
                question.card_number = request->card_number;
                break;
        case STATUS__LIST_ALLOWED_ACTIONS_REQUEST__SUBJECT_IDENTITY_NUMBER:
                question.identity_number = request->identity_number;
                break;
        default:
                break;
        }
        if (!read_who(&q) || !read_evidence(&q) || !check_operations(&q) ||
            !subject_find(call, &question, &s))
                return;
        q.facts = (card_facts){
                .holder = &s.record->holder,
                .knobs = region_card_knobs(rpc_call_arena(call), service_call_of(call)->pack),
                .caller = &q.who,
                .now_ms = s.as_of_ms,
                .region = service_call_of(call)->instance->directory.region,
                .other_regions = POLICY_UNKNOWN};
        q.verdict = arena_zalloc(rpc_call_arena(call), sizeof *q.verdict);
        answer(&q);
}
