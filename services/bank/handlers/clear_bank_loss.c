/* ClearBankLoss: the bank has freed the account, or knows of no loss. */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

void handle_clear_bank_loss(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        bank_event *event = bank_command_begin(call, BANK_OPERATION_CLEAR_LOSS);
        if (event) bank_command_run(call, event);
}
