/* ConfirmClosed: the bank says that it has closed the account. */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

void handle_confirm_closed(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        bank_event *event = bank_command_begin(call, BANK_OPERATION_CONFIRM_CLOSED);
        if (event) bank_command_run(call, event);
}
