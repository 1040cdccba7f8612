/* What every engine shares: the way in, batches, and reading rows. Must never name an engine. */
#include "common/store/store.h"

#include "common/store/engine.h"

#include <string.h>

store *store_open(loop *l, const store_options *options, failure *f)
{
        const char *name = options->engine ? options->engine : "sqlite";
        const store_engine *engine = store_engine_find(name);
        if (!engine) {
                failure_set(f, FAILURE_INVALID_ARGUMENT, "STORE_ENGINE_UNKNOWN",
                            "There is no store engine \"%s\".", name);
                return NULL;
        }
        return engine->open(l, options, f);
}

void store_close(store *s)
{
        if (s) s->engine->close(s);
}

bool store_query_values(task *t, store *s, const store_statement *statement, store_rows *rows,
                        const store_value *values, size_t value_count)
{
        TASK_MAY_SUSPEND(t);
        assert(value_count == statement->parameter_count);
        if (!rows->arena) rows->arena = &t->arena;
        return s->engine->query(t, s, statement, rows, values, value_count);
}

bool store_list_values(task *t, store *s, const store_statement *statement, store_rows *rows,
                       const store_value *values, size_t value_count)
{
        TASK_MAY_SUSPEND(t);
        assert(value_count == statement->parameter_count);
        if (!rows->arena) rows->arena = &t->arena;
        return s->engine->list(t, s, statement, rows, values, value_count);
}

store_batch store_batch_begin(arena *a)
{
        return (store_batch){.arena = a};
}

store_batch_item *store_batch_add_values(store_batch *batch, const store_statement *statement,
                                         const store_value *values, size_t value_count)
{
        assert(batch->arena);
        assert(value_count == statement->parameter_count);
        store_batch_item *item = arena_zalloc(batch->arena, sizeof *item);
        item->statement = statement;
        item->values =
                (store_value *)arena_copy(batch->arena, values, value_count * sizeof *values);
        item->value_count = value_count;
        item->rows.arena = batch->arena;
        if (batch->last)
                batch->last->next = item;
        else
                batch->first = item;
        batch->last = item;
        batch->count++;
        return item;
}

store_outcome store_commit(task *t, store *s, store_batch *batch)
{
        TASK_MAY_SUSPEND(t);
        assert(batch->count > 0);
        return s->engine->commit(t, s, batch);
}

const char *store_outcome_name(store_outcome outcome)
{
        static const char *const names[] = {"NONE", "OK", "CONFLICT", "DUPLICATE", "UNAVAILABLE"};
        assert(outcome < ARRAY_LENGTH(names));
        return names[outcome];
}

bool store_prepare(store *s, const store_statement *statement, failure *f)
{
        return s->engine->prepare(s, statement, f);
}

store_counts store_count(const store *s)
{
        return s->engine->count(s);
}

int64_t store_row_integer(const store_value *row, size_t column)
{
        assert(row[column].type == STORE_INTEGER || row[column].type == STORE_NULL);
        return row[column].integer;
}

bytes store_row_blob(const store_value *row, size_t column)
{
        assert(row[column].type == STORE_BLOB || row[column].type == STORE_NULL);
        return row[column].bytes;
}

const char *store_row_text(const store_value *row, size_t column)
{
        assert(row[column].type == STORE_TEXT || row[column].type == STORE_NULL);
        return (const char *)row[column].bytes.data;
}

ulid store_row_ulid(const store_value *row, size_t column)
{
        ulid id = {{0}};
        if (row[column].type == STORE_NULL) return id;
        assert(row[column].type == STORE_BLOB);
        assert(row[column].bytes.length == ULID_BYTES);
        memcpy(id.bytes, row[column].bytes.data, ULID_BYTES);
        return id;
}
