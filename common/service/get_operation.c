/* GetOperation, the same for every service: what became of a caller's own request.
 * Must never tell one caller of another one's request: the caller is part of the key. */
#include "common/service/call.h"
#include "common/service/message.h"

#include "sscard/common/v1/operation.pb-c.h"

#include <string.h>

enum { SUBJECT_BYTES_MAX = 64 };

static bool subject_part(rpc_call *call, const Common__GetOperationRequest *request, uint8_t *part)
{
        const service_call *state = service_call_of(call);
        if (request->subject_case == COMMON__GET_OPERATION_REQUEST__SUBJECT_IDENTITY_NUMBER) {
                *part = service_part_of_text(state->instance, request->identity_number);
                if (strlen(request->identity_number) <= SUBJECT_BYTES_MAX) return true;
                rpc_reply_invalid(call, "identity_number", "TEXT_TOO_LONG", "S1",
                                  "identity_number is too long");
                return false;
        }
        const char *text = request->subject_case == COMMON__GET_OPERATION_REQUEST__SUBJECT_PARENT
                                   ? request->parent
                                   : request->name;
        const char *field = request->subject_case == COMMON__GET_OPERATION_REQUEST__SUBJECT_PARENT
                                    ? "parent"
                                    : "name";
        resource_name name;
        const char *why = "is required";
        if (!text || !resource_name_parse(text, &name, &why)) {
                rpc_reply_invalid(call, field, "RESOURCE_NAME_INVALID", NULL, "%s %s", field, why);
                return false;
        }
        *part = name.has_id ? ulid_part(name.id) : 0;
        return true;
}

/* The reply type of a method of this service; NULL: it has none of that name. */
static const ProtobufCMessageDescriptor *reply_type_of(const service_instance *instance,
                                                       const char *full_name)
{
        for (size_t i = 0; i < instance->definition->rpc_count; i++) {
                const ProtobufCServiceDescriptor *service = instance->definition->rpc[i].descriptor;
                size_t length = strlen(service->name);
                if (strncmp(full_name, service->name, length) != 0 || full_name[length] != '/')
                        continue;
                const ProtobufCMethodDescriptor *method =
                        protobuf_c_service_descriptor_get_method_by_name(service,
                                                                         full_name + length + 1);
                return method ? method->output : NULL;
        }
        return NULL;
}

static bool check(rpc_call *call, const Common__GetOperationRequest *request,
                  const ProtobufCMessageDescriptor **type, int64_t *sent_at_ms)
{
        *type = reply_type_of(service_call_of(call)->instance, request->method);
        if (!*type) {
                rpc_reply_invalid(call, "method", "METHOD_UNKNOWN", "S1",
                                  "method must be the full name of a method of this service");
                return false;
        }
        size_t length = strlen(request->request_id);
        if (length == 0 || length > IDEMPOTENCY_KEY_PART_BYTES_MAX) {
                rpc_reply_invalid(call, "request_id", "REQUEST_ID_REQUIRED", "S1",
                                  "request_id is required");
                return false;
        }
        if (!request->sent_at) {
                rpc_reply_invalid(call, "sent_at", "SENT_AT_REQUIRED", "S1", "sent_at is required");
                return false;
        }
        if (message_instant_read(request->sent_at, sent_at_ms)) return true;
        rpc_reply_invalid(call, "sent_at", "DATE_IMPOSSIBLE", "S1", "sent_at is not a time");
        return false;
}

static Common__OperationState state_number(idempotency_state state)
{
        switch (state) {
        case IDEMPOTENCY_DONE:
                return COMMON__OPERATION_STATE__OPERATION_STATE_DONE;
        case IDEMPOTENCY_LIVE:
                return COMMON__OPERATION_STATE__OPERATION_STATE_RUNNING;
        case IDEMPOTENCY_NOT_COMMITTED:
                return COMMON__OPERATION_STATE__OPERATION_STATE_NOT_COMMITTED;
        case IDEMPOTENCY_EXPIRED:
                return COMMON__OPERATION_STATE__OPERATION_STATE_EXPIRED;
        }
        return COMMON__OPERATION_STATE__OPERATION_STATE_UNSPECIFIED;
}

static void answer(rpc_call *call, idempotency_state found, const commit_answer *first,
                   const ProtobufCMessageDescriptor *type)
{
        arena *a = rpc_call_arena(call);
        Common__GetOperationResponse response = COMMON__GET_OPERATION_RESPONSE__INIT;
        Google__Protobuf__Any any = GOOGLE__PROTOBUF__ANY__INIT;
        GoogleRpc__Status refusal = GOOGLE_RPC__STATUS__INIT;
        response.state = state_number(found);
        if (found == IDEMPOTENCY_DONE) response.committed_at = message_timestamp(a, first->at_ms);
        if (found == IDEMPOTENCY_DONE && first->status == 0) {
                any.type_url = arena_format(a, "type.googleapis.com/%s", type->name);
                any.value.data = (uint8_t *)first->bytes.data;
                any.value.len = first->bytes.length;
                response.outcome_case = COMMON__GET_OPERATION_RESPONSE__OUTCOME_ANSWER;
                response.answer = &any;
        } else if (found == IDEMPOTENCY_DONE) {
                refusal.code = first->status;
                refusal.message = (char *)(first->message ? first->message : "");
                response.outcome_case = COMMON__GET_OPERATION_RESPONSE__OUTCOME_REFUSAL;
                response.refusal = &refusal;
        }
        rpc_reply(call, &response.base);
}

void service_get_operation(rpc_call *call, const ProtobufCMessage *message)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        const Common__GetOperationRequest *request = (const Common__GetOperationRequest *)message;
        service_call *state = service_call_of(call);
        const ProtobufCMessageDescriptor *type = NULL;
        uint8_t part = 0;
        int64_t sent_at_ms = 0;
        if (!check(call, request, &type, &sent_at_ms) || !subject_part(call, request, &part))
                return;
        idempotency_key key = {.part = part,
                               .caller = state->caller_key,
                               .method = request->method,
                               .request_id = request->request_id};
        idempotency_state found;
        commit_answer first = {0};
        if (!idempotency_state_of(t, state->instance->commit, &key, sent_at_ms, &found, &first))
                return;
        answer(call, found, &first, type);
}
