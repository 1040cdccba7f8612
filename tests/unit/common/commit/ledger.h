/* A toy service on a store: accounts of holders, OPEN or SHUT, at most one OPEN a holder. */
#ifndef SSCARD_TESTS_UNIT_COMMON_COMMIT_LEDGER_H
#define SSCARD_TESTS_UNIT_COMMON_COMMIT_LEDGER_H

#include "common/commit/commit.h"
#include "common/commit/journal.h"
#include "common/commit/timer.h"
#include "tests/unit/common/commit/ledger_schema.h"
#include "tests/unit/common/commit/ledger_statements.h"
#include "tests/unit/common/store/fixture.h"

enum { PART = 7 };

typedef struct account {
        ulid id, holder;
        const char *state;
        int64_t version;
} account;

typedef struct ledger {
        fixture fixture; /* first */
        keyring *ring;
        commit_engine *engine;
        void *more; /* of the test */
} ledger;

static inline ledger *ledger_of(fixture *f)
{
        return (ledger *)f;
}

static inline void account_queue(store_batch *batch, uint8_t part, const change *c)
{
        const account *after = c->after, *before = c->before;
        if (!before)
                store_batch_add(batch, &account_insert, store_integer(part), store_ulid(&after->id),
                                store_ulid(&after->holder), store_text(after->state),
                                store_integer(c->version));
        else
                store_batch_add(batch, &account_update, store_text(after->state),
                                store_integer(c->version), store_integer(part),
                                store_ulid(&after->id));
}

static inline bytes account_pack(arena *a, const void *record)
{
        const account *one = record;
        char *text = arena_format(a, "%s %lld", one->state, (long long)one->version);
        return bytes_of(text, strlen(text));
}

static inline change_order account_order(const change *c)
{
        const account *before = c->before, *after = c->after;
        bool was = before && strcmp(before->state, "OPEN") == 0;
        bool is = after && strcmp(after->state, "OPEN") == 0;
        if (was && !is) return CHANGE_LEAVES;
        return is && !was ? CHANGE_ENTERS : CHANGE_STAYS;
}

static const change_kind account_kind = {
        .name = "account", .queue = account_queue, .pack = account_pack, .order = account_order};

static inline void ledger_open_with(ledger *l, bool is_real, const char *folder,
                                    commit_cache *cache, commit_load_record *load)
{
        static const uint8_t key[32] = {1, 2, 3};
        failure why = {0};
        fixture_init(&l->fixture, is_real);
        fixture_open(&l->fixture, (store_options){.folder = folder,
                                                  .schemas = {&ledger_schema, &commit_schema}});
        l->ring = keyring_create(bytes_of(key, sizeof key), &why);
        assert_non_null(l->ring);
        commit_options options = {.loop = l->fixture.loop,
                                  .store = l->fixture.store,
                                  .keyring = l->ring,
                                  .request_key = {9},
                                  .region = "330000",
                                  .cache = cache,
                                  .load_record = load,
                                  .service = l};
        l->engine = commit_engine_open(&options, &why);
        assert_non_null(l->engine);
}

static inline void ledger_open(ledger *l, bool is_real)
{
        memset(l, 0, sizeof *l);
        ledger_open_with(l, is_real, NULL, NULL, NULL);
}

static inline void ledger_close(ledger *l)
{
        commit_engine_close(l->engine);
        keyring_destroy(l->ring);
        fixture_release(&l->fixture);
}

static inline ulid new_id(ledger *l)
{
        return ulid_new(START_UNIX_MS, &l->fixture.random.base, PART);
}

static inline idempotency_key key_of(const char *request_id, uint8_t hash)
{
        return (idempotency_key){.part = PART,
                                 .caller = "https://issuer test",
                                 .method = "test.v1.Ledger/Change",
                                 .request_id = request_id,
                                 .request_hash = {hash}};
}

/* One write of one holder; `base` as loaded. Everything in the task's arena. */
typedef struct ledger_write {
        ulid holder;
        int64_t base;
        change_set changes;
        commit_request request;
        commit_answer first;
} ledger_write;

static inline void write_begin(ledger_write *w, task *t, ulid holder, int64_t base)
{
        static const commit_origin origin = {.caller = "https://issuer test",
                                             .caller_role = "OPERATOR",
                                             .actor_role = "HOLDER",
                                             .channel = "BRANCH",
                                             .method = "test.v1.Ledger/Change",
                                             .request_id = "r"};
        memset(w, 0, sizeof *w);
        w->holder = holder;
        w->base = base;
        w->changes = change_set_begin(&t->arena);
        w->request = (commit_request){.part = PART,
                                      .holder = holder,
                                      .holder_version = base,
                                      .holder_is_new = base == 0,
                                      .origin = &origin,
                                      .answer = {.bytes = bytes_of("done", 4)}};
}

static inline change *write_change(ledger_write *w, task *t, const account *before,
                                   const account *after)
{
        account *b = before ? (account *)arena_copy(&t->arena, before, sizeof *before) : NULL;
        account *a = (account *)arena_copy(&t->arena, after, sizeof *after);
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(after->id, text);
        a->version = b ? b->version + 1 : 1;
        return change_set_add(&w->changes,
                              &(change){.kind = &account_kind,
                                        .name = arena_format(&t->arena, "accounts/%s", text),
                                        .id = after->id,
                                        .version = a->version,
                                        .event = "account.changed",
                                        .before = b,
                                        .after = a});
}

static inline commit_outcome write_apply(ledger_write *w, task *t, ledger *l)
{
        w->request.changes = &w->changes;
        return commit_apply(t, l->engine, &w->request, &w->first);
}

/* A new holder with one account in `state`. */
static inline account ledger_seed(task *t, ledger *l, const char *state)
{
        account one = {.id = new_id(l), .holder = new_id(l), .state = state, .version = 1};
        ledger_write w;
        write_begin(&w, t, one.holder, 0);
        write_change(&w, t, NULL, &one);
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        return one;
}

static inline account account_read(task *t, ledger *l, ulid id)
{
        store_rows rows = {0};
        assert_true(store_query(t, l->fixture.store, &account_load, &rows, store_integer(PART),
                                store_ulid(&id)));
        if (rows.row_count == 0) return (account){{{0}}, {{0}}, "", 0};
        const store_value *row = store_row(&rows, 0);
        return (account){id, store_row_ulid(row, 0), store_row_text(row, 1),
                         store_row_integer(row, 2)};
}

static inline int64_t number_of(task *t, ledger *l, const store_statement *statement, int64_t first)
{
        store_rows rows = {0};
        assert_true(store_query(t, l->fixture.store, statement, &rows, store_integer(first)));
        return store_row_integer(store_row(&rows, 0), 0);
}

static inline void assert_part_is_whole(task *t, ledger *l, uint64_t rows)
{
        journal_verdict verdict;
        assert_true(journal_verify_part(t, l->fixture.store, PART, &verdict));
        assert_string_equal(journal_fault_name(verdict.fault), journal_fault_name(JOURNAL_WHOLE));
        assert_int_equal(verdict.rows, rows);
}

static inline void run_sql(task *t, ledger *l, const store_statement *statement,
                           const store_value *values, size_t count)
{
        store_batch batch = store_batch_begin(&t->arena);
        store_batch_add_values(&batch, statement, values, count);
        assert_int_equal(store_commit(t, l->fixture.store, &batch), STORE_OK);
}
#define RUN_SQL(t, l, statement, ...) run_sql(t, l, statement, STORE_VALUES(__VA_ARGS__))

#endif
