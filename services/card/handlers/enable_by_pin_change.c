/* EnableByPinChange: the card's side of R7. What it says to a case it says to every repeat of it.
 */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

void handle_enable_by_pin_change(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        card_command *command = card_command_begin(call, CARD_OPERATION_ENABLE_BY_PIN_CHANGE);
        if (!command) return;
        command->keeps_refusals = true;
        card_command_run_on_card(command);
}
