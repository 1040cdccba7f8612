/* Turns what the rules decided into what commit writes. Must never change it. */
#include "services/bank/handlers/bank_change.h"

#include "common/federation/resource_name.h"
#include "services/card/rules/card_holder.h"

const char *bank_link_name(arena *a, const char *region, ulid card)
{
        return arena_format(a, "%s/bankLink", resource_name_format(a, region, "cards", card));
}

bool bank_links_after(const bank_holder *before, const bank_link *after, bank_write_links *write)
{
        write->links = *before;
        write->part = ulid_part(before->id);
        write->holder = before->id;
        return bank_holder_put(&write->links, after, &write->leaver);
}

void bank_queue_leaver(store_batch *batch, void *argument)
{
        const bank_write_links *write = argument;
        if (ulid_is_zero(write->leaver)) return;
        bank_store_queue_leaver(batch, write->part, write->holder, write->leaver);
}

static void add_timers(change_set *changes, const bank_link *before, const bank_link *after)
{
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++) {
                const char *name = bank_request_kind_name((bank_request_kind)kind);
                int64_t was = before->requests[kind].next_at_ms;
                int64_t is = after->requests[kind].next_at_ms;
                if (was == is) continue;
                if (was > 0)
                        change_set_clear_timer(changes, &(change_timer){after->card, name, was});
                if (is > 0) change_set_set_timer(changes, &(change_timer){after->card, name, is});
        }
}

static const bank_row_change *row_of(const bank_app *app, arena *a, ulid holder,
                                     const bank_link *link)
{
        bank_row_change *row = arena_alloc(a, sizeof *row);
        *row = (bank_row_change){.keys = &app->store.keys, .holder = holder, .link = link};
        return row;
}

void bank_change_add(change_set *changes, const bank_app *app, ulid holder,
                     const bank_verdict *verdict)
{
        arena *a = changes->arena;
        const bank_link *before = &verdict->before, *after = &verdict->after;
        assert(verdict->changed && verdict->event);
        change c = {.kind = &BANK_LINK_CHANGE_KIND,
                    .name = bank_link_name(a, app->instance->directory.region, after->card),
                    .id = after->card,
                    .version = (int64_t)after->version,
                    .event = verdict->event,
                    .before = before->version > 0 ? row_of(app, a, holder, before) : NULL,
                    .after = row_of(app, a, holder, after)};
        change_set_add(changes, &c);
        add_timers(changes, before, after);
}

bank_ids bank_ids_new(const bank_app *app, int64_t now_ms, uint8_t part)
{
        bank_ids ids;
        for (int i = 0; i < BANK_REQUEST_KIND_COUNT; i++)
                ids.of[i] = ulid_new(now_ms, app->store.keys.random, part);
        return ids;
}

void bank_recall_card(card_holder *cards, const bank_link *link)
{
        if (card_holder_find(cards, link->card) >= 0) return;
        card_record left = bank_card_that_left(link);
        if (!card_holder_recall(cards, &left))
                return; /* all of it is in use: nobody asks of this */
}
