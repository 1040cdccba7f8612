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
        if (!card_store_load_with(t, &app->store, holder, card, loaded, &found)) return false;
        if (!found) return true;
        for (uint8_t i = 0; i < loaded->record.holder.card_count; i++) {
                const card_record *record = &loaded->record.holder.cards[i];
                const char *has = strcmp(kind, "chip") == 0 ? record->chip_id : record->number;
                if (ulid_equal(record->id, card)) *carried = strcmp(has, text) == 0;
        }
        return true;
}

/* Who has it; made ours if nobody has, or, when only looking, as if. */
typedef struct claim_owner {
        ulid card, holder;
        int64_t at_ms;
        bool is_ours;
} claim_owner;

static bool look(task *t, const card_app *app, const claim_key *key, ulid card, claim_owner *owner)
{
        bool found = false;
        if (!card_store_find_claim(t, &app->store, key->part, &key->hash, &owner->card,
                                   &owner->holder, &owner->at_ms, &found))
                return false;
        owner->is_ours = !found || ulid_equal(owner->card, card);
        return true;
}

static bool take(task *t, const card_app *app, const claim_key *key, ulid card, ulid holder,
                 claim_owner *owner)
{
        card_claim verdict;
        if (!card_store_claim(t, &app->store, key->part, &key->hash, card, holder, &verdict,
                              &owner->card, &owner->holder, &owner->at_ms))
                return false;
        owner->is_ours = verdict == CARD_CLAIM_GRANTED;
        return true;
}

bool card_claim_text(const card_command *command, const char *kind, const char *text, ulid card,
                     ulid holder, bool *granted)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        const card_app *app = command->app;
        bool only_looks = service_call_of(command->call)->context.validate_only;
        claim_key key = key_of(t, app, kind, text);
        claim_owner owner = {0};
        if (only_looks ? !look(t, app, &key, card, &owner)
                       : !take(t, app, &key, card, holder, &owner))
                return false;
        *granted = owner.is_ours;
        if (*granted || clock_wall_ms(app->store.clock) - owner.at_ms < CARD_CLAIM_LIFE_MS)
                return true;
        bool carried = false;
        if (!is_carried(t, app, kind, text, owner.card, owner.holder, &carried)) return false;
        *granted = !carried;
        if (carried || only_looks) return true;
        return card_store_take_claim(t, &app->store, key.part, &key.hash, card, holder, owner.card,
                                     granted);
}

bool card_claim_number_and_chip(card_command *command)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        card_event *event = &command->event;
        ulid holder = command->loaded.record.holder.id;
        bool granted = false;
        if (!card_claim_text(command, "number", event->number, event->card, holder, &granted))
                return false;
        event->number_is_taken = !granted;
        if (!event->chip_id || event->number_is_taken) return true;
        if (!card_claim_text(command, "chip", event->chip_id, event->card, holder, &granted))
                return false;
        event->chip_is_taken = !granted;
        return true;
}

bool card_find_by_number(task *t, const card_app *app, const char *number, ulid *card, ulid *holder,
                         bool *found)
{
        TASK_MAY_SUSPEND(t);
        claim_key key = key_of(t, app, "number", number);
        int64_t claimed_at_ms;
        if (!card_store_find_claim(t, &app->store, key.part, &key.hash, card, holder,
                                   &claimed_at_ms, found))
                return false;
        if (!*found) return true;
        return is_carried(t, app, "number", number, *card, *holder, found);
}
