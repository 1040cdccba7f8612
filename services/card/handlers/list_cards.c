/* ListCards: all cards of one person in this region, ended ones too (R43). */
#include "common/service/page.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/card_message.h"
#include "services/card/handlers/read.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

static bool read_order(rpc_call *call, const char *order_by, bool *newest_first)
{
        *newest_first = *order_by == '\0' || strcmp(order_by, "requested_at desc") == 0;
        if (*newest_first || strcmp(order_by, "requested_at") == 0) return true;
        rpc_reply_invalid(call, "order_by", "ORDER_BY_INVALID", NULL,
                          "order_by must be requested_at or requested_at desc");
        return false;
}

static bool is_listed(const Card__ListCardsRequest *request, const card_record *card)
{
        return !request->live_only || card_state_is_live(card->state);
}

/* From `start` on; `next` is where the next page begins, or -1. */
static void fill(rpc_call *call, const Card__ListCardsRequest *request, const card_holder *holder,
                 bool newest_first, int32_t size, uint8_t start, Card__ListCardsResponse *response,
                 int *next)
{
        response->cards =
                arena_alloc(rpc_call_arena(call), CARD_CARDS_MAX * sizeof *response->cards);
        const message_context c = message_context_of(call);
        *next = -1;
        for (uint8_t i = start; i < holder->card_count; i++) {
                uint8_t at = newest_first ? (uint8_t)(holder->card_count - 1 - i) : i;
                const card_record *card = &holder->cards[at];
                if (!is_listed(request, card)) continue;
                if ((int32_t)response->n_cards == size) {
                        *next = i;
                        return;
                }
                response->cards[response->n_cards++] = card_message(&c, holder, card);
        }
}

void handle_list_cards(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ListCardsRequest *request = (const Card__ListCardsRequest *)message;
        bool newest_first = false, first = true;
        int32_t size = 0;
        uint8_t start = 0;
        const char *filter = arena_format(rpc_call_arena(call), "%s %d %s", request->parent,
                                          request->live_only, request->order_by);
        if (!service_check_collection(call, "holders") ||
            !read_order(call, request->order_by, &newest_first) ||
            !page_read(call, request->page_size, request->page_token, filter, &size, &start,
                       sizeof start, &first))
                return;
        const holder_record *record = read_holder(call, service_call_of(call)->name.id);
        if (!record) return;
        Card__ListCardsResponse response = CARD__LIST_CARDS_RESPONSE__INIT;
        int next = -1;
        fill(call, request, &record->holder, newest_first, size, start, &response, &next);
        if (next >= 0) {
                uint8_t state = (uint8_t)next;
                response.next_page_token = page_token(call, filter, &state, sizeof state);
        }
        rpc_reply(call, &response.base);
}
