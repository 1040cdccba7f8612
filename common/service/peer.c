/* Calls of a service to its peers. Must never go out under a caller's credentials. */
#include "common/service/peer.h"

#include "common/service/credentials.h"

static bool prepare(task *t, const service_instance *instance, const char *name, rpc_peer **peer,
                    rpc_metadata *authorization)
{
        *peer = service_instance_peer(instance, name);
        if (!*peer)
                return task_fail(t, FAILURE_UNAVAILABLE, "SERVICE_ABSENT",
                                 "the %s service is not part of this deployment", name);
        return credentials_metadata(instance->credentials, authorization, &t->failure);
}

bool service_peer_ask(task *t, const service_instance *instance, const char *name,
                      const char *method, const ProtobufCMessage *request,
                      const ProtobufCMessageDescriptor *type, const ProtobufCMessage **reply)
{
        TASK_MAY_SUSPEND(t);
        rpc_peer *peer;
        rpc_metadata authorization;
        ProtobufCMessage *answer = NULL;
        if (!prepare(t, instance, name, &peer, &authorization) ||
            !rpc_peer_call_message(peer, t, method, request, type, &authorization, 1, &answer))
                return false;
        *reply = answer;
        return true;
}

bool service_peer_exchange(task *t, const service_instance *instance, const char *name,
                           const char *method, bytes request, rpc_answer *answer)
{
        TASK_MAY_SUSPEND(t);
        rpc_peer *peer;
        rpc_metadata authorization;
        return prepare(t, instance, name, &peer, &authorization) &&
               rpc_peer_call(peer, t, method, request, &authorization, 1, answer);
}
