/* ReportLostInDelivery: the card never reached its holder and ends. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

void handle_report_lost_in_delivery(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        card_command *command = card_command_begin(call, CARD_OPERATION_REPORT_LOST_IN_DELIVERY);
        if (command) card_command_run_on_card(command);
}
