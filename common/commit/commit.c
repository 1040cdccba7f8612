/* Fence, one batch, publish. Must never answer COMMITTED before publish() has said that no reader
 * can see an older record. */
#include "common/commit/commit.h"

#include "common/commit/commit_statements.h"
#include "common/commit/engine.h"
#include "common/commit/journal_write.h"
#include "common/commit/timer.h"

#include <string.h>

static void queue_holder(store_batch *batch, const commit_request *request, bytes op)
{
        if (request->holder_is_new) {
                assert(request->holder_version == 0);
                store_batch_add(batch, &holder_create, store_integer(request->part),
                                store_ulid(&request->holder), store_blob(op));
        }
        store_batch_add(batch, &holder_advance, store_blob(op), store_integer(request->part),
                        store_ulid(&request->holder), store_integer(request->holder_version));
}

/* A settlement is the timer's own request: twice is once. The job that fires the timer brings that
 * very key with it. */
static void queue_settlement(store_batch *batch, commit_engine *engine,
                             const commit_request *request, const change *c)
{
        char *request_id = timer_request_id(batch->arena, c->settles);
        store_batch_add(batch, &timer_clear, store_integer(request->part),
                        store_integer(c->settles->due), store_ulid(&c->settles->key),
                        store_text(c->settles->kind));
        if (request->key && strcmp(request->key->request_id, request_id) == 0) return;
        idempotency_key *key = arena_zalloc(batch->arena, sizeof *key);
        *key = (idempotency_key){.part = request->part,
                                 .caller = TIMER_CALLER,
                                 .method = TIMER_METHOD,
                                 .request_id = request_id};
        idempotency_queue(batch, engine, key, &request->holder, &(commit_answer){0}, false);
}

static void queue_timers(store_batch *batch, const commit_request *request)
{
        for (const change_set_timer *each = request->changes->timers; each; each = each->next)
                store_batch_add(batch, each->set ? &timer_set : &timer_clear,
                                store_integer(request->part), store_integer(each->timer.due),
                                store_ulid(&each->timer.key), store_text(each->timer.kind));
}

static commit_origin origin_of(arena *a, const commit_request *request, const change *c)
{
        if (!c->settles) return *request->origin;
        return (commit_origin){.caller = TIMER_CALLER,
                               .caller_role = "SYSTEM",
                               .actor_role = "SYSTEM",
                               .channel = "SYSTEM",
                               .method = TIMER_METHOD,
                               .request_id = timer_request_id(a, c->settles),
                               .pack_version = request->origin->pack_version};
}

static void queue_journal(store_batch *batch, commit_engine *engine, const commit_request *request,
                          bytes op)
{
        journal_guard guard = {.part = request->part,
                               .holder = &request->holder,
                               .new_version = request->holder_version + 1,
                               .op = op};
        int64_t at = clock_business_ms(loop_clock(engine->loop));
        for (const change *c = request->changes->first; c; c = c->next) {
                commit_origin origin = origin_of(batch->arena, request, c);
                journal_queue(batch, engine, &guard, c, &origin, at, c == request->changes->first);
        }
        store_batch_add(batch, &holder_journaled, store_integer(request->part),
                        store_ulid(&request->holder));
}

static void queue_consumes(store_batch *batch, const commit_consumes *consumes, bytes op)
{
        assert(consumes->new_seq > consumes->old_seq);
        store_value part = store_integer(consumes->part), source = store_text(consumes->source);
        if (consumes->old_seq == 0)
                store_batch_add(batch, &feed_cursor_create, part, source, store_blob(op));
        store_batch_add(batch, &feed_cursor_advance, store_integer(consumes->new_seq),
                        store_blob(op), part, source, store_integer(consumes->old_seq));
        store_batch_add(batch, &feed_cursor_guard, part, source, store_blob(op));
}

/* The order is that of the locks; rows that leave a state come before rows that enter it. */
static store_batch queue_all(task *t, commit_engine *engine, const commit_request *request)
{
        store_batch batch = store_batch_begin(&t->arena);
        uint8_t *random = arena_alloc(&t->arena, JOURNAL_OP_BYTES);
        random_fill(loop_random(engine->loop), random, JOURNAL_OP_BYTES);
        bytes op = bytes_of(random, JOURNAL_OP_BYTES);

        if (request->key)
                idempotency_queue(&batch, engine, request->key, &request->holder, &request->answer,
                                  request->case_is_open);
        queue_holder(&batch, request, op);
        for (const change *c = request->changes->first; c; c = c->next) {
                if (c->settles) queue_settlement(&batch, engine, request, c);
                c->kind->queue(&batch, request->part, c);
        }
        queue_timers(&batch, request);
        if (request->queue_more) request->queue_more(&batch, request->argument);
        queue_journal(&batch, engine, request, op);
        if (request->consumes) queue_consumes(&batch, request->consumes, op);
        return batch;
}

static void tell_listeners(commit_engine *engine, const commit_request *request)
{
        for (commit_listener *each = engine->listeners, *next; each; each = next) {
                next = each->next;
                each->committed(each, request->part, request->changes);
        }
}

/* Our key stands already: somebody's first answer, or a settlement that another write made. */
static commit_outcome outcome_of_duplicate(task *t, commit_engine *engine,
                                           const commit_request *request, commit_answer *first)
{
        if (!request->key) return COMMIT_CONFLICT;
        idempotency_found found;
        if (!idempotency_find(t, engine, request->key, &found)) return COMMIT_UNAVAILABLE;
        if (found.state != IDEMPOTENCY_DONE) return COMMIT_CONFLICT;
        if (memcmp(found.request_hash.bytes, request->key->request_hash, DIGEST_BYTES) != 0)
                return COMMIT_REQUEST_ID_REUSED;
        if (!commit_publish_again(t, engine, request->part, &found.holder))
                return COMMIT_UNAVAILABLE;
        *first = found.answer;
        return COMMIT_REPEATED;
}

static bool publish(task *t, commit_engine *engine, const commit_request *request,
                    const commit_fence *fence)
{
        if (!engine->cache) return true;
        return engine->cache->functions->publish(engine->cache, t, request->part, &request->holder,
                                                 request->holder_version + 1, request->record,
                                                 fence);
}

commit_outcome commit_apply(task *t, commit_engine *engine, const commit_request *request,
                            commit_answer *first)
{
        TASK_MAY_SUSPEND(t);
        assert(request->changes->count > 0 && request->origin);
        assert(request->holder_version >= 0);
        assert(!request->key || request->key->part == request->part);
        assert(!ulid_is_zero(request->holder));
        change_set_sort((change_set *)request->changes);
        if (request->validate_only) return COMMIT_PREVIEWED;

        commit_fence fence = {0};
        if (engine->cache)
                engine->cache->functions->fence(engine->cache, t, request->part, &request->holder,
                                                request->holder_version, &fence);

        store_batch batch = queue_all(t, engine, request);
        switch (store_commit(t, engine->store, &batch)) {
        case STORE_OK:
                tell_listeners(engine, request);
                return publish(t, engine, request, &fence) ? COMMIT_COMMITTED : COMMIT_UNAVAILABLE;
        case STORE_CONFLICT:
                return COMMIT_CONFLICT;
        case STORE_DUPLICATE:
                return outcome_of_duplicate(t, engine, request, first);
        case STORE_UNAVAILABLE:
                break;
        }
        return COMMIT_UNAVAILABLE;
}

commit_outcome commit_keep_answer(task *t, commit_engine *engine, const idempotency_key *key,
                                  const ulid *holder, const commit_answer *answer,
                                  commit_answer *first)
{
        TASK_MAY_SUSPEND(t);
        store_batch batch = store_batch_begin(&t->arena);
        idempotency_queue(&batch, engine, key, holder, answer, false);
        commit_request request = {.part = key->part, .holder = *holder, .key = key};
        switch (store_commit(t, engine->store, &batch)) {
        case STORE_OK:
                return COMMIT_COMMITTED;
        case STORE_CONFLICT:
        case STORE_DUPLICATE:
                return outcome_of_duplicate(t, engine, &request, first);
        case STORE_UNAVAILABLE:
                break;
        }
        task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE", "the answer could not be kept");
        return COMMIT_UNAVAILABLE;
}

bool commit_consumed(task *t, commit_engine *engine, const char *source, int64_t seq[256])
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        memset(seq, 0, 256 * sizeof *seq);
        if (!store_list(t, engine->store, &feed_cursor_list, &rows, store_text(source)))
                return false;
        for (size_t i = 0; i < rows.row_count; i++) {
                const store_value *row = store_row(&rows, i);
                seq[(uint8_t)store_row_integer(row, 0)] = store_row_integer(row, 1);
        }
        return true;
}

commit_outcome commit_consume_nothing(task *t, commit_engine *engine,
                                      const commit_consumes *consumes)
{
        TASK_MAY_SUSPEND(t);
        store_batch batch = store_batch_begin(&t->arena);
        uint8_t *random = arena_alloc(&t->arena, JOURNAL_OP_BYTES);
        random_fill(loop_random(engine->loop), random, JOURNAL_OP_BYTES);
        queue_consumes(&batch, consumes, bytes_of(random, JOURNAL_OP_BYTES));
        switch (store_commit(t, engine->store, &batch)) {
        case STORE_OK:
                return COMMIT_COMMITTED;
        case STORE_UNAVAILABLE:
                return COMMIT_UNAVAILABLE;
        default:
                return COMMIT_CONFLICT;
        }
}

const char *commit_outcome_name(commit_outcome outcome)
{
        static const char *const names[] = {"NONE",       "COMMITTED", "PREVIEWED",
                                            "CONFLICT",   "REPEATED",  "REQUEST_ID_REUSED",
                                            "UNAVAILABLE"};
        assert(outcome < ARRAY_LENGTH(names));
        return names[outcome];
}

bool commit_publish_again(task *t, commit_engine *engine, uint8_t part, const ulid *holder)
{
        TASK_MAY_SUSPEND(t);
        if (!engine->cache) return true;
        bool found = false;
        int64_t version = 0;
        bytes record = {0};
        if (!engine->load_record(engine->service, t, part, holder, &found, &version, &record))
                return false;
        if (!found) return true;
        return engine->cache->functions->publish(engine->cache, t, part, holder, version, record,
                                                 NULL);
}

bool commit_load_holder_version(task *t, commit_engine *engine, uint8_t part, const ulid *holder,
                                bool *found, int64_t *version)
{
        TASK_MAY_SUSPEND(t);
        store_rows rows = {0};
        *found = false;
        *version = 0;
        if (!store_query(t, engine->store, &holder_version, &rows, store_integer(part),
                         store_ulid(holder)))
                return false;
        if (rows.row_count == 0) return true;
        *found = true;
        *version = store_row_integer(store_row(&rows, 0), 0);
        return true;
}
