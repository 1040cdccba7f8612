/* The first answer again, or the refusal of a request id that stands for another request.
 * Must never make an answer of its own. */
#include "common/service/again.h"

#include "common/rpc/error.h"
#include "common/service/call.h"

void again_reply_first(rpc_call *call, const commit_answer *first)
{
        service_call_of(call)->replayed = true;
        rpc_call_add_trailer(call, "sscard-replayed", "true");
        if (first->status == 0)
                rpc_reply_bytes(call, first->bytes);
        else
                rpc_reply_status(call, first->status, first->message, first->bytes);
}

void again_refuse_reused(rpc_call *call)
{
        rpc_error error = {
                .status = FAILURE_ALREADY_EXISTS,
                .reason = "REQUEST_ID_REUSED",
                .message = "this request_id was used with another request",
                .rule = "S1",
                .text = {"该请求编号已用于另一个请求，请换一个新的请求编号",
                         "This request_id was used with another request; choose a new one."},
                .details = {{"field", "context.request_id"}},
                .detail_count = 1};
        rpc_reply_error(call, &error);
}
