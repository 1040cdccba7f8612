/* LoadAccount: an account is opened in advance, by the bank's own word or at our request. */
#include "common/service/request.h"
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

enum { ACCOUNT_REFERENCE_MAX = 64 };

void handle_load_account(rpc_call *call, const ProtobufCMessage *message)
{
        const Bank__LoadAccountRequest *request = (const Bank__LoadAccountRequest *)message;
        if (!text_check(call, "account_reference", request->account_reference,
                        ACCOUNT_REFERENCE_MAX))
                return;
        bank_event *event = bank_command_begin(call, BANK_OPERATION_LOAD);
        if (!event) return;
        event->account = request->account_reference;
        bank_command_run(call, event);
}
