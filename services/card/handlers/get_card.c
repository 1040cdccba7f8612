/* GetCard: one card as it is now. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/card_message.h"
#include "services/card/handlers/read.h"
#include "services/card/rules/card_guidance.h"
#include "services/region/region_knobs.h"

void handle_get_card(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        const service_call *state = service_call_of(call);
        int index = -1;
        if (!service_check_collection(call, "cards")) return;
        const holder_record *record = read_holder_of_card(call, state->name.id, &index);
        if (!record) return;
        const card_record *card = &record->holder.cards[index];
        const message_context c = message_context_of(call);
        Card__Card *message = card_message(&c, &record->holder, card);
        const policy_step *steps[CARD_GUIDANCE_STEPS_MAX];
        const card_knobs *knobs = region_card_knobs(rpc_call_arena(call), state->pack);
        size_t count = card_guidance_steps(&record->holder, card, knobs, state->now_ms, steps);
        card_message_steps(&c, card, steps, count, &message->next_steps, &message->n_next_steps);
        rpc_reply(call, &message->base);
}
