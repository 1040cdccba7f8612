/* CancelCard: by the holder (R45) or by the authority, which takes two persons. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"

#include "sscard/card/v1/card_service.pb-c.h"

static bool read_authority(rpc_call *call, const Card__AuthorityCancellation *ground,
                           card_event *event)
{
        if (ground->reason > 0 && (int)ground->reason < CARD_CANCEL_REASON_COUNT) {
                event->cancel_reason = (card_cancel_reason)ground->reason;
                return true;
        }
        rpc_reply_invalid(call, "by_authority.reason", "CANCEL_REASON_REQUIRED", NULL,
                          "by_authority.reason must say why the card ends");
        return false;
}

void handle_cancel_card(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__CancelCardRequest *request = (const Card__CancelCardRequest *)message;
        card_command *command = NULL;
        switch (request->ground_case) {
        case CARD__CANCEL_CARD_REQUEST__GROUND_BY_HOLDER:
                command = card_command_begin(call, CARD_OPERATION_CANCEL_BY_HOLDER);
                if (!command) return;
                command->event.no_local_entitlements = request->by_holder->no_local_entitlements;
                break;
        case CARD__CANCEL_CARD_REQUEST__GROUND_BY_AUTHORITY:
                command = card_command_begin(call, CARD_OPERATION_CANCEL_BY_AUTHORITY);
                if (!command || !read_authority(call, request->by_authority, &command->event))
                        return;
                break;
        default:
                rpc_reply_invalid(call, "ground", "CANCEL_GROUND_REQUIRED", "R45",
                                  "one of by_holder and by_authority must be set");
                return;
        }
        card_command_run_on_card(command);
}
