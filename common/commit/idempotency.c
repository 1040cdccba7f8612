/* The idempotency key's life: live attempts of this process, first answers in the store.
 * Must never let two attempts with one key run side by side in a process: the second would see the
 * first one's change and be refused by the rules, where it should get the first one's answer. */
#include "common/commit/idempotency.h"

#include "common/commit/commit_statements.h"
#include "common/commit/engine.h"
#include "common/crypto/digest.h"

#include <string.h>
#include <utlist.h>

typedef struct idempotency_waiter {
        task *t;
        idempotency_attempt *attempt;
        struct idempotency_waiter *prev, *next;
} idempotency_waiter;

enum { HOUR_MS = 3600 * 1000, KEY_BYTES = 16 };
_Static_assert(1 + KEY_BYTES == sizeof((idempotency_attempt){0}.key), "part and key");

static void text_check(const char *text)
{
        assert(text && *text);
        assert(strlen(text) <= IDEMPOTENCY_KEY_PART_BYTES_MAX);
}

/* What stands in the column `key`, and names a live attempt: the first half of
 * sha256(caller NUL method NUL request id). Short, because it goes to a random page. */
static void key_of(const idempotency_key *key, uint8_t out[KEY_BYTES])
{
        const char *const texts[] = {key->caller, key->method, key->request_id};
        digest_run run;
        digest_begin(&run);
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
                text_check(texts[i]);
                digest_add(&run, bytes_of(texts[i], strlen(texts[i]) + 1));
        }
        digest sum = digest_end(&run);
        memcpy(out, sum.bytes, KEY_BYTES);
}

static bytes key_in(arena *a, const idempotency_key *key)
{
        uint8_t *kept = arena_alloc(a, KEY_BYTES);
        key_of(key, kept);
        return bytes_of(kept, KEY_BYTES);
}

bool idempotency_find(task *t, commit_engine *engine, const idempotency_key *key,
                      idempotency_found *found)
{
        TASK_MAY_SUSPEND(t);
        *found = (idempotency_found){.state = IDEMPOTENCY_NOT_COMMITTED};
        store_rows rows = {0};
        if (!store_query(t, engine->store, &idem_load, &rows, store_integer(key->part),
                         store_blob(key_in(&t->arena, key))))
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
                                        .bytes = store_row_blob(row, 4),
                                        .at_ms = store_row_integer(row, 5)};
        return true;
}

void idempotency_queue(store_batch *batch, commit_engine *engine, const idempotency_key *key,
                       const ulid *holder, const commit_answer *answer, bool case_is_open)
{
        bytes body = answer->bytes.data ? answer->bytes : bytes_of("", 0);
        store_batch_item *item = store_batch_add(
                batch, &idem_insert, store_integer(key->part),
                store_blob(key_in(batch->arena, key)),
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
        bytes body = answer->bytes.data ? answer->bytes : bytes_of("", 0);
        store_batch_add(batch, &idem_fill, store_integer(answer->status),
                        store_text(answer->message), store_blob(body), store_integer(key->part),
                        store_blob(key_in(batch->arena, key)));
}

/* Part and key: a live attempt's name. */
static void live_key_of(const idempotency_key *key, uint8_t out[1 + KEY_BYTES])
{
        out[0] = key->part;
        key_of(key, out + 1);
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
        live_key_of(key, attempt->key);
        for (;;) {
                idempotency_attempt *live = NULL;
                HASH_FIND(hh, engine->attempts, attempt->key, sizeof attempt->key, live);
                if (!live) break;
                idempotency_waiter waiter = {.t = t, .attempt = live};
                DL_APPEND(live->waiters, &waiter);
                if (!task_park(t, &waiter, waiter_leave)) return false;
        }
        attempt->engine = engine;
        HASH_ADD(hh, engine->attempts, key, sizeof attempt->key, attempt);
        return true;
}

bool idempotency_begin(task *t, commit_engine *engine, const idempotency_key *key,
                       idempotency_attempt *attempt, idempotency_verdict *verdict,
                       commit_answer *first)
{
        TASK_MAY_SUSPEND(t);
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

        uint8_t live_key[1 + KEY_BYTES];
        live_key_of(key, live_key);
        idempotency_attempt *live = NULL;
        HASH_FIND(hh, engine->attempts, live_key, sizeof live_key, live);
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
                        store_batch_add(&batch, &idem_delete, store_integer(part), row[0]);
                }
                if (store_commit(t, engine->store, &batch) != STORE_OK)
                        return task_fail(t, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                                         "Old answers could not be deleted.");
                *deleted += rows.row_count;
        }
}
