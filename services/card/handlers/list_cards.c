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

/* A page: what is asked for, from where, and what was found. */
typedef struct page {
        const Card__ListCardsRequest *request;
        const card_holder *holder;
        bool newest_first;
        ulid last; /* of the page before */
        size_t size;
} page;

static bool is_behind(const page *p, ulid card)
{
        int order = memcmp(card.bytes, p->last.bytes, ULID_BYTES);
        return p->newest_first ? order < 0 : order > 0;
}

/* Cards of the record behind the last one, in order. */
static size_t list_recorded(const page *p, const card_record **cards)
{
        size_t count = 0, total = p->holder->card_count;
        for (size_t i = 0; i < total; i++) {
                const card_record *card = &p->holder->cards[p->newest_first ? total - 1 - i : i];
                if (is_listed(p->request, card) && is_behind(p, card->id)) cards[count++] = card;
        }
        return count;
}

/* Cards that have left a full record; they have ended. */
static bool list_archived(rpc_call *call, const page *p, card_record **cards, size_t *count)
{
        *count = 0;
        if (p->request->live_only || p->holder->card_count < CARD_CARDS_MAX) return true;
        const card_app *app = service_call_app(call);
        return card_store_list_archived(rpc_call_task(call), &app->store, p->holder->id, p->last,
                                        p->newest_first, (int64_t)p->size + 1, cards, count);
}

static Card__Card *message_of(rpc_call *call, const page *p, const card_record *card)
{
        const message_context c = message_context_of(call);
        bool is_recorded = card >= p->holder->cards && card < p->holder->cards + CARD_CARDS_MAX;
        if (is_recorded) return card_message(&c, p->holder, card);
        card_holder *alone = arena_zalloc(c.arena, sizeof *alone);
        alone->id = p->holder->id;
        alone->card_count = 1;
        alone->cards[0] = *card;
        return card_message(&c, alone, &alone->cards[0]);
}

/* Both lists as one; `*more`: there is another page. */
static bool fill(rpc_call *call, page *p, Card__ListCardsResponse *response, bool *more)
{
        const card_record *recorded[CARD_CARDS_MAX];
        card_record *archived = NULL;
        size_t recorded_count = list_recorded(p, recorded), archived_count = 0, r = 0, a = 0;
        if (!list_archived(call, p, &archived, &archived_count)) return false;
        response->cards = arena_alloc(rpc_call_arena(call), (recorded_count + archived_count + 1) *
                                                                    sizeof *response->cards);
        while (r < recorded_count || a < archived_count) {
                bool from_record = a == archived_count;
                if (r < recorded_count && a < archived_count) {
                        int order = memcmp(recorded[r]->id.bytes, archived[a].id.bytes, ULID_BYTES);
                        from_record = p->newest_first ? order > 0 : order < 0;
                }
                *more = response->n_cards == p->size;
                if (*more) break;
                const card_record *card = from_record ? recorded[r++] : &archived[a++];
                response->cards[response->n_cards++] = message_of(call, p, card);
                p->last = card->id;
        }
        return true;
}

void handle_list_cards(rpc_call *call, const ProtobufCMessage *message)
{
        page p = {.request = (const Card__ListCardsRequest *)message};
        bool first = true, more = false;
        int32_t size = 0;
        const char *filter = arena_format(rpc_call_arena(call), "%s %d %s", p.request->parent,
                                          p.request->live_only, p.request->order_by);
        if (!service_check_collection(call, "holders") ||
            !read_order(call, p.request->order_by, &p.newest_first) ||
            !page_read(call, p.request->page_size, p.request->page_token, filter, &size, &p.last,
                       sizeof p.last, &first))
                return;
        if (first) memset(p.last.bytes, p.newest_first ? 0xff : 0, ULID_BYTES);
        p.size = (size_t)size;
        const holder_record *record = read_holder(call, service_call_of(call)->name.id);
        if (!record) return;
        p.holder = &record->holder;
        Card__ListCardsResponse response = CARD__LIST_CARDS_RESPONSE__INIT;
        if (!fill(call, &p, &response, &more)) return;
        if (more) response.next_page_token = page_token(call, filter, &p.last, sizeof p.last);
        rpc_reply(call, &response.base);
}
