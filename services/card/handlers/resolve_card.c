/* ResolveCard: which card has this number, and whose it is. Only a number that its card's record
 * carries is answered, so the answer may be kept for ever. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/claim.h"
#include "services/card/handlers/read.h"

#include "sscard/card/v1/card_service.pb-c.h"

void handle_resolve_card(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ResolveCardRequest *request = (const Card__ResolveCardRequest *)message;
        const char *region = service_call_of(call)->instance->directory.region;
        ulid card, holder;
        bool found = false;
        if (*request->card_number == '\0') {
                rpc_reply_invalid(call, "card_number", "CARD_NUMBER_REQUIRED", NULL,
                                  "card_number is required");
                return;
        }
        if (!card_find_by_number(rpc_call_task(call), service_call_app(call), request->card_number,
                                 &card, &holder, &found))
                return;
        if (!found) {
                card_answer_not_found(call);
                return;
        }
        int index = -1;
        if (!read_holder_of_card(call, card, &index)) return;
        Card__ResolveCardResponse response = CARD__RESOLVE_CARD_RESPONSE__INIT;
        response.card = resource_name_format(rpc_call_arena(call), region, "cards", card);
        response.holder = resource_name_format(rpc_call_arena(call), region, "holders", holder);
        rpc_reply(call, &response.base);
}
