/* Answers to a request id that has been here before (S1), whoever finds out: the look-up before the
 * handler, or the commit that met another attempt. */
#ifndef SSCARD_COMMON_SERVICE_AGAIN_H
#define SSCARD_COMMON_SERVICE_AGAIN_H

#include "common/commit/commit.h"
#include "common/rpc/call.h"

/* The first answer, as it was. */
void again_reply_first(rpc_call *call, const commit_answer *first);
/* REQUEST_ID_REUSED: the same id with another request. */
void again_refuse_reused(rpc_call *call);

#endif
