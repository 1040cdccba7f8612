/* RecoverCard: a lost card was found again; needs stronger proof than the report did. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

void handle_recover_card(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        card_command *command = card_command_begin(call, CARD_OPERATION_RECOVER);
        if (command) card_command_run_on_card(command);
}
