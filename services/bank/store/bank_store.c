/* SQL of the bank service, and nobody else's. */
#include "services/bank/store/bank_store.h"

#include "services/bank/store/bank_statements.h"

bool bank_store_load(task *t, const bank_store *store, ulid holder, bank_loaded *loaded)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        loaded->version = 0;
        loaded->links.id = holder;
        loaded->links.link_count = 0;
        if (!store_query(t, store->store, &link_load, &rows, store_integer(ulid_part(holder)),
                         store_ulid(&holder)))
                return false;
        for (size_t i = 0; i < rows.row_count; i++) {
                const store_value *row = store_row(&rows, i);
                loaded->version = store_row_integer(row, 0);
                if (row[1].type == STORE_NULL) break; /* a holder without a link */
                if (loaded->links.link_count == BANK_LINKS_MAX)
                        return task_fail(t, FAILURE_DATA_LOSS, "RECORD_MALFORMED",
                                         "a holder has more links than can be");
                bank_link *link = &loaded->links.links[loaded->links.link_count++];
                if (!bank_link_unpack(store->keys.ring, &t->arena, store_row_blob(row, 2), link,
                                      &t->failure))
                        return false;
        }
        return true;
}

bool bank_store_find_by_card(task *t, const bank_store *store, ulid card, ulid *holder, bool *found)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, &link_find_holder, &rows, store_integer(ulid_part(card)),
                         store_ulid(&card)))
                return false;
        *found = rows.row_count > 0;
        if (*found) *holder = store_row_ulid(store_row(&rows, 0), 0);
        return true;
}

/* ---- changes ---- */

static int64_t closing_since(const bank_link *link)
{
        return link->state == BANK_CLOSURE_PENDING ? link->closure.opened_at_ms : 0;
}

static int64_t waiting_since(const bank_link *link)
{
        int64_t since = 0;
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++) {
                const bank_request *request = &link->requests[kind];
                if (!bank_request_is_open(request)) continue;
                if (since == 0 || request->asked_at_ms < since) since = request->asked_at_ms;
        }
        return since;
}

static void queue_link(store_batch *batch, uint8_t part, const change *c)
{
        const bank_row_change *after = c->after;
        const bank_link *link = after->link;
        store_value card = store_ulid(&link->card), holder = store_ulid(&after->holder);
        store_value record = store_blob(bank_link_pack(after->keys, batch->arena, link));
        store_value version = store_integer((int64_t)link->version);
        if (c->before) {
                store_batch_add(batch, &link_update, store_integer(part), holder, card,
                                store_integer(link->state), store_integer(closing_since(link)),
                                store_integer(waiting_since(link)), version, record);
                return;
        }
        store_batch_add(batch, &link_insert, store_integer(part), card, holder,
                        store_integer(link->state), store_integer(closing_since(link)),
                        store_integer(waiting_since(link)), version, record);
        store_batch_add(batch, &link_holder_insert, store_integer(part), card, holder);
}

static bytes pack_link(arena *a, const void *record)
{
        const bank_row_change *row = record;
        return bank_link_pack(row->keys, a, row->link);
}

const change_kind BANK_LINK_CHANGE_KIND = {
        .name = "bank_link", .queue = queue_link, .pack = pack_link};

void bank_store_queue_leaver(store_batch *batch, uint8_t part, ulid holder, ulid card)
{
        store_batch_add(batch, &link_leave, store_integer(part), store_ulid(&holder),
                        store_ulid(&card));
}

/* ---- ages ---- */

static bool read_ages(task *t, const bank_store *store, const store_statement *statement,
                      int64_t *count, int64_t *since_ms)
{
        store_rows rows = {0};
        if (!store_list(t, store->store, statement, &rows, store_integer(0))) return false;
        *count = store_row_integer(store_row(&rows, 0), 0);
        *since_ms = store_row_integer(store_row(&rows, 0), 1);
        return true;
}

bool bank_store_ages(task *t, const bank_store *store, bank_ages *ages)
{
        TASK_MAY_SUSPEND(t);
        return read_ages(t, store, &link_closing_ages, &ages->closing, &ages->closing_since_ms) &&
               read_ages(t, store, &link_waiting_ages, &ages->waiting, &ages->waiting_since_ms);
}
