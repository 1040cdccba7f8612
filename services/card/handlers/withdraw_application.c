/* WithdrawApplication: ends an application before its card is made. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

void handle_withdraw_application(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        card_command *command = card_command_begin(call, CARD_OPERATION_WITHDRAW);
        if (command) card_command_run_on_card(command);
}
