/* ReplaceCard: asks for a successor; the same process as a new application (R29-R34). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"

#include "sscard/card/v1/card_service.pb-c.h"

enum { CODE_POINTS_MAX = 64, NAME_CODE_POINTS_MAX = 50 };

static bool operation_of(rpc_call *call, Card__ReplaceReason reason, card_operation *operation)
{
        static const card_operation operations[] = {
                [CARD_REPLACE_LOST] = CARD_OPERATION_REPLACE_LOST,
                [CARD_REPLACE_DAMAGED] = CARD_OPERATION_REPLACE_DAMAGED,
                [CARD_REPLACE_EXPIRING] = CARD_OPERATION_REPLACE_EXPIRING,
                [CARD_REPLACE_PHOTO_OUTDATED] = CARD_OPERATION_REPLACE_PHOTO_OUTDATED,
                [CARD_REPLACE_DATA_CHANGED] = CARD_OPERATION_REPLACE_DATA_CHANGED,
                [CARD_REPLACE_BANK_CHANGE] = CARD_OPERATION_REPLACE_BANK_CHANGE,
        };
        if (reason > 0 && (size_t)reason < ARRAY_LENGTH(operations)) {
                *operation = operations[reason];
                return true;
        }
        rpc_reply_invalid(call, "reason", "REPLACE_REASON_REQUIRED", "R29",
                          "reason must say why the card is replaced");
        return false;
}

static bool check_texts(rpc_call *call, const Card__ReplaceCardRequest *request)
{
        return text_check(call, "photo_reference", request->photo_reference, CODE_POINTS_MAX * 2) &&
               text_check(call, "bank_code", request->bank_code, BANK_CODE_MAX) &&
               text_check(call, "person_name", request->person_name, NAME_CODE_POINTS_MAX) &&
               text_check(call, "delivery_outlet", request->delivery_outlet, OUTLET_CODE_MAX);
}

void handle_replace_card(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ReplaceCardRequest *request = (const Card__ReplaceCardRequest *)message;
        const service_call *state = service_call_of(call);
        card_operation operation;
        if (!operation_of(call, request->reason, &operation) || !check_texts(call, request)) return;
        card_command *command = card_command_begin(call, operation);
        if (!command || !consent_read(call, request->consent, &command->event) ||
            !mail_address_read(call, request->mail_address, &command->event.mail_address))
                return;
        card_event *event = &command->event;
        event->fulfilment = (card_fulfilment)request->fulfilment;
        event->photo = text_or_null(request->photo_reference);
        event->bank = text_or_null(request->bank_code);
        event->outlet = delivery_outlet_read(call, request->delivery_outlet, event->fulfilment);
        if (event->photo) event->evidence |= CARD_E(PHOTO);
        if (operation == CARD_OPERATION_REPLACE_DATA_CHANGED)
                command->new_name = text_or_null(request->person_name);
        command->new_photo = event->photo;
        event->new_card = ulid_new(state->now_ms, loop_random(state->instance->seams.loop),
                                   ulid_part(state->name.id));
        card_command_run_on_card(command);
}
