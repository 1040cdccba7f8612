/* Reads and changes which Redis process is trusted. Must never answer from a snapshot that is older
 * than the question: a writer decides by it whether an old record may still be believed. */
#include "common/service/trust_store.h"

#include "common/service/trust_statements.h"

#include <string.h>

static bool trust_read(cache_trust_store *base, task *t, const char *instance, cache_trust_row *row)
{
        TASK_MAY_SUSPEND(t);
        trust_store *trust = (trust_store *)base;
        store_rows rows = {0};
        if (!store_query(t, trust->store, &trust_load, &rows, store_text(instance))) return false;
        *row = (cache_trust_row){0};
        if (rows.row_count == 0) return true;
        const store_value *read = store_row(&rows, 0);
        row->exists = true;
        row->epoch = (uint64_t)store_row_integer(read, 0);
        row->trusted = store_row_integer(read, 1) != 0;
        strncpy(row->run_id, store_row_text(read, 2), sizeof row->run_id - 1);
        return true;
}

static bool trust_change(cache_trust_store *base, task *t, const char *instance, uint64_t old_epoch,
                         const cache_trust_row *row, bool *changed)
{
        TASK_MAY_SUSPEND(t);
        trust_store *trust = (trust_store *)base;
        store_batch batch = store_batch_begin(&t->arena);
        const store_value values[] = {store_text(instance), store_integer((int64_t)row->epoch),
                                      store_integer(row->trusted), store_text(row->run_id),
                                      store_integer((int64_t)old_epoch)};
        store_batch_item *item = old_epoch == 0
                                         ? store_batch_add_values(&batch, &trust_insert, values, 4)
                                         : store_batch_add_values(&batch, &trust_update, values, 5);
        item->expect = STORE_EXPECT_ONE;
        switch (store_commit(t, trust->store, &batch)) {
        case STORE_OK:
                *changed = true;
                return true;
        case STORE_CONFLICT:
        case STORE_DUPLICATE:
                *changed = false;
                return true;
        case STORE_UNAVAILABLE:
                break;
        }
        return task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                         "the trust in the cache could not be written");
}

void trust_store_init(trust_store *trust, store *s)
{
        static const cache_trust_functions functions = {.read = trust_read, .change = trust_change};
        trust->base.functions = &functions;
        trust->store = s;
}
