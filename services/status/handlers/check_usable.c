/* CheckUsable: yes, no, or ask the holder; no name, no state, no reason (N13). The answer is the
 * same for a card that ended and one that never was. */
#include "common/service/record_service.h"
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"
#include "services/status/rules/status_refusals.h"
#include "services/status/rules/status_usable.h"

static void answer(rpc_call *call, status_usability usability)
{
        Status__CheckUsableResponse response = STATUS__CHECK_USABLE_RESPONSE__INIT;
        response.usability = (Status__Usability)usability;
        rpc_reply(call, &response.base);
}

static bool is_not_found(const rpc_call *call)
{
        return rpc_call_is_answered(call) && rpc_call_status(call) == FAILURE_NOT_FOUND;
}

static bool check(rpc_call *call, const Status__CheckUsableRequest *request)
{
        const service_call *state = service_call_of(call);
        if (state->context.max_staleness_ms > 0) {
                rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_STALENESS_NOT_ALLOWED), NULL, 0);
                return false;
        }
        if (*status_purpose_name((status_purpose)request->purpose) != '\0') return true;
        rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_PURPOSE_REQUIRED), NULL, 0);
        return false;
}

void handle_check_usable(rpc_call *call, const ProtobufCMessage *message)
{
        const Status__CheckUsableRequest *request = (const Status__CheckUsableRequest *)message;
        subject_question question = {.card_only = true};
        subject s;
        if (!check(call, request)) return;
        if (request->subject_case == STATUS__CHECK_USABLE_REQUEST__SUBJECT_NAME)
                question.name = request->name;
        else if (request->subject_case == STATUS__CHECK_USABLE_REQUEST__SUBJECT_CARD_NUMBER)
                question.card_number = request->card_number;
        if (!subject_find(call, &question, &s)) {
                if (is_not_found(call)) answer(call, STATUS_NOT_USABLE);
                return;
        }
        if (s.pin.is_unanswered) { /* a locked password must not pass for a good one */
                service_answer_owner_away(call, "credential", RECORD_UNKNOWN);
                return;
        }
        status_facts facts = status_facts_of(call, &s);
        answer(call, status_usable(&facts, (status_purpose)request->purpose));
}
