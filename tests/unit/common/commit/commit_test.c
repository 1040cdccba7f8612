/* The write: one batch, one compare, one journal row a change; its outcomes and their order with
 * the cache. */
#include "tests/unit/common/commit/ledger.h"

#include "common/commit/commit_statements.h"

static void statements_body(task *t, fixture *f)
{
        (void)t;
        for (const store_statement *const *each = commit_statements; *each; each++) {
                failure why = {0};
                if (!store_prepare(f->store, *each, &why)) fail_msg("%s", why.message);
        }
}

static void every_statement_prepares(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, statements_body);
        ledger_close(&l);
}

static void first_write_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        assert_string_equal(account_read(t, l, one.id).state, "OPEN");
        bool found;
        int64_t version;
        assert_true(commit_load_holder_version(t, l->engine, PART, &one.holder, &found, &version));
        assert_true(found);
        assert_int_equal(version, 1);
        ulid stranger = new_id(l);
        assert_true(commit_load_holder_version(t, l->engine, PART, &stranger, &found, &version));
        assert_false(found);
        assert_part_is_whole(t, l, 1);
}

static void S7_a_change_is_one_journal_row_in_its_chain(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, first_write_body);
        ledger_close(&l);
}

static void swap_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account old = ledger_seed(t, l, "OPEN");
        ledger_write w;
        write_begin(&w, t, old.holder, 1);
        account next = {.id = {{0}}, .holder = old.holder, .state = "OPEN"};
        next.id.bytes[15] = PART; /* its id is smaller: by id alone the index would fire */
        account shut = old;
        shut.state = "SHUT";
        write_change(&w, t, NULL, &next);
        write_change(&w, t, &old, &shut);
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        assert_string_equal(account_read(t, l, old.id).state, "SHUT");
        assert_part_is_whole(t, l, 3);

        ledger_write second; /* two OPEN ones: the index says no, and nothing is left of it */
        write_begin(&second, t, old.holder, 2);
        account third = {.id = new_id(l), .holder = old.holder, .state = "OPEN"};
        write_change(&second, t, NULL, &third);
        assert_int_equal(write_apply(&second, t, l), COMMIT_CONFLICT);
        assert_string_equal(account_read(t, l, third.id).state, "");
        assert_part_is_whole(t, l, 3);
}

static void rows_that_leave_a_state_come_before_rows_that_enter_it(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, swap_body);
        ledger_close(&l);
}

static void stale_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        for (int64_t base = 0; base < 4; base++) {
                if (base == 1) continue;
                ledger_write w;
                write_begin(&w, t, one.holder, base);
                write_change(&w, t, &one, &one);
                idempotency_key key = key_of("stale", 1);
                w.request.key = &key;
                assert_int_equal(write_apply(&w, t, l), COMMIT_CONFLICT);
        }
        assert_int_equal(account_read(t, l, one.id).version, 1);
        assert_int_equal(number_of(t, l, &idem_count, PART), 0); /* nothing is kept of a conflict */
        assert_part_is_whole(t, l, 1);
}

static void a_write_on_another_version_is_a_conflict_and_leaves_nothing(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, stale_body);
        ledger_close(&l);
}

static void repeat_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        idempotency_key key = key_of("request-1", 1);
        for (int attempt = 0; attempt < 3; attempt++) {
                ledger_write w;
                write_begin(&w, t, one.holder, attempt == 0 ? 1 : 2);
                write_change(&w, t, &one, &one);
                w.request.key = &key;
                w.request.answer.bytes = attempt == 0 ? bytes_of("first", 5) : bytes_of("x", 1);
                commit_outcome outcome = write_apply(&w, t, l);
                assert_int_equal(outcome, attempt == 0 ? COMMIT_COMMITTED : COMMIT_REPEATED);
                if (attempt == 0) continue;
                assert_int_equal(w.first.status, 0);
                assert_true(bytes_equal(w.first.bytes, bytes_of("first", 5)));
        }
        assert_int_equal(account_read(t, l, one.id).version, 2);

        ledger_write other;
        idempotency_key reused = key_of("request-1", 2);
        write_begin(&other, t, one.holder, 2);
        write_change(&other, t, &one, &one);
        other.request.key = &reused;
        assert_int_equal(write_apply(&other, t, l), COMMIT_REQUEST_ID_REUSED);
        assert_part_is_whole(t, l, 2);
}

static void S1_a_repeat_gets_the_first_answer_and_another_request_is_told(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, repeat_body);
        ledger_close(&l);
}

static void refusal_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        idempotency_key key = key_of("wrong-pin", 1);
        for (int attempt = 0; attempt < 2; attempt++) {
                ledger_write w;
                write_begin(&w, t, one.holder, 1 + attempt);
                write_change(&w, t, &one, &one);
                w.request.key = &key;
                w.request.answer =
                        (commit_answer){.status = 9, .message = "no", .bytes = bytes_of("d", 1)};
                assert_int_equal(write_apply(&w, t, l),
                                 attempt ? COMMIT_REPEATED : COMMIT_COMMITTED);
                if (!attempt) continue;
                assert_int_equal(w.first.status, 9);
                assert_string_equal(w.first.message, "no");
                assert_true(bytes_equal(w.first.bytes, bytes_of("d", 1)));
        }
}

static void S1_a_refusal_that_changed_something_is_repeated_word_for_word(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, refusal_body);
        ledger_close(&l);
}

static void keep_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        idempotency_key key = key_of("as-it-was", 1), reused = key_of("as-it-was", 2);
        commit_answer answer = {.bytes = bytes_of("so already", 10)}, first = {0};
        assert_int_equal(commit_keep_answer(t, l->engine, &key, &one.holder, &answer, &first),
                         COMMIT_COMMITTED);
        answer.bytes = bytes_of("later", 5);
        assert_int_equal(commit_keep_answer(t, l->engine, &key, &one.holder, &answer, &first),
                         COMMIT_REPEATED);
        assert_true(bytes_equal(first.bytes, bytes_of("so already", 10)));
        assert_int_equal(commit_keep_answer(t, l->engine, &reused, &one.holder, &answer, &first),
                         COMMIT_REQUEST_ID_REUSED);
        assert_part_is_whole(t, l, 1); /* no journal row: nothing has changed */
}

static void S1_an_answer_that_changed_nothing_is_kept_too(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, keep_body);
        ledger_close(&l);
}

static void preview_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        ledger_write w;
        idempotency_key key = key_of("preview", 1);
        write_begin(&w, t, one.holder, 1);
        write_change(&w, t, &one, &one);
        w.request.key = &key;
        w.request.validate_only = true;
        uint64_t batches = store_count(f->store).batches;
        assert_int_equal(write_apply(&w, t, l), COMMIT_PREVIEWED);
        assert_int_equal(store_count(f->store).batches, batches);
        assert_int_equal(account_read(t, l, one.id).version, 1);
}

static void S3_validate_only_stores_nothing(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, preview_body);
        ledger_close(&l);
}

/* ---- the race: 8 hot holders, and `op` ---- */

enum { HOT = 8, RACERS = 64, TURNS = 25 };

typedef struct race {
        ledger *l;
        account hot[HOT];
        uint64_t committed, conflicts;
} race;

static void racer_run(task *child, void *argument)
{
        race *r = argument;
        for (int turn = 0; turn < TURNS; turn++) {
                account *one = &r->hot[random_u64(loop_random(child->loop)) % HOT];
                bool found;
                int64_t base;
                assert_true(commit_load_holder_version(child, r->l->engine, PART, &one->holder,
                                                       &found, &base));
                account now = account_read(child, r->l, one->id);
                ledger_write w;
                write_begin(&w, child, one->holder, base);
                write_change(&w, child, &now, &now);
                commit_outcome outcome = write_apply(&w, child, r->l);
                if (outcome == COMMIT_COMMITTED)
                        r->committed++;
                else if (outcome == COMMIT_CONFLICT)
                        r->conflicts++;
                else
                        fail();
        }
}

static void race_body(task *t, fixture *f)
{
        race r = {.l = ledger_of(f)};
        for (int i = 0; i < HOT; i++)
                r.hot[i] = ledger_seed(t, r.l, "OPEN");
        task_group *group = task_group_begin(t);
        for (int i = 0; i < RACERS; i++)
                task_group_spawn(group, racer_run, &r);
        assert_true(task_group_wait(group));

        assert_int_equal(r.committed + r.conflicts, RACERS * TURNS);
        assert_true(r.conflicts > 0 && r.committed > 0);
        int64_t versions = 0;
        for (int i = 0; i < HOT; i++)
                versions += account_read(t, r.l, r.hot[i].id).version;
        assert_int_equal(versions, HOT + r.committed);
        assert_part_is_whole(t, r.l, HOT + r.committed);
}

static void as_many_journal_rows_as_changes_when_many_write_the_same_holders(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                ledger l;
                ledger_open(&l, real);
                fixture_run(&l.fixture, race_body);
                ledger_close(&l);
        }
}

/* Without `op` the loser would pass: it sees the winner's row at the version it wants. */
static void op_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        uint8_t winner[16] = {1}, loser[16] = {2}, chain[32] = {0};
        store_batch first = store_batch_begin(&t->arena);
        store_batch_add(&first, &holder_advance, store_blob(bytes_of(winner, 16)),
                        store_integer(PART), store_ulid(&one.holder), store_integer(1));
        assert_int_equal(store_commit(t, f->store, &first), STORE_OK);
        store_batch second = store_batch_begin(&t->arena);
        store_batch_add(&second, &holder_advance, store_blob(bytes_of(loser, 16)),
                        store_integer(PART), store_ulid(&one.holder), store_integer(1));
        store_batch_add(&second, &journal_insert, store_integer(PART), store_ulid(&one.holder),
                        store_integer(2), store_blob(bytes_of(loser, 16)), store_integer(0),
                        store_text("n"), store_integer(1), store_text("e"),
                        store_blob(bytes_of(chain, 32)), store_blob(bytes_of(chain, 1)),
                        store_integer(1));
        assert_int_equal(store_commit(t, f->store, &second), STORE_CONFLICT);
}

static void the_loser_of_a_race_does_not_pass_with_the_winners_version(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, op_body);
        ledger_close(&l);
}

/* ---- settlements ---- */

static void settle_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "SHUT"), open = one;
        change_timer timer = {.key = one.id, .kind = "reopen", .due = 1000};
        open.state = "OPEN";

        ledger_write w; /* what time did, and the caller's own change behind it */
        idempotency_key key = key_of("after-the-time", 1);
        write_begin(&w, t, one.holder, 1);
        change *own = write_change(&w, t, &open, &one);
        own->version = 3;
        write_change(&w, t, &one, &open)->settles = &timer;
        w.request.key = &key;
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        assert_string_equal(account_read(t, l, one.id).state, "SHUT");
        assert_int_equal(account_read(t, l, one.id).version, 3);
        assert_int_equal(number_of(t, l, &idem_count, PART), 2);
        assert_part_is_whole(t, l, 3);

        journal_row *rows;
        size_t count;
        assert_true(journal_list(t, f->store, &t->arena, PART, 1, &rows, &count));
        assert_int_equal(count, 2);
        bool erased;
        const Journal__Record *settled = journal_open_record(l->ring, &t->arena, &rows[0], &erased);
        assert_non_null(settled);
        assert_string_equal(settled->request_id, timer_request_id(&t->arena, &timer));
        assert_string_equal(settled->caller_role, "SYSTEM");
        assert_int_equal(rows[0].version, 2);

        /* The same timer a second time, by the job or by another write: not again. */
        idempotency_key job = {.part = PART,
                               .caller = TIMER_CALLER,
                               .method = TIMER_METHOD,
                               .request_id = timer_request_id(&t->arena, &timer)};
        write_begin(&w, t, one.holder, 2);
        write_change(&w, t, &one, &open)->settles = &timer;
        w.request.key = &job;
        assert_int_equal(write_apply(&w, t, l), COMMIT_REPEATED);
        idempotency_key other = key_of("another", 1);
        write_begin(&w, t, one.holder, 2);
        write_change(&w, t, &one, &open)->settles = &timer;
        w.request.key = &other;
        assert_int_equal(write_apply(&w, t, l), COMMIT_CONFLICT);
        assert_part_is_whole(t, l, 3);
}

static void a_settlement_has_its_own_row_and_happens_once(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, settle_body);
        ledger_close(&l);
}

/* ---- consumers ---- */

static void consume_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        commit_consumes event = {.source = "card", .part = PART, .old_seq = 0, .new_seq = 1};
        ledger_write w;
        write_begin(&w, t, one.holder, 1);
        write_change(&w, t, &one, &one);
        w.request.consumes = &event;
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);

        write_begin(&w, t, one.holder, 2); /* the same event again: its effect comes once */
        write_change(&w, t, &one, &one);
        w.request.consumes = &event;
        assert_int_equal(write_apply(&w, t, l), COMMIT_CONFLICT);

        event = (commit_consumes){.source = "card", .part = PART, .old_seq = 1, .new_seq = 2};
        write_begin(&w, t, one.holder, 2);
        write_change(&w, t, &one, &one);
        w.request.consumes = &event;
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        assert_part_is_whole(t, l, 3);
}

static void S8_an_event_and_its_effect_are_taken_over_together_and_once(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, consume_body);
        ledger_close(&l);
}

/* ---- the cache ---- */

typedef struct spy {
        commit_cache base;
        char log[256];
        bool publishes;
        ledger *l;
        ulid account;
} spy;

static void spy_fence(commit_cache *cache, task *t, uint8_t part, const ulid *holder,
                      int64_t base_version, commit_fence *fence)
{
        spy *s = (spy *)cache;
        (void)part;
        (void)holder;
        account stored = account_read(t, s->l, s->account);
        char *end = s->log + strlen(s->log);
        sprintf(end, "fence %lld stored %lld; ", (long long)base_version,
                (long long)stored.version);
        fence->taken = true;
        fence->base_version = base_version;
}

static bool spy_publish(commit_cache *cache, task *t, uint8_t part, const ulid *holder,
                        int64_t version, bytes record, const commit_fence *fence)
{
        spy *s = (spy *)cache;
        (void)part;
        (void)holder;
        account stored = account_read(t, s->l, s->account);
        char *end = s->log + strlen(s->log);
        sprintf(end, "publish %lld %.*s%s stored %lld; ", (long long)version, (int)record.length,
                (const char *)record.data, fence ? "" : " again", (long long)stored.version);
        return s->publishes || task_fail(t, FAILURE_UNAVAILABLE, "CACHE", "no");
}

static bool spy_load(void *service, task *t, uint8_t part, const ulid *holder, bool *found,
                     int64_t *version, bytes *record)
{
        (void)service;
        (void)t;
        (void)part;
        (void)holder;
        *found = true;
        *version = 42;
        *record = bytes_of("now", 3);
        return true;
}

static void order_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        spy *s = l->more;
        account one = ledger_seed(t, l, "OPEN");
        s->account = one.id;
        s->log[0] = '\0';
        idempotency_key key = key_of("r", 1);
        for (int attempt = 0; attempt < 3; attempt++) {
                s->publishes = attempt != 1;
                ledger_write w;
                write_begin(&w, t, one.holder, 1);
                write_change(&w, t, &one, &one);
                w.request.key = &key;
                w.request.record = bytes_of("rec", 3);
                commit_outcome expected[] = {COMMIT_COMMITTED, COMMIT_UNAVAILABLE, COMMIT_REPEATED};
                assert_int_equal(write_apply(&w, t, l), expected[attempt]);
                t->failure = (failure){0};
        }
        assert_string_equal(s->log, "fence 1 stored 1; publish 2 rec stored 2; "
                                    "fence 1 stored 2; publish 42 now again stored 2; "
                                    "fence 1 stored 2; publish 42 now again stored 2; ");
}

static void
S6_fence_comes_before_the_batch_publish_after_it_and_a_repeat_publishes_again(void **state)
{
        (void)state;
        static const commit_cache_functions functions = {.fence = spy_fence,
                                                         .publish = spy_publish};
        ledger l;
        memset(&l, 0, sizeof l);
        spy s = {.base = {&functions}, .publishes = true, .l = &l};
        ledger_open_with(&l, false, NULL, &s.base, spy_load);
        l.more = &s;
        fixture_run(&l.fixture, order_body);
        ledger_close(&l);
}

static void unpublished_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        spy *s = l->more;
        s->publishes = false;
        account one = {.id = new_id(l), .holder = new_id(l), .state = "OPEN"};
        s->account = one.id;
        ledger_write w;
        write_begin(&w, t, one.holder, 0);
        write_change(&w, t, NULL, &one);
        assert_int_equal(write_apply(&w, t, l), COMMIT_UNAVAILABLE);
        assert_string_equal(account_read(t, l, one.id).state, "OPEN"); /* durable nevertheless */
}

static void S6_what_could_not_be_published_is_not_called_OK(void **state)
{
        (void)state;
        static const commit_cache_functions functions = {.fence = spy_fence,
                                                         .publish = spy_publish};
        ledger l;
        memset(&l, 0, sizeof l);
        spy s = {.base = {&functions}, .l = &l};
        ledger_open_with(&l, false, NULL, &s.base, spy_load);
        l.more = &s;
        fixture_run(&l.fixture, unpublished_body);
        ledger_close(&l);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_statement_prepares),
                cmocka_unit_test(S7_a_change_is_one_journal_row_in_its_chain),
                cmocka_unit_test(rows_that_leave_a_state_come_before_rows_that_enter_it),
                cmocka_unit_test(a_write_on_another_version_is_a_conflict_and_leaves_nothing),
                cmocka_unit_test(S1_a_repeat_gets_the_first_answer_and_another_request_is_told),
                cmocka_unit_test(S1_a_refusal_that_changed_something_is_repeated_word_for_word),
                cmocka_unit_test(S1_an_answer_that_changed_nothing_is_kept_too),
                cmocka_unit_test(S3_validate_only_stores_nothing),
                cmocka_unit_test(as_many_journal_rows_as_changes_when_many_write_the_same_holders),
                cmocka_unit_test(the_loser_of_a_race_does_not_pass_with_the_winners_version),
                cmocka_unit_test(a_settlement_has_its_own_row_and_happens_once),
                cmocka_unit_test(S8_an_event_and_its_effect_are_taken_over_together_and_once),
                cmocka_unit_test(
                        S6_fence_comes_before_the_batch_publish_after_it_and_a_repeat_publishes_again),
                cmocka_unit_test(S6_what_could_not_be_published_is_not_called_OK),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
