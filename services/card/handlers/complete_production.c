/* CompleteProduction: the card is made. Its number and chip are claimed before the commit, so that
 * no two cards carry one. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/claim.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"

#include "sscard/card/v1/card_service.pb-c.h"

enum { CODE_POINTS_MAX = 64 };

static bool check_texts(rpc_call *call, const Card__CompleteProductionRequest *request)
{
        const Card__Chip *chip = request->chip;
        return text_check(call, "card_number", request->card_number, CODE_POINTS_MAX) &&
               text_check(call, "delivery_outlet", request->delivery_outlet, OUTLET_CODE_MAX) &&
               text_check(call, "mail_reference", request->mail_reference, CODE_POINTS_MAX) &&
               (!chip || (text_check(call, "chip.chip_id", chip->chip_id, CODE_POINTS_MAX) &&
                          text_check(call, "chip.model", chip->model, CODE_POINTS_MAX) &&
                          text_check(call, "chip.key_batch", chip->key_batch, CODE_POINTS_MAX)));
}

static void fill_event(const Card__CompleteProductionRequest *request, card_event *event)
{
        event->number = request->card_number;
        event->outlet = text_or_null(request->delivery_outlet);
        event->mail_reference = text_or_null(request->mail_reference);
        if (!request->chip) return;
        event->chip_id = text_or_null(request->chip->chip_id);
        event->chip_model = text_or_null(request->chip->model);
        event->chip_key_batch = text_or_null(request->chip->key_batch);
        event->chip_key_origin = (int)request->chip->key_origin;
}

void handle_complete_production(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__CompleteProductionRequest *request =
                (const Card__CompleteProductionRequest *)message;
        if (!check_texts(call, request)) return;
        card_command *command = card_command_begin(call, CARD_OPERATION_COMPLETE_PRODUCTION);
        if (!command) return;
        fill_event(request, &command->event);
        if (!date_read(call, "issued_on", request->issued_on, &command->event.issued_on) ||
            !date_read(call, "expires_on", request->expires_on, &command->event.expires_on))
                return;
        command->claim = card_claim_number_and_chip;
        card_command_run_on_card(command);
}
