/* The case of R7. Must never put a PIN in force before the card has said yes, nor drop one that the
 * card may still say yes to. */
#include "services/credential/handlers/enable_case.h"

#include "common/service/again.h"
#include "common/service/peer.h"
#include "common/service/request.h"
#include "services/credential/handlers/credential_message.h"
#include "services/credential/record/credential_codec.pb-c.h"
#include "services/region/region_knobs.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

#define LEG "sscard.card.v1.CardService/EnableByPinChange"

static int open_index(const credential_loaded *loaded)
{
        for (uint8_t i = 0; i < loaded->holder.count; i++)
                if (!ulid_is_zero(loaded->rows[i].pending.id)) return i;
        return -1;
}

bool enable_case_is_open(const credential_loaded *loaded)
{
        return open_index(loaded) >= 0;
}

/* ---- staging ---- */

static bytes leg_request(credential_command *command, const char *case_id)
{
        const service_call *state = service_call_of(command->call);
        arena *a = rpc_call_arena(command->call);
        Common__RequestContext context = COMMON__REQUEST_CONTEXT__INIT;
        Card__EnableByPinChangeRequest request = CARD__ENABLE_BY_PIN_CHANGE_REQUEST__INIT;
        context.request_id = case_id;
        context.channel = COMMON__CHANNEL__CHANNEL_SYSTEM;
        context.operator_note = arena_format(
                a, "PIN change by %s on %s%s%s", policy_role_name(state->who.role),
                policy_channel_name(state->who.channel), state->who.operator_id ? ", " : "",
                state->who.operator_id ? state->who.operator_id : "");
        context.case_reference = state->context.case_reference;
        if (state->context.message) {
                context.n_evidence = state->context.message->n_evidence;
                context.evidence = state->context.message->evidence;
        }
        request.name = resource_name_format(a, state->instance->directory.region, "cards",
                                            command->record->card);
        request.context = &context;
        request.role = (Common__Role)state->who.role;
        request.channel = (Common__Channel)state->who.channel;
        request.outlet = state->who.outlet ? state->who.outlet : "";
        request.operator_id = state->who.operator_id ? state->who.operator_id : "";
        return record_pack(a, &request.base);
}

static const char *text_or_empty(const char *text)
{
        return text ? text : "";
}

static void fill_origin(rpc_call *call, CredentialRecord__Case *message)
{
        commit_origin origin = service_origin(call);
        message->caller_role = text_or_empty(origin.caller_role);
        message->actor = text_or_empty(origin.actor);
        message->actor_role = text_or_empty(origin.actor_role);
        message->channel = text_or_empty(origin.channel);
        message->outlet = text_or_empty(origin.outlet);
        message->operator_id = text_or_empty(origin.operator_id);
        message->note = text_or_empty(origin.note);
        message->case_reference = text_or_empty(origin.case_reference);
        message->language = rpc_call_language(call);
        const bytes *evidence = evidence_packed(call, &message->n_evidence);
        message->evidence = arena_alloc(rpc_call_arena(call),
                                        (message->n_evidence + 1) * sizeof *message->evidence);
        for (size_t i = 0; i < message->n_evidence; i++)
                message->evidence[i] =
                        (ProtobufCBinaryData){evidence[i].length, (uint8_t *)evidence[i].data};
}

credential_row *enable_case_stage(credential_command *command, const credential_mac *pin)
{
        const service_call *state = service_call_of(command->call);
        arena *a = rpc_call_arena(command->call);
        credential_row *row = arena_alloc(a, sizeof *row);
        CredentialRecord__Attempt request = CREDENTIAL_RECORD__ATTEMPT__INIT;
        CredentialRecord__Case message = CREDENTIAL_RECORD__CASE__INIT;
        char id[ULID_TEXT_BYTES + 1];
        *row = command->loaded.rows[command->index];
        row->pending.id = ulid_new(clock_wall_ms(command->app->clock),
                                   loop_random(rpc_call_task(command->call)->loop),
                                   ulid_part(command->record->card));
        ulid_format(row->pending.id, id);
        request.caller = state->key.caller;
        request.method = state->key.method;
        request.request_id = state->key.request_id;
        request.request_hash.data = (uint8_t *)state->key.request_hash;
        request.request_hash.len = IDEMPOTENCY_HASH_BYTES;
        message.request = &request;
        message.salt = (ProtobufCBinaryData){CREDENTIAL_SALT_BYTES, (uint8_t *)pin->salt};
        message.mac = (ProtobufCBinaryData){CREDENTIAL_MAC_BYTES, (uint8_t *)pin->mac};
        bytes leg = leg_request(command, id);
        message.leg = (ProtobufCBinaryData){leg.length, (uint8_t *)leg.data};
        fill_origin(command->call, &message);
        row->pending.record = record_pack(a, &message.base);
        return row;
}

/* ---- the leg ---- */

typedef struct open_case {
        task *task;
        credential_app *app;
        credential_loaded *loaded;
        int index;
        const CredentialRecord__Case *message;
        idempotency_key request;
} open_case;

typedef enum leg_verdict {
        LEG_UNKNOWN = 0, /* it may still arrive, or has: repeat it */
        LEG_DONE,
        LEG_REFUSED,
} leg_verdict;

static leg_verdict leg_verdict_of(const rpc_answer *answer)
{
        switch (answer->status) {
        case 0:
                return LEG_DONE;
        case FAILURE_FAILED_PRECONDITION: /* the rules' answers, which the card keeps */
        case FAILURE_NOT_FOUND:
                return LEG_REFUSED;
        default:
                return LEG_UNKNOWN;
        }
}

static bool read_case(open_case *c)
{
        const credential_row *row = &c->loaded->rows[c->index];
        c->message = (const CredentialRecord__Case *)record_unpack(
                &c->task->arena, &credential_record__case__descriptor, row->pending.record);
        bool fine = c->message && c->message->request &&
                    c->message->salt.len == CREDENTIAL_SALT_BYTES &&
                    c->message->mac.len == CREDENTIAL_MAC_BYTES &&
                    c->message->request->request_hash.len == IDEMPOTENCY_HASH_BYTES;
        if (!fine) return record_malformed(&c->task->failure, "case");
        c->request = (idempotency_key){.part = ulid_part(c->loaded->holder.id),
                                       .caller = c->message->request->caller,
                                       .method = c->message->request->method,
                                       .request_id = c->message->request->request_id};
        memcpy(c->request.request_hash, c->message->request->request_hash.data,
               IDEMPOTENCY_HASH_BYTES);
        return true;
}

/* ---- finishing ---- */

static commit_answer answer_of(const open_case *c, const credential_record *after,
                               const rpc_answer *leg)
{
        arena *a = &c->task->arena;
        if (leg->status != 0)
                return (commit_answer){
                        .status = leg->status, .message = leg->message, .bytes = leg->details};
        SCOPED(pack_hold) hold = {0};
        const rule_pack *pack = pack_hold_take(&hold, c->app->instance->packs);
        const char *region = c->app->instance->directory.region;
        const credential_view view = {.arena = a,
                                      .language = c->message->language,
                                      .region = region,
                                      .knobs = region_credential_knobs(a, pack),
                                      .card = CARD_NORMAL,
                                      .now_ms = clock_business_ms(c->app->clock)};
        Credential__CredentialResult result = CREDENTIAL__CREDENTIAL_RESULT__INIT;
        result.credential = credential_message(&view, after);
        result.changed = true;
        result.enabled_card = resource_name_format(a, region, "cards", after->card);
        return (commit_answer){.bytes = record_pack(a, &result.base)};
}

static const char *take_effect(const open_case *c, bool done, credential_record *after,
                               credential_row *row)
{
        row->pending = (credential_pending_change){0};
        if (!done) {
                after->version++;
                return "credential.change_dropped";
        }
        credential_knobs knobs = credential_knobs_national(); /* not asked by this event */
        credential_facts facts = {.credential = &c->loaded->holder.items[c->index],
                                  .knobs = &knobs,
                                  .now_ms = clock_business_ms(c->app->clock)};
        credential_verdict verdict;
        credential_rules_apply(&facts, CREDENTIAL_CHANGE, &verdict);
        assert(verdict.changed);
        *after = verdict.after;
        memcpy(row->pin.salt, c->message->salt.data, CREDENTIAL_SALT_BYTES);
        memcpy(row->pin.mac, c->message->mac.data, CREDENTIAL_MAC_BYTES);
        row->pin.generation = after->generation;
        return verdict.event;
}

static commit_origin origin_of(const open_case *c)
{
        const CredentialRecord__Case *m = c->message;
        bytes *evidence = arena_alloc(&c->task->arena, (m->n_evidence + 1) * sizeof *evidence);
        for (size_t i = 0; i < m->n_evidence; i++)
                evidence[i] = bytes_of(m->evidence[i].data, m->evidence[i].len);
        return (commit_origin){.caller = c->request.caller,
                               .caller_role = m->caller_role,
                               .actor = m->actor,
                               .actor_role = m->actor_role,
                               .channel = m->channel,
                               .outlet = m->outlet,
                               .operator_id = m->operator_id,
                               .note = m->note,
                               .case_reference = m->case_reference,
                               .method = c->request.method,
                               .request_id = c->request.request_id,
                               .evidence = evidence,
                               .evidence_count = m->n_evidence};
}

typedef struct filled_answer {
        const idempotency_key *key;
        const commit_answer *answer;
} filled_answer;

static void queue_answer(store_batch *batch, void *argument)
{
        const filled_answer *filled = argument;
        commit_queue_case_answer(batch, filled->key, filled->answer);
}

/* False: the store, or another one was faster: look again. */
static bool finish(open_case *c, const rpc_answer *leg)
{
        task *t = c->task;
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        const credential_loaded *loaded = c->loaded;
        const credential_record *before = &loaded->holder.items[c->index];
        credential_record *after = arena_alloc(a, sizeof *after);
        credential_row *row = arena_alloc(a, sizeof *row);
        *after = *before;
        *row = loaded->rows[c->index];
        const char *event = take_effect(c, leg->status == 0, after, row);
        change_set changes = credential_changes(a, c->app->instance->directory.region,
                                                loaded->holder.id, before, after, row, event);
        commit_answer answer = answer_of(c, after, leg), first;
        filled_answer filled = {&c->request, &answer};
        commit_origin origin = origin_of(c);
        commit_request request = {.part = c->request.part,
                                  .holder = loaded->holder.id,
                                  .holder_version = loaded->version,
                                  .changes = &changes,
                                  .origin = &origin,
                                  .record = credential_record_after(a, &loaded->holder, after),
                                  .queue_more = queue_answer,
                                  .argument = &filled};
        return commit_apply(t, c->app->instance->commit, &request, &first) == COMMIT_COMMITTED;
}

/* One try at one case. False: not settled by this one. */
static bool settle_one(open_case *c)
{
        task *t = c->task;
        TASK_MAY_SUSPEND(t);
        rpc_answer leg;
        bytes request;
        if (!read_case(c)) return false;
        request = bytes_of(c->message->leg.data, c->message->leg.len);
        return service_peer_exchange(t, c->app->instance, "card", LEG, request, &leg) &&
               leg_verdict_of(&leg) != LEG_UNKNOWN && finish(c, &leg);
}

enum { TRIES_MAX = 3 };

bool enable_case_settle(task *t, credential_app *app, ulid holder)
{
        TASK_MAY_SUSPEND(t);
        credential_loaded *loaded = arena_alloc(&t->arena, sizeof *loaded);
        for (int i = 0; i < TRIES_MAX && !task_is_interrupted(t); i++) {
                open_case c = {.task = t, .app = app, .loaded = loaded};
                if (!credential_store_load(t, app->store, holder, loaded)) break;
                c.index = open_index(loaded);
                if (c.index < 0) return true;
                if (settle_one(&c)) i = 0; /* the holder may have another one */
                if (!task_is_interrupted(t)) failure_clear(&t->failure);
        }
        if (!task_is_interrupted(t)) failure_clear(&t->failure);
        return false;
}

bool enable_case_settle_holder(service_instance *instance, task *t, const ulid *holder,
                               bool *settled, bool *open)
{
        TASK_MAY_SUSPEND(t);
        credential_app *app = instance->app;
        credential_loaded *loaded = arena_alloc(&t->arena, sizeof *loaded);
        if (!credential_store_load(t, app->store, *holder, loaded)) return false;
        *settled = false;
        *open = enable_case_is_open(loaded);
        if (!*open) return true;
        *settled = enable_case_settle(t, app, *holder);
        *open = !*settled;
        return !task_is_interrupted(t);
}

void enable_case_answer(credential_command *command)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        const service_call *state = service_call_of(command->call);
        idempotency_state found = IDEMPOTENCY_LIVE;
        commit_answer first;
        if (enable_case_settle(t, command->app, command->loaded.holder.id) &&
            !idempotency_state_of(t, state->instance->commit, &state->key, 0, &found, &first))
                return;
        if (found != IDEMPOTENCY_DONE)
                rpc_refuse(command->call, credential_refusal_of(CREDENTIAL_REFUSAL_CHANGE_PENDING),
                           NULL, 0);
        else if (first.status == 0)
                rpc_reply_bytes(command->call, first.bytes);
        else
                rpc_reply_status(command->call, first.status, first.message, first.bytes);
}
