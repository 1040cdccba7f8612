/* Calls of a service to its peers, under its own name. */
#ifndef SSCARD_COMMON_SERVICE_PEER_H
#define SSCARD_COMMON_SERVICE_PEER_H

#include "common/service/instance.h"

/* One unary call to a peer of the definition, in the arena of the task. Suspends. False: ABSENT
 * (UNAVAILABLE/SERVICE_ABSENT), interrupted, or an error answer: the task's failure says which. */
bool service_peer_ask(task *t, const service_instance *instance, const char *peer,
                      const char *method, const ProtobufCMessage *request,
                      const ProtobufCMessageDescriptor *type,
                      const ProtobufCMessage **reply) MUST_CHECK;
/* The same with a packed request, and every answer as it came: an error is an answer. False:
 * interrupted, ABSENT, or no credentials. */
bool service_peer_exchange(task *t, const service_instance *instance, const char *peer,
                           const char *method, bytes request, rpc_answer *answer) MUST_CHECK;

#endif
