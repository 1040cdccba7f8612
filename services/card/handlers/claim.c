/* Claims, and proofs of claims. Must never believe a claim whose card does not carry the number. */
#include "services/card/handlers/claim.h"

#include <string.h>

typedef struct claim_key {
        uint8_t part;
        digest hash;
} claim_key;

static claim_key key_of(task *t, const card_app *app, const char *kind, const char *text)
{
        const char *whole = arena_format(&t->arena, "%s:%s", kind, text);
        return (claim_key){service_part_of_text(app->instance, whole),
                           service_lookup_hash(app->instance, whole)};
}

/* Does that card's record carry it? */
static bool is_carried(task *t, const card_app *app, const char *kind, const char *text, ulid card,
                       ulid holder, bool *carried)
{
        card_loaded *loaded = arena_zalloc(&t->arena, sizeof *loaded);
        bool found = false;
        *carried = false;
        if (!card_store_load(t, &app->store, ulid_part(holder), holder, loaded, &found))
                return false;
        if (!found) return true;
        for (uint8_t i = 0; i < loaded->record.holder.card_count; i++) {
                const card_record *record = &loaded->record.holder.cards[i];
                const char *has = strcmp(kind, "chip") == 0 ? record->chip_id : record->number;
                if (ulid_equal(record->id, card)) *carried = strcmp(has, text) == 0;
        }
        return true;
}

bool card_claim_text(task *t, const card_app *app, const char *kind, const char *text, ulid card,
                     ulid holder, bool *granted)
{
        TASK_MAY_SUSPEND(t);
        claim_key key = key_of(t, app, kind, text);
        card_claim verdict;
        ulid owner = {0}, owner_holder = {0};
        int64_t at_ms = 0;
        if (!card_store_claim(t, &app->store, key.part, &key.hash, card, holder, &verdict, &owner,
                              &owner_holder, &at_ms))
                return false;
        *granted = verdict == CARD_CLAIM_GRANTED;
        if (*granted || clock_wall_ms(app->store.clock) - at_ms < CARD_CLAIM_LIFE_MS) return true;
        bool carried = false;
        if (!is_carried(t, app, kind, text, owner, owner_holder, &carried)) return false;
        if (carried) return true;
        return card_store_take_claim(t, &app->store, key.part, &key.hash, card, holder, owner,
                                     granted);
}

bool card_claim_number_and_chip(card_command *command)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        task *t = rpc_call_task(command->call);
        card_event *event = &command->event;
        if (service_call_of(command->call)->context.validate_only) return true;
        ulid holder = command->loaded.record.holder.id;
        bool granted = false;
        if (!card_claim_text(t, command->app, "number", event->number, event->card, holder,
                             &granted))
                return false;
        event->number_is_taken = !granted;
        if (!event->chip_id || event->number_is_taken) return true;
        if (!card_claim_text(t, command->app, "chip", event->chip_id, event->card, holder,
                             &granted))
                return false;
        event->chip_is_taken = !granted;
        return true;
}

bool card_find_by_number(task *t, const card_app *app, const char *number, ulid *card, ulid *holder,
                         bool *found)
{
        TASK_MAY_SUSPEND(t);
        claim_key key = key_of(t, app, "number", number);
        if (!card_store_find_claim(t, &app->store, key.part, &key.hash, card, holder, found))
                return false;
        if (!*found) return true;
        return is_carried(t, app, "number", number, *card, *holder, found);
}
