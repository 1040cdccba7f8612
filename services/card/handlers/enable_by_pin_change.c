/* EnableByPinChange: the card's side of R7. What it says to a case it says to every repeat of it.
 */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"

enum { OPERATOR_ID_MAX = 64 };

void handle_enable_by_pin_change(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__EnableByPinChangeRequest *request =
                (const Card__EnableByPinChangeRequest *)message;
        if (!text_check(call, "outlet", request->outlet, OUTLET_CODE_MAX) ||
            !text_check(call, "operator_id", request->operator_id, OPERATOR_ID_MAX))
                return;
        card_command *command = card_command_begin(call, CARD_OPERATION_ENABLE_BY_PIN_CHANGE);
        if (!command) return;
        command->keeps_refusals = true;
        card_command_run_on_card(command);
}
