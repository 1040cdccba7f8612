/* ReportLoss: when OK returns the card is dead on every channel (S6, R13). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

#include "sscard/card/v1/card_service.pb-c.h"

void handle_report_loss(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ReportLossRequest *request = (const Card__ReportLossRequest *)message;
        card_operation operation;
        switch (request->kind) {
        case CARD__LOSS_KIND__LOSS_KIND_TEMPORARY:
                operation = CARD_OPERATION_REPORT_TEMP_LOSS;
                break;
        case CARD__LOSS_KIND__LOSS_KIND_FORMAL:
                operation = CARD_OPERATION_REPORT_FORMAL_LOSS;
                break;
        default:
                rpc_reply_invalid(call, "kind", "LOSS_KIND_REQUIRED", "R13",
                                  "kind must be TEMPORARY or FORMAL");
                return;
        }
        card_command *command = card_command_begin(call, operation);
        if (command) card_command_run_on_card(command);
}
