/* StartProduction: the factory or an outlet begins to make the card; no consent, no card (R32). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"

#include "sscard/card/v1/card_service.pb-c.h"

void handle_start_production(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__StartProductionRequest *request = (const Card__StartProductionRequest *)message;
        card_command *command = card_command_begin(call, CARD_OPERATION_START_PRODUCTION);
        if (command && consent_read(call, request->consent, &command->event))
                card_command_run_on_card(command);
}
