/* ListExpiringCards: the cards of the region that end in a span of days, the earliest first (R32).
 */
#include "common/service/page.h"
#include "services/card/handlers/card_app.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/card_message.h"
#include "services/card/handlers/evidence.h"
#include "services/card/rules/card_settle.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

typedef struct page_state {
        int32_t after_days;
        uint8_t after_card[ULID_BYTES];
} page_state;

typedef struct span {
        civil_date from, until;
} span;

static bool read_span(rpc_call *call, const Card__ListExpiringCardsRequest *request, span *s)
{
        civil_date today = civil_date_at(service_call_of(call)->now_ms);
        if (!date_read(call, "expires_from", request->expires_from, &s->from) ||
            !date_read(call, "expires_to", request->expires_to, &s->until))
                return false;
        if (civil_date_is_zero(s->from)) s->from = today;
        if (civil_date_is_zero(s->until)) s->until = civil_date_add_days(today, CARD_RENEWAL_DAYS);
        if (civil_date_compare(s->from, s->until) <= 0) return true;
        rpc_reply_invalid(call, "expires_to", "DATE_IMPOSSIBLE", NULL,
                          "expires_to must not be before expires_from");
        return false;
}

static const char *filter_of(rpc_call *call, const Card__ListExpiringCardsRequest *request,
                             const span *s)
{
        char from[11], until[11];
        civil_date_format(s->from, from);
        civil_date_format(s->until, until);
        return arena_format(rpc_call_arena(call), "%s %s %s", request->parent, from, until);
}

static Card__Card *message_of(rpc_call *call, const card_expiring *row)
{
        const message_context c = message_context_of(call);
        card_holder *holder = arena_zalloc(c.arena, sizeof *holder);
        holder->id = row->holder;
        holder->card_count = 1;
        holder->cards[0] = row->card;
        card_settle(holder, c.now_ms);
        return card_message(&c, holder, &holder->cards[0]);
}

void handle_list_expiring_cards(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ListExpiringCardsRequest *request =
                (const Card__ListExpiringCardsRequest *)message;
        card_app *app = service_call_app(call);
        span s;
        page_state state = {0};
        int32_t size = 0;
        bool first = true;
        if (!service_check_collection(call, "") || !read_span(call, request, &s)) return;
        const char *filter = filter_of(call, request, &s);
        if (!page_read(call, request->page_size, request->page_token, filter, &size, &state,
                       sizeof state, &first))
                return;
        if (first) state.after_days = civil_date_to_days(s.from) - 1;
        ulid after;
        memcpy(after.bytes, first ? (uint8_t[ULID_BYTES]){0} : state.after_card, ULID_BYTES);
        card_expiring *rows = NULL;
        size_t count = 0;
        if (!card_store_list_expiring(rpc_call_task(call), &app->store, s.until,
                                      civil_date_from_days(state.after_days), after, size + 1,
                                      &rows, &count))
                return;
        Card__ListExpiringCardsResponse response = CARD__LIST_EXPIRING_CARDS_RESPONSE__INIT;
        response.cards = arena_alloc(rpc_call_arena(call), (count + 1) * sizeof *response.cards);
        for (size_t i = 0; i < count && i < (size_t)size; i++)
                response.cards[response.n_cards++] = message_of(call, &rows[i]);
        if (count > (size_t)size) {
                const card_record *last = &rows[size - 1].card;
                state.after_days = civil_date_to_days(last->expires_on);
                memcpy(state.after_card, last->id.bytes, ULID_BYTES);
                response.next_page_token = page_token(call, filter, &state, sizeof state);
        }
        rpc_reply(call, &response.base);
}
