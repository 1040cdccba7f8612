/* What a mutation does after the rules have said yes: commit, and answer what came of it.
 * Must never answer OK for a write whose outcome is not known. */
#include "common/service/again.h"
#include "common/service/call.h"

#include <protobuf-c/protobuf-c.h>
#include <string.h>

service_call *service_call_of(rpc_call *call)
{
        service_call *state = rpc_call_state(call);
        assert(state);
        return state;
}

void *service_call_app(rpc_call *call)
{
        return service_call_of(call)->instance->app;
}

void service_call_saw(rpc_call *call, uint8_t part, ulid holder)
{
        service_call *state = service_call_of(call);
        state->seen_part = part;
        state->seen_holder = holder;
}

bool service_check_collection(rpc_call *call, const char *collection)
{
        const service_call *state = service_call_of(call);
        if (state->has_name && strcmp(state->name.collection, collection) == 0 &&
            (state->name.has_id || *collection == '\0') && *state->name.rest == '\0')
                return true;
        rpc_reply_invalid(call, "name", "RESOURCE_NAME_INVALID", NULL,
                          "name must be regions/{region}/%s/{id}", collection);
        return false;
}

bool service_check_part(rpc_call *call, const char *collection, const char *rest)
{
        const service_call *state = service_call_of(call);
        if (state->has_name && state->name.has_id &&
            strcmp(state->name.collection, collection) == 0 && strcmp(state->name.rest, rest) == 0)
                return true;
        rpc_reply_invalid(call, "name", "RESOURCE_NAME_INVALID", NULL,
                          "name must be regions/{region}/%s/{id}/%s", collection, rest);
        return false;
}

static void refuse_version(rpc_call *call, int64_t version)
{
        rpc_error error = {
                .status = FAILURE_ABORTED,
                .reason = "VERSION_CONFLICT",
                .message = "the resource has another version than context.etag says",
                .rule = "S2",
                .text = {"该资源已被更新，请重新读取后再试",
                         "The resource has changed meanwhile; read it again and retry."},
                .details = {{"current_etag", commit_etag_format(rpc_call_arena(call), version)}},
                .detail_count = version > 0 ? 1 : 0};
        rpc_reply_error(call, &error);
}

bool service_check_etag(rpc_call *call, int64_t version)
{
        switch (commit_etag_compare(service_call_of(call)->context.etag, version)) {
        case COMMIT_ETAG_MATCHES:
                return true;
        case COMMIT_ETAG_DIFFERS:
                refuse_version(call, version);
                return false;
        case COMMIT_ETAG_INVALID:
                break;
        }
        rpc_reply_invalid(call, "context.etag", "ETAG_INVALID", "S2",
                          "context.etag must be an etag as an answer gave it");
        return false;
}

static bytes pack_reply(rpc_call *call, const ProtobufCMessage *reply)
{
        size_t size = protobuf_c_message_get_packed_size(reply);
        uint8_t *data = arena_alloc(rpc_call_arena(call), size + 1);
        protobuf_c_message_pack(reply, data);
        return bytes_of(data, size);
}

static commit_origin origin_of(const service_call *state, const service_write *write)
{
        return (commit_origin){.caller = state->caller_key,
                               .caller_role = policy_role_name(state->who.role),
                               .actor = state->caller->actor_holder,
                               .actor_role = policy_actor_name(state->who.actor),
                               .channel = policy_channel_name(state->who.channel),
                               .outlet = state->who.outlet,
                               .operator_id = state->who.operator_id,
                               .note = state->context.note,
                               .case_reference = state->context.case_reference,
                               .approver = state->approver ? state->approver->subject : "",
                               .method = state->key.method,
                               .request_id = state->context.request_id,
                               .pack_version = state->pack ? pack_version(state->pack) : "",
                               .evidence = write->evidence,
                               .evidence_count = write->evidence_count};
}

commit_origin service_origin(rpc_call *call)
{
        return origin_of(service_call_of(call), &(service_write){0});
}

/* What is answered, and what a repeat is told. */
typedef struct written_answer {
        commit_answer sent, kept;
} written_answer;

static commit_answer refusal_answer(rpc_call *call, const rpc_error *refusal)
{
        return (commit_answer){
                .status = refusal->status,
                .message = refusal->message,
                .bytes = rpc_error_pack(rpc_call_arena(call), refusal, rpc_call_language(call))};
}

static written_answer answer_of(rpc_call *call, const service_write *write)
{
        written_answer answer = {0};
        if (write->case_is_open) return answer;
        answer.sent = write->refusal ? refusal_answer(call, write->refusal)
                                     : (commit_answer){.bytes = pack_reply(call, write->reply)};
        answer.kept = answer.sent;
        if (write->kept && !write->refusal) answer.kept.bytes = pack_reply(call, write->kept);
        return answer;
}

static void send(rpc_call *call, const commit_answer *answer)
{
        if (answer->status == 0)
                rpc_reply_bytes(call, answer->bytes);
        else
                rpc_reply_status(call, answer->status, answer->message, answer->bytes);
}

static void refuse_busy(rpc_call *call)
{
        rpc_error error = {.status = FAILURE_ABORTED,
                           .reason = "VERSION_CONFLICT",
                           .message = "others changed the same holder at the same time; try again",
                           .rule = "S2",
                           .text = {"该持卡人的信息正被同时修改，请重试",
                                    "The holder is being changed by others; please try again."},
                           .retry_after_ms = 50};
        rpc_reply_error(call, &error);
}

service_write_verdict service_write_commit(rpc_call *call, const service_write *write, int attempt)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        service_call *state = service_call_of(call);
        commit_origin origin = origin_of(state, write);
        written_answer answer = answer_of(call, write);
        commit_request request = {.part = write->part,
                                  .holder = write->holder,
                                  .holder_version = write->holder_version,
                                  .holder_is_new = write->holder_is_new,
                                  .changes = write->changes,
                                  .origin = &origin,
                                  .key = state->context.validate_only ? NULL : &state->key,
                                  .answer = answer.kept,
                                  .case_is_open = write->case_is_open,
                                  .record = write->record,
                                  .validate_only = state->context.validate_only,
                                  .queue_more = write->queue_more,
                                  .argument = write->argument};
        commit_answer first;
        service_call_saw(call, write->part, write->holder);
        switch (commit_apply(t, state->instance->commit, &request, &first)) {
        case COMMIT_COMMITTED:
        case COMMIT_PREVIEWED:
                if (write->case_is_open) return SERVICE_WRITE_OPEN;
                send(call, &answer.sent);
                return SERVICE_WRITE_ANSWERED;
        case COMMIT_CONFLICT:
                if (attempt == 0 || (attempt < COMMIT_TRIES_MAX && *state->context.etag == '\0'))
                        return SERVICE_WRITE_CONFLICT;
                refuse_busy(call);
                return SERVICE_WRITE_ANSWERED;
        case COMMIT_REPEATED:
                again_reply_first(call, &first);
                return SERVICE_WRITE_ANSWERED;
        case COMMIT_REQUEST_ID_REUSED:
                again_refuse_reused(call);
                return SERVICE_WRITE_ANSWERED;
        case COMMIT_UNAVAILABLE:
                break;
        }
        rpc_reply_failure(call, &t->failure);
        return SERVICE_WRITE_ANSWERED;
}

static void keep(rpc_call *call, ulid holder, const commit_answer *answer)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        service_call *state = service_call_of(call);
        commit_answer first;
        service_call_saw(call, state->part, holder);
        if (state->context.validate_only) {
                send(call, answer);
                return;
        }
        switch (commit_keep_answer(t, state->instance->commit, &state->key, &holder, answer,
                                   &first)) {
        case COMMIT_COMMITTED:
                send(call, answer);
                return;
        case COMMIT_REPEATED:
                again_reply_first(call, &first);
                return;
        case COMMIT_REQUEST_ID_REUSED:
                again_refuse_reused(call);
                return;
        case COMMIT_CONFLICT: /* another attempt with this id is being written */
                refuse_busy(call);
                return;
        case COMMIT_PREVIEWED:
        case COMMIT_UNAVAILABLE:
                break;
        }
        rpc_reply_failure(call, &t->failure);
}

void service_write_unchanged(rpc_call *call, ulid holder, const ProtobufCMessage *reply)
{
        keep(call, holder, &(commit_answer){.bytes = pack_reply(call, reply)});
}

void service_write_refused(rpc_call *call, ulid holder, const rpc_error *refusal)
{
        commit_answer answer = refusal_answer(call, refusal);
        keep(call, holder, &answer);
}
