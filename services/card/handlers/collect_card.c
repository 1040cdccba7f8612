/* CollectCard: the holder gets the card; with `enable` hand-over and enabling are one act (R6). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

#include "sscard/card/v1/card_service.pb-c.h"

void handle_collect_card(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__CollectCardRequest *request = (const Card__CollectCardRequest *)message;
        card_command *command = card_command_begin(
                call, request->enable ? CARD_OPERATION_COLLECT_AND_ENABLE : CARD_OPERATION_COLLECT);
        if (!command) return;
        command->event.outlet = service_call_of(call)->who.outlet;
        card_command_run_on_card(command);
}
