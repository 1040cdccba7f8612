/* Turns what the rules decided into what commit writes. Must never change it. */
#include "services/card/handlers/card_changes.h"

#include "common/federation/resource_name.h"
#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_settle.h"

typedef struct writer {
        change_set *changes;
        const record_keys *keys;
        const char *region;
        ulid holder;
} writer;

static void add_timers(const card_change *item, change_set *changes)
{
        card_timer before[CARD_TIMERS_MAX], after[CARD_TIMERS_MAX];
        size_t had = item->before.state ? card_timers_of(&item->before, before) : 0;
        size_t has = card_timers_of(&item->after, after);
        for (size_t i = 0; i < had; i++)
                change_set_clear_timer(changes,
                                       &(change_timer){item->after.id,
                                                       card_timer_kind_name(before[i].kind),
                                                       before[i].due_ms});
        for (size_t i = 0; i < has; i++)
                change_set_set_timer(changes, &(change_timer){item->after.id,
                                                              card_timer_kind_name(after[i].kind),
                                                              after[i].due_ms});
}

static const card_row_change *row_of(const writer *w, const card_record *card)
{
        arena *a = w->changes->arena;
        card_row_change *row = arena_alloc(a, sizeof *row);
        *row = (card_row_change){.keys = w->keys, .holder = w->holder, .card = card};
        return row;
}

static void add_card(const writer *w, const card_change *item)
{
        change_set *changes = w->changes;
        arena *a = changes->arena;
        change c = {.kind = &CARD_CHANGE_KIND,
                    .name = resource_name_format(a, w->region, "cards", item->after.id),
                    .id = item->after.id,
                    .version = (int64_t)item->after.version,
                    .event = item->event,
                    .before = item->before.state ? row_of(w, &item->before) : NULL,
                    .after = row_of(w, &item->after)};
        if (item->timer) {
                change_timer *timer = arena_alloc(a, sizeof *timer);
                *timer = (change_timer){item->after.id, card_timer_kind_name(item->timer),
                                        item->at_ms};
                c.settles = timer;
        }
        assert(!card_change_broken(item));
        change_set_add(changes, &c);
        add_timers(item, changes);
}

void card_changes_add(change_set *changes, const record_keys *keys, const char *region, ulid holder,
                      const card_changes *list)
{
        writer w = {changes, keys, region, holder};
        for (uint8_t i = 0; i < list->count; i++)
                add_card(&w, &list->items[i]);
}

void card_leavers_queue(store_batch *batch, void *argument)
{
        const card_verdict *verdict = argument;
        card_store_archive(batch, &verdict->after.id, verdict->leavers, verdict->leaver_count);
}
