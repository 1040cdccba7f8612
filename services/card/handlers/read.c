/* The common part of reads. Must never answer what time has already changed: every record is
 * settled to the call's time. */
#include "services/card/handlers/read.h"

#include "services/card/handlers/command.h"
#include "services/card/rules/card_settle.h"

/* Settled; whether the caller may see it is not asked yet. `card`: one that must be there, even if
 * it has left the record; NULL: none. NULL: answered or failed. */
static const holder_record *load(rpc_call *call, ulid holder, const ulid *card)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        card_app *app = service_call_app(call);
        card_loaded *loaded = arena_zalloc(rpc_call_arena(call), sizeof *loaded);
        bool found = false;
        task *t = rpc_call_task(call);
        if (!(card ? card_store_load_with(t, &app->store, holder, *card, loaded, &found)
                   : card_store_load(t, &app->store, ulid_part(holder), holder, loaded, &found)))
                return NULL;
        if (!found) {
                card_answer_not_found(call);
                return NULL;
        }
        service_call_saw(call, ulid_part(holder), holder);
        card_settle(&loaded->record.holder, service_call_of(call)->now_ms);
        return &loaded->record;
}

static bool may_see(rpc_call *call, const holder_record *record, const char *bank)
{
        bytes hash = bytes_of(record->person.identity_hash.bytes, DIGEST_BYTES);
        return service_check_access(call, hash, bank);
}

const holder_record *read_holder(rpc_call *call, ulid holder)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const holder_record *record = load(call, holder, NULL);
        return record && may_see(call, record, NULL) ? record : NULL;
}

const holder_record *read_holder_of_card(rpc_call *call, ulid card, int *index)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        card_app *app = service_call_app(call);
        ulid holder;
        bool found = false;
        if (!card_store_find_by_card(rpc_call_task(call), &app->store, card, &holder, &found))
                return NULL;
        if (!found) {
                card_answer_not_found(call);
                return NULL;
        }
        const holder_record *record = load(call, holder, &card);
        if (!record) return NULL;
        *index = card_holder_find(&record->holder, card);
        assert(*index >= 0);
        return may_see(call, record, record->holder.cards[*index].bank) ? record : NULL;
}
