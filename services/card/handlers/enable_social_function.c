/* EnableSocialFunction: the collected card comes into use; its predecessor ends with it (R38). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

void handle_enable_social_function(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        card_command *command = card_command_begin(call, CARD_OPERATION_ENABLE);
        if (command) card_command_run_on_card(command);
}
