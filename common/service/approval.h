/* The second person: a token of somebody else, bound to this very request by its hash. */
#ifndef SSCARD_COMMON_SERVICE_APPROVAL_H
#define SSCARD_COMMON_SERVICE_APPROVAL_H

#include "common/service/call.h"

/* Verifies context.approval, if there is one, into state->approver and request_hash. Answers
 * UNAUTHENTICATED and returns false when its token is not valid. */
bool approval_read(rpc_call *call, service_call *state) MUST_CHECK;

/* The keyed hash of a request without its RequestContext: what a second person approves. */
digest approval_request_hash(const service_instance *instance, rpc_call *call);

/* The same as a second person's token must carry it: base64url. In the call's arena. */
const char *approval_request_hash_text(rpc_call *call);

#endif
