/* What callers of peers share: one call, packed or with messages.
 * Must never trust an answer's bytes more than a request's. */
#include "common/rpc/client.h"

#include "common/rpc/error.h"
#include "common/rpc/wire_check.h"

#include <assert.h>

void rpc_peer_destroy(rpc_peer *peer)
{
        if (peer) peer->functions->destroy(peer);
}

bool rpc_peer_call(rpc_peer *peer, task *t, const char *full_method, bytes request,
                   const rpc_metadata *metadata, size_t metadata_count, rpc_answer *answer)
{
        TASK_MAY_SUSPEND(t);
        *answer = (rpc_answer){.message = ""};
        return peer->functions->call(peer, t, full_method, request, metadata, metadata_count,
                                     answer);
}

static void *reply_alloc(void *arena_, size_t bytes)
{
        return arena_alloc(arena_, bytes);
}

static void reply_free(void *arena_, void *pointer)
{
        (void)arena_;
        (void)pointer;
}

bool rpc_peer_call_message(rpc_peer *peer, task *t, const char *full_method,
                           const ProtobufCMessage *request,
                           const ProtobufCMessageDescriptor *reply_type,
                           const rpc_metadata *metadata, size_t metadata_count,
                           ProtobufCMessage **reply)
{
        TASK_MAY_SUSPEND(t);
        size_t length = protobuf_c_message_get_packed_size(request);
        uint8_t *packed = arena_alloc(&t->arena, length);
        protobuf_c_message_pack(request, packed);
        rpc_answer answer;
        if (!rpc_peer_call(peer, t, full_method, bytes_of(packed, length), metadata, metadata_count,
                           &answer))
                return false;
        if (answer.status != 0) {
                const char *reason = rpc_error_reason(&t->arena, answer.details);
                failure_kind kind = answer.status > 0 && answer.status <= FAILURE_UNAUTHENTICATED
                                            ? (failure_kind)answer.status
                                            : FAILURE_UNKNOWN;
                if (*reason) return task_fail(t, kind, reason, "%s", answer.message);
                /* Core's own words name addresses, which are nobody's business. */
                return task_fail(t, kind, "PEER_UNREACHABLE",
                                 "another service of this region cannot be reached now");
        }
        ProtobufCAllocator allocator = {
                .alloc = reply_alloc, .free = reply_free, .allocator_data = &t->arena};
        wire_problem problem;
        if (wire_check_reply(reply_type, answer.reply, &t->arena, &problem))
                *reply = protobuf_c_message_unpack(reply_type, &allocator, answer.reply.length,
                                                   answer.reply.data);
        else
                *reply = NULL;
        if (*reply) return true;
        return task_fail(t, FAILURE_INTERNAL, "MALFORMED_ANSWER", "%s answered rubbish.",
                         full_method);
}
