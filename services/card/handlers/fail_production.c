/* FailProduction: the card could not be made; the application waits again. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

#include "sscard/card/v1/card_service.pb-c.h"

void handle_fail_production(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__FailProductionRequest *request = (const Card__FailProductionRequest *)message;
        if (request->failure <= 0 ||
            request->failure > CARD__PRODUCTION_FAILURE__PRODUCTION_FAILURE_OTHER) {
                rpc_reply_invalid(call, "failure", "PRODUCTION_FAILURE_REQUIRED", NULL,
                                  "failure must say why the card could not be made");
                return;
        }
        card_command *command = card_command_begin(call, CARD_OPERATION_FAIL_PRODUCTION);
        if (command) card_command_run_on_card(command);
}
