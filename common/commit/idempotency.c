/* The idempotency key's life: live attempts of this process, first answers in the store.
 * Must never let two attempts with one key run side by side in a process: the second would see the
 * first one's change and be refused by the rules, where it should get the first one's answer. */
#include "common/commit/idempotency.h"

#include "common/commit/commit_statements.h"
#include "common/commit/engine.h"

#include <string.h>
#include <utlist.h>

typedef struct idempotency_waiter {
        task *t;
        idempotency_attempt *attempt;
        struct idempotency_waiter *prev, *next;
} idempotency_waiter;

enum { HOUR_MS = 3600 * 1000 };

static void text_check(const char *text)
{
        assert(text && *text);
        assert(strlen(text) <= IDEMPOTENCY_KEY_PART_BYTES_MAX);
}

static void key_check(const idempotency_key *key)
{
        text_check(key->caller);
        text_check(key->method);
        text_check(key->request_id);
}

/* One run of bytes: part, then the texts with their NULs. */
static char *key_bytes(arena *a, const idempotency_key *key, size_t *length)
{
        size_t caller = strlen(key->caller) + 1, method = strlen(key->method) + 1,
               request_id = strlen(key->request_id) + 1;
        *length = 1 + caller + method + request_id;
        char *text = arena_alloc(a, *length), *at = text;
        *at++ = (char)key->part;
        memcpy(at, key->caller, caller);
        memcpy(at + caller, key->method, method);
        memcpy(at + caller + method, key->request_id, request_id);
        return text;
}

bool idempotency_find(task *t, commit_engine *engine, const idempotency_key *key,
                      idempotency_found *found)
{
        TASK_MAY_SUSPEND(t);
        key_check(key);
        *found = (idempotency_found){.state = IDEMPOTENCY_NOT_COMMITTED};
        store_rows rows = {0};
        if (!store_query(t, engine->store, &idem_load, &rows, store_integer(key->part),
                         store_text(key->caller), store_text(key->method),
                         store_text(key->request_id)))
                return false;
        if (rows.row_count == 0) return true;
        const store_value *row = store_row(&rows, 0);
        bytes hash = store_row_blob(row, 0);
        assert(hash.length == DIGEST_BYTES);
        memcpy(found->request_hash.bytes, hash.data, DIGEST_BYTES);
        found->holder = store_row_ulid(row, 1);
        found->state = row[2].type == STORE_NULL ? IDEMPOTENCY_LIVE : IDEMPOTENCY_DONE;
        found->answer = (commit_answer){.status = (int)store_row_integer(row, 2),
                                        .message = store_row_text(row, 3),
                                        .bytes = store_row_blob(row, 4)};
        return true;
}

void idempotency_queue(store_batch *batch, commit_engine *engine, const idempotency_key *key,
                       const ulid *holder, const commit_answer *answer, bool case_is_open)
{
        key_check(key);
        bytes body = answer->bytes.data ? answer->bytes : bytes_of("", 0);
        store_batch_item *item = store_batch_add(
                batch, &idem_insert, store_integer(key->part), store_text(key->caller),
                store_text(key->method), store_text(key->request_id),
                store_blob(bytes_of(key->request_hash, IDEMPOTENCY_HASH_BYTES)), store_ulid(holder),
                case_is_open ? store_null() : store_integer(answer->status),
                case_is_open ? store_null() : store_text(answer->message),
                case_is_open ? store_null() : store_blob(body),
                store_integer(clock_wall_ms(loop_clock(engine->loop))),
                store_integer(case_is_open));
        item->meaning = STORE_MEANS_DUPLICATE;
}

void commit_queue_case_answer(store_batch *batch, const idempotency_key *key,
                              const commit_answer *answer)
{
        key_check(key);
        bytes body = answer->bytes.data ? answer->bytes : bytes_of("", 0);
        store_batch_add(batch, &idem_fill, store_integer(answer->status),
                        store_text(answer->message), store_blob(body), store_integer(key->part),
                        store_text(key->caller), store_text(key->method),
                        store_text(key->request_id));
}

static void waiter_leave(task *t)
{
        idempotency_waiter *waiter = t->waits_for;
        if (waiter->attempt) DL_DELETE(waiter->attempt->waiters, waiter);
        waiter->attempt = NULL;
}

void idempotency_attempt_release(idempotency_attempt *attempt)
{
        if (!attempt->engine) return;
        HASH_DEL(attempt->engine->attempts, attempt);
        attempt->engine = NULL;
        idempotency_waiter *waiter, *next, *waiters = attempt->waiters;
        attempt->waiters = NULL;
        DL_FOREACH(waiters, waiter) waiter->attempt = NULL;
        for (waiter = waiters; waiter; waiter = next) {
                next = waiter->next; /* it goes with its task's stack */
                task_resume(waiter->t);
        }
}

/* True: this attempt is the live one now. */
static bool attempt_begin(task *t, commit_engine *engine, const idempotency_key *key,
                          idempotency_attempt *attempt)
{
        *attempt = (idempotency_attempt){0};
        attempt->key = key_bytes(&t->arena, key, &attempt->key_bytes);
        for (;;) {
                idempotency_attempt *live = NULL;
                HASH_FIND(hh, engine->attempts, attempt->key, attempt->key_bytes, live);
                if (!live) break;
                idempotency_waiter waiter = {.t = t, .attempt = live};
                DL_APPEND(live->waiters, &waiter);
                if (!task_park(t, &waiter, waiter_leave)) return false;
        }
        attempt->engine = engine;
        HASH_ADD_KEYPTR(hh, engine->attempts, attempt->key, attempt->key_bytes, attempt);
        return true;
}

bool idempotency_begin(task *t, commit_engine *engine, const idempotency_key *key,
                       idempotency_attempt *attempt, idempotency_verdict *verdict,
                       commit_answer *first)
{
        TASK_MAY_SUSPEND(t);
        key_check(key);
        assert(!attempt->engine);
        if (!attempt_begin(t, engine, key, attempt)) return false;

        idempotency_found found;
        if (!idempotency_find(t, engine, key, &found)) {
                idempotency_attempt_release(attempt);
                return false;
        }
        if (found.state == IDEMPOTENCY_NOT_COMMITTED) {
                *verdict = IDEMPOTENCY_NEW;
                return true;
        }
        idempotency_attempt_release(attempt);
        if (memcmp(found.request_hash.bytes, key->request_hash, DIGEST_BYTES) != 0) {
                *verdict = IDEMPOTENCY_REUSED;
                return true;
        }
        if (found.state == IDEMPOTENCY_LIVE) {
                *verdict = IDEMPOTENCY_RUNNING;
                return true;
        }
        /* The first one may have died between its commit and its publish. */
        if (!commit_publish_again(t, engine, key->part, &found.holder)) return false;
        *verdict = IDEMPOTENCY_REPEATED;
        *first = found.answer;
        return true;
}

bool idempotency_state_of(task *t, commit_engine *engine, const idempotency_key *key,
                          int64_t sent_at_ms, idempotency_state *state, commit_answer *first)
{
        TASK_MAY_SUSPEND(t);
        idempotency_found found;
        if (!idempotency_find(t, engine, key, &found)) return false;
        *state = found.state;
        if (found.state == IDEMPOTENCY_DONE) *first = found.answer;
        if (found.state != IDEMPOTENCY_NOT_COMMITTED) return true;

        size_t length;
        char *bytes_of_key = key_bytes(&t->arena, key, &length);
        idempotency_attempt *live = NULL;
        HASH_FIND(hh, engine->attempts, bytes_of_key, length, live);
        if (live) {
                *state = IDEMPOTENCY_LIVE;
                return true;
        }
        int64_t age_ms = clock_wall_ms(loop_clock(engine->loop)) - sent_at_ms;
        if (sent_at_ms != 0 && age_ms > (int64_t)IDEMPOTENCY_SENT_AT_HOURS * HOUR_MS)
                *state = IDEMPOTENCY_EXPIRED;
        return true;
}

/* Some hundred rows a time, by key: the writer is never kept for long. */
bool idempotency_purge_part(task *t, commit_engine *engine, uint8_t part, uint64_t *deleted)
{
        TASK_MAY_SUSPEND(t);
        *deleted = 0;
        int64_t before =
                clock_wall_ms(loop_clock(engine->loop)) - (int64_t)IDEMPOTENCY_LIFE_HOURS * HOUR_MS;
        SCOPED(arena) memory = {0};
        for (;;) {
                arena_reset(&memory);
                store_rows rows = {.arena = &memory};
                if (!store_list(t, engine->store, &idem_old, &rows, store_integer(part),
                                store_integer(before)))
                        return false;
                if (rows.row_count == 0) return true;
                store_batch batch = store_batch_begin(&memory);
                for (size_t i = 0; i < rows.row_count; i++) {
                        const store_value *row = store_row(&rows, i);
                        store_batch_add(&batch, &idem_delete, store_integer(part), row[0], row[1],
                                        row[2]);
                }
                if (store_commit(t, engine->store, &batch) != STORE_OK)
                        return task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                                         "Old answers could not be deleted.");
                *deleted += rows.row_count;
        }
}
