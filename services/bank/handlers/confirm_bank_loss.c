/* ConfirmBankLoss: the bank has stopped the account of a lost card. */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

void handle_confirm_bank_loss(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        bank_event *event = bank_command_begin(call, BANK_OPERATION_CONFIRM_LOSS);
        if (event) bank_command_run(call, event);
}
