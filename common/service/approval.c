/* Reads the approval of a second person. Must never let a token that was given for one request pass
 * for another: the hash covers the whole request but its context. */
#include "common/service/approval.h"

#include "common/crypto/base64url.h"

#include <string.h>

digest approval_request_hash(const service_instance *instance, rpc_call *call)
{
        const ProtobufCMessage *request = rpc_call_request(call);
        const ProtobufCMessageDescriptor *type = request->descriptor;
        arena *a = rpc_call_arena(call);
        ProtobufCMessage *copy = arena_alloc(a, type->sizeof_message);
        memcpy(copy, request, type->sizeof_message);
        const ProtobufCFieldDescriptor *context =
                protobuf_c_message_descriptor_get_field_by_name(type, "context");
        if (context) *(void **)((char *)copy + context->offset) = NULL;
        size_t size = protobuf_c_message_get_packed_size(copy);
        uint8_t *packed = arena_alloc(a, size + 1);
        protobuf_c_message_pack(copy, packed);
        keyed_hash *hash = instance->keys.lookup;
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of_text(rpc_call_method(call)->full_name));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, bytes_of(packed, size));
        return keyed_hash_end(hash);
}

const char *approval_request_hash_text(rpc_call *call)
{
        digest hash = approval_request_hash(service_call_of(call)->instance, call);
        char *text = arena_alloc(rpc_call_arena(call), base64url_length(DIGEST_BYTES) + 1);
        base64url_encode(bytes_of(hash.bytes, DIGEST_BYTES), text);
        return text;
}

bool approval_read(rpc_call *call, service_call *state)
{
        const Common__RequestContext *context = state->context.message;
        if (!context || !context->approval || *context->approval->token == '\0') return true;
        failure f = {0};
        if (!token_verify(state->instance->tokens, bytes_of_text(context->approval->token),
                          rpc_call_arena(call), &state->approver, &f)) {
                rpc_reply_failure(call, &f);
                return false;
        }
        state->request_hash = approval_request_hash(state->instance, call);
        return true;
}
