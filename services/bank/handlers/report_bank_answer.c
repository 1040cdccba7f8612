/* ReportBankAnswer: what a bank answers in the end, however late and however often. */
#include "common/service/request.h"
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

#include <string.h>

enum { TEXT_MAX = 64 };

/* The bank's own code: capital letters, digits and underscores. */
static bool check_reason(rpc_call *call, const char *reason)
{
        static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
        if (!text_check(call, "reason", reason, TEXT_MAX)) return false;
        if (strspn(reason, allowed) == strlen(reason)) return true;
        rpc_reply_invalid(call, "reason", "REASON_MALFORMED", NULL,
                          "reason must have capital letters, digits and underscores only");
        return false;
}

static bool check_answer(rpc_call *call, const Bank__ReportBankAnswerRequest *request,
                         bank_answer *answer)
{
        if (!ulid_parse(request->reference, &answer->reference)) {
                rpc_reply_invalid(call, "reference", "REFERENCE_MALFORMED", "S1",
                                  "reference must be the one that the bank was asked under");
                return false;
        }
        switch (request->answer) {
        case BANK__BANK_ANSWER__BANK_ANSWER_DONE:
                answer->kind = BANK_ANSWER_DONE;
                break;
        case BANK__BANK_ANSWER__BANK_ANSWER_REFUSED:
                answer->kind = BANK_ANSWER_REFUSED;
                break;
        default:
                rpc_reply_invalid(call, "answer", "ANSWER_REQUIRED", "S1",
                                  "answer must be DONE or REFUSED");
                return false;
        }
        answer->account = request->account_reference;
        answer->reason = request->reason;
        return text_check(call, "account_reference", request->account_reference, TEXT_MAX) &&
               check_reason(call, request->reason);
}

void handle_report_bank_answer(rpc_call *call, const ProtobufCMessage *message)
{
        bank_event *event = bank_command_begin(call, BANK_OPERATION_REPORT_ANSWER);
        if (!event) return;
        if (check_answer(call, (const Bank__ReportBankAnswerRequest *)message, &event->answer))
                bank_command_run(call, event);
}
