/* Takes over what happened to cards, one event at a time; effect and cursor are one transaction.
 * Must be harmless when the link is so already: a write may have come with it before. */
#include "services/bank/jobs/card_follower.h"

#include "common/service/record_service.h"
#include "services/bank/handlers/bank_change.h"
#include "services/bank/jobs/bank_write.h"
#include "services/card/record/holder_record.h"

#include <string.h>

static const char *const EVENTS[] = {"card.ready", "card.temp_lost", "card.lost", "card.cancelled",
                                     NULL};

static bool was_replaced(const card_record *card)
{
        return card->cancel_reason == CARD_CANCEL_REPLACED ||
               card->cancel_reason == CARD_CANCEL_REPLACED_AFTER_LOSS;
}

/* A replaced card whose successor carries the account of another bank. False: cannot be told now.
 */
static bool bank_changed(task *t, service_instance *instance, ulid holder, const card_record *card,
                         bool *changed)
{
        record_look look;
        *changed = false;
        if (!was_replaced(card)) return true;
        if (!record_of_peer(t, instance, "card", holder, &look) || look.finding != RECORD_FOUND)
                return false;
        holder_record *record = arena_zalloc(&t->arena, sizeof *record);
        if (!holder_record_unpack(NULL, &t->arena, look.packed, record, &t->failure)) return false;
        int successor = card_holder_find(&record->holder, card->superseded_by);
        *changed = successor >= 0 && strcmp(record->holder.cards[successor].bank, card->bank) != 0;
        return true;
}

static bool kind_of(task *t, service_instance *instance, const consumer_event *event,
                    const card_record *card, bank_event_kind *kind)
{
        bool changed = false;
        *kind = BANK_CARD_LOST;
        if (strcmp(event->type, "card.ready") == 0) *kind = BANK_LOAD;
        if (strcmp(event->type, "card.cancelled") != 0) return true;
        if (!bank_changed(t, instance, event->holder, card, &changed)) return false;
        *kind = changed ? BANK_CHANGE_BANK : BANK_CARD_CANCELLED;
        return true;
}

static consumer_verdict take_once(task *t, bank_app *app, const consumer_event *event,
                                  const card_record *card, bank_event_kind kind,
                                  const commit_consumes *consumes, bool *conflict)
{
        bank_loaded *loaded = arena_zalloc(&t->arena, sizeof *loaded);
        bank_verdict *verdict = arena_zalloc(&t->arena, sizeof *verdict);
        *conflict = false;
        if (!bank_store_load(t, &app->store, event->holder, loaded)) return CONSUMER_AGAIN;
        int64_t now_ms = clock_business_ms(loop_clock(t->loop));
        bank_ids ids = bank_ids_new(app, now_ms, ulid_part(event->holder));
        int index = bank_holder_find(&loaded->links, card->id);
        bank_rules_follow(index < 0 ? NULL : &loaded->links.links[index], card, kind, &ids, now_ms,
                          verdict);
        if (!verdict->changed) return CONSUMER_NOTHING;
        bank_write write = {.app = app,
                            .holder = event->holder,
                            .loaded = loaded,
                            .verdict = verdict,
                            .method = "feed",
                            .request_id = arena_format(&t->arena, "feed/%s/%lld", event->name,
                                                       (long long)event->version),
                            .consumes = consumes};
        switch (bank_write_commit(t, &write)) {
        case COMMIT_COMMITTED:
                return CONSUMER_DONE;
        case COMMIT_CONFLICT:
                *conflict = true;
                return CONSUMER_AGAIN;
        default:
                return CONSUMER_AGAIN;
        }
}

static consumer_verdict take(task *t, service_instance *instance, const consumer_event *event,
                             const commit_consumes *consumes)
{
        TASK_MAY_SUSPEND(t);
        if (event->after.length == 0 || strcmp(event->kind, "card") != 0) return CONSUMER_NOTHING;
        if (ulid_is_zero(event->holder)) return CONSUMER_NOTHING;
        card_record *card = arena_zalloc(&t->arena, sizeof *card);
        bank_event_kind kind;
        if (!card_record_unpack(NULL, &t->arena, event->after, card, &t->failure))
                return CONSUMER_AGAIN;
        if (!kind_of(t, instance, event, card, &kind)) return CONSUMER_AGAIN;
        consumer_verdict verdict = CONSUMER_AGAIN;
        bool conflict = true;
        for (int attempt = 1; conflict && attempt <= COMMIT_TRIES_MAX; attempt++)
                verdict = take_once(t, instance->app, event, card, kind, consumes, &conflict);
        return verdict;
}

const service_consumer BANK_CONSUMERS[1] = {{.source = "card", .events = EVENTS, .take = take}};
