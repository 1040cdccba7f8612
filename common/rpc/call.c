/* What handlers see of a call, and the plain ways to answer.
 * A later answer replaces an earlier one; what stands when the coroutine ends goes out. */
#include "common/rpc/call.h"

#include "common/rpc/call_internal.h"
#include "common/rpc/dispatch.h"
#include "common/rpc/error.h"
#include "common/text/language.h"

#include <assert.h>
#include <string.h>

void call_reset(rpc_call *call, const dispatch_method *method)
{
        call->method = method;
        call->request_bytes = bytes_of(NULL, 0);
        call->request = NULL;
        call->state = NULL;
        call->hotline = NULL;
        call->answered = call->has_reply = false;
        call->status = 0;
        call->reason = call->message = "";
        call->details = bytes_of(NULL, 0);
        call->trailer_count = 0;
}

void rpc_call_set_hotline(rpc_call *call, const rpc_hotline *hotline)
{
        call->hotline = hotline;
}

task *rpc_call_task(rpc_call *call)
{
        return &call->task;
}

arena *rpc_call_arena(rpc_call *call)
{
        return &call->task.arena;
}

const rpc_method *rpc_call_method(const rpc_call *call)
{
        return &call->method->row;
}

void *rpc_call_context(const rpc_call *call)
{
        return call->method->dispatch->context;
}

void *rpc_call_state(const rpc_call *call)
{
        return call->state;
}

void rpc_call_set_state(rpc_call *call, void *state)
{
        call->state = state;
}

const ProtobufCMessage *rpc_call_request(const rpc_call *call)
{
        return call->request;
}

bytes rpc_call_request_bytes(const rpc_call *call)
{
        return call->request_bytes;
}

bytes rpc_call_metadata(const rpc_call *call, const char *key)
{
        return call->carrier->metadata(call, key);
}

const char *rpc_call_peer(rpc_call *call)
{
        return call->carrier->peer(call);
}

const char *rpc_call_peer_identity(rpc_call *call)
{
        return call->carrier->peer_identity(call);
}

const char *rpc_call_language(const rpc_call *call)
{
        return language_key(language_negotiate(rpc_call_metadata(call, "accept-language")));
}

static void answer_ok(rpc_call *call, bool has_reply)
{
        call->answered = true;
        call->has_reply = has_reply;
        call->status = 0;
        call->reason = call->message = "";
        call->details = bytes_of(NULL, 0);
}

void rpc_reply(rpc_call *call, const ProtobufCMessage *reply)
{
        assert(!call->method || reply->descriptor == call->method->row.reply_type);
        size_t length = protobuf_c_message_get_packed_size(reply);
        protobuf_c_message_pack(reply, call->carrier->reply_reserve(call, length));
        answer_ok(call, true);
}

void rpc_reply_bytes(rpc_call *call, bytes packed)
{
        uint8_t *room = call->carrier->reply_reserve(call, packed.length);
        if (packed.length) memcpy(room, packed.data, packed.length);
        answer_ok(call, true);
}

void call_answer_error(rpc_call *call, int status, const char *reason, const char *message,
                       bytes details)
{
        assert(status != 0);
        call->answered = true;
        call->has_reply = false;
        call->status = status;
        call->reason = reason ? reason : "";
        call->message = message ? message : "";
        call->details = details;
}

void rpc_reply_status(rpc_call *call, int status, const char *message, bytes details)
{
        arena *a = rpc_call_arena(call);
        bytes copy = bytes_of(arena_copy(a, details.data, details.length), details.length);
        call_answer_error(call, status, rpc_error_reason(a, copy), arena_strdup(a, message), copy);
}

void rpc_reply_failure(rpc_call *call, const failure *f)
{
        assert(f->kind != FAILURE_NONE);
        rpc_error error = {
                .status = (int)f->kind,
                .reason = f->reason && *f->reason ? f->reason : failure_kind_name(f->kind),
                .message = arena_strdup(rpc_call_arena(call), f->message),
        };
        rpc_reply_error(call, &error);
}

void rpc_call_add_trailer(rpc_call *call, const char *key, const char *value)
{
        assert(call->trailer_count < RPC_TRAILERS_MAX);
        arena *a = rpc_call_arena(call);
        call->trailers[call->trailer_count].key = arena_strdup(a, key);
        call->trailers[call->trailer_count].value = arena_strdup(a, value);
        call->trailer_count++;
}

bool rpc_call_is_answered(const rpc_call *call)
{
        return call->answered;
}

int rpc_call_status(const rpc_call *call)
{
        return call->status;
}

const char *rpc_call_reason(const rpc_call *call)
{
        return call->reason;
}

int64_t rpc_call_duration_us(const rpc_call *call)
{
        return loop_precise_us(call->task.loop) - call->begun_us;
}

bool rpc_stream_send_from(rpc_call *call, arena *memory, const ProtobufCMessage *message)
{
        TASK_MAY_SUSPEND(&call->task);
        assert(!call->answered);
        assert(call->method->row.streams);
        if (!call->carrier->stream_send)
                return task_fail(&call->task, FAILURE_UNIMPLEMENTED, "NO_STREAMS",
                                 "This connection carries no streams.");
        size_t length = protobuf_c_message_get_packed_size(message);
        protobuf_c_message_pack(message, call->carrier->reply_reserve(call, length));
        if (memory) arena_release(memory);
        return call->carrier->stream_send(call);
}

bool rpc_stream_send(rpc_call *call, const ProtobufCMessage *message)
{
        TASK_MAY_SUSPEND(&call->task);
        return rpc_stream_send_from(call, NULL, message);
}

void rpc_stream_end(rpc_call *call)
{
        assert(call->method->row.streams);
        answer_ok(call, false);
}
