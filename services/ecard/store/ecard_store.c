/* SQL of the electronic card, and nobody else's. */
#include "services/ecard/store/ecard_store.h"

#include "services/ecard/store/ecard_statements.h"

bool ecard_store_load(task *t, const ecard_store *store, ulid holder, bool with_secrets,
                      ecard_loaded *loaded)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, &ecard_load, &rows, store_integer(ulid_part(holder)),
                         store_ulid(&holder)))
                return false;
        loaded->is_new = rows.row_count == 0;
        loaded->version = 0;
        if (loaded->is_new) {
                loaded->row = (ecard_row){.ecard = {.holder = holder, .level = ECARD_NONE},
                                          .password_hash = "",
                                          .photo = ""};
                return true;
        }
        const store_value *row = store_row(&rows, 0);
        loaded->version = store_row_integer(row, 0);
        const keyring *ring = with_secrets ? store->keys.ring : NULL;
        return ecard_row_unpack(ring, &t->arena, store_row_blob(row, 1), &loaded->row, &t->failure);
}

/* ---- family ---- */

bool ecard_store_claim_family(task *t, const ecard_store *store, ulid delegate, ulid ward,
                              ecard_relation relation)
{
        TASK_MAY_SUSPEND(t);
        store_batch batch = store_batch_begin(&t->arena);
        store_batch_add(&batch, &family_claim, store_integer(ulid_part(delegate)),
                        store_ulid(&delegate), store_ulid(&ward), store_integer(relation),
                        store_integer(clock_wall_ms(store->clock)));
        if (store_commit(t, store->store, &batch) == STORE_OK) return true;
        return task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                         "the family could not be written");
}

bool ecard_store_count_family(task *t, const ecard_store *store, ulid delegate, ulid ward,
                              ecard_relation relation, int64_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, &family_of, &rows, store_integer(ulid_part(delegate)),
                         store_ulid(&delegate), store_integer(relation)))
                return false;
        int64_t young_from = clock_wall_ms(store->clock) - FAMILY_CLAIM_LIFE_MS;
        ecard_loaded *each = arena_alloc(&t->arena, sizeof *each);
        *count = 0;
        for (size_t i = 0; i < rows.row_count; i++) {
                const store_value *row = store_row(&rows, i);
                ulid other = store_row_ulid(row, 0);
                if (ulid_equal(other, ward)) continue;
                if (!ecard_store_load(t, store, other, false, each)) return false;
                bool counts = ecard_is_issued(&each->row.ecard) &&
                              ulid_equal(each->row.ecard.delegate, delegate);
                if (counts || store_row_integer(row, 1) > young_from) ++*count;
        }
        return true;
}

/* ---- changes ---- */

static void queue_ecard(store_batch *batch, uint8_t part, const change *c)
{
        const ecard_row_change *after = c->after;
        const ecard_row *row = after->row;
        assert(row->ecard.version > 0);
        assert(row->ecard.password.epoch > 0);
        assert(*row->password_hash || row->ecard.level == ECARD_CLOSED);
        store_batch_add(batch, c->before ? &ecard_update : &ecard_insert, store_integer(part),
                        store_ulid(&row->ecard.holder), store_integer((int64_t)row->ecard.version),
                        store_blob(ecard_row_pack(after->keys, batch->arena, row)));
}

static bytes pack_ecard(arena *a, const void *record)
{
        const ecard_row_change *c = record;
        return ecard_row_pack(NULL, a, c->row);
}

const change_kind ECARD_CHANGE_KIND = {.name = "ecard", .queue = queue_ecard, .pack = pack_ecard};
