/* SQL of the status service, and nobody else's. */
#include "services/status/store/status_store.h"

#include "services/status/store/status_statements.h"

bool status_store_load(task *t, const status_store *store, uint8_t part, ulid notice,
                       status_loaded *loaded, bool *found)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_query(t, store->store, &notice_find, &rows, store_integer(part),
                         store_ulid(&notice)))
                return false;
        *found = rows.row_count > 0;
        if (!*found) return true;
        const store_value *row = store_row(&rows, 0);
        loaded->holder = store_row_ulid(row, 0);
        loaded->holder_version = store_row_integer(row, 2);
        return notice_record_unpack(store->keys.ring, &t->arena, store_row_blob(row, 1),
                                    &loaded->notice, &t->failure);
}

bool status_store_list(task *t, const status_store *store, uint8_t part, ulid holder, int64_t limit,
                       notice_record **notices, size_t *count)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        if (!store_list(t, store->store, &notice_list, &rows, store_integer(part),
                        store_ulid(&holder), store_integer(limit)))
                return false;
        *count = rows.row_count;
        *notices = arena_alloc(&t->arena, (rows.row_count + 1) * sizeof **notices);
        for (size_t i = 0; i < rows.row_count; i++)
                if (!notice_record_unpack(store->keys.ring, &t->arena,
                                          store_row_blob(store_row(&rows, i), 0), &(*notices)[i],
                                          &t->failure))
                        return false;
        return true;
}

static void queue_notice(store_batch *batch, uint8_t part, const change *c)
{
        const status_notice_change *after = c->after;
        const notice_record *notice = after->notice;
        store_batch_add(batch, c->before ? &notice_update : &notice_insert, store_integer(part),
                        store_ulid(&after->holder), store_ulid(&notice->id),
                        store_integer(notice->version),
                        store_blob(notice_record_pack(after->keys, batch->arena, notice)));
}

static bytes pack_notice(arena *a, const void *record)
{
        const status_notice_change *c = record;
        return notice_record_pack(c->keys, a, c->notice);
}

const change_kind STATUS_NOTICE_KIND = {
        .name = "notice", .queue = queue_notice, .pack = pack_notice};
