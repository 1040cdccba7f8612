/* Idempotency: the key's life, GetOperation, purge; one attempt a key at a time. */
#include "tests/unit/common/commit/ledger.h"

enum { HOUR_MS = 3600 * 1000 };

static void write_under(task *t, ledger *l, const idempotency_key *key, bool open_case)
{
        account one = {.id = new_id(l), .holder = new_id(l), .state = "OPEN"};
        ledger_write w;
        write_begin(&w, t, one.holder, 0);
        write_change(&w, t, NULL, &one);
        w.request.key = key;
        w.request.case_is_open = open_case;
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
}

static idempotency_verdict begin(task *t, ledger *l, const idempotency_key *key,
                                 commit_answer *first)
{
        idempotency_attempt attempt = {0};
        idempotency_verdict verdict;
        assert_true(idempotency_begin(t, l->engine, key, &attempt, &verdict, first));
        assert_int_equal(verdict == IDEMPOTENCY_NEW, attempt.engine != NULL);
        idempotency_attempt_release(&attempt);
        return verdict;
}

static idempotency_state state_of(task *t, ledger *l, const idempotency_key *key, int64_t sent_at)
{
        idempotency_state found;
        commit_answer first;
        assert_true(idempotency_state_of(t, l->engine, key, sent_at, &found, &first));
        return found;
}

static void verdicts_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        commit_answer first = {0};
        idempotency_key key = key_of("r-1", 1), reused = key_of("r-1", 2), other = key_of("r-2", 1);
        assert_int_equal(begin(t, l, &key, &first), IDEMPOTENCY_NEW);
        write_under(t, l, &key, false);
        assert_int_equal(begin(t, l, &key, &first), IDEMPOTENCY_REPEATED);
        assert_true(bytes_equal(first.bytes, bytes_of("done", 4)));
        assert_int_equal(begin(t, l, &reused, &first), IDEMPOTENCY_REUSED);
        assert_int_equal(begin(t, l, &other, &first), IDEMPOTENCY_NEW);
        other = key;
        other.caller = "https://issuer somebody-else";
        assert_int_equal(begin(t, l, &other, &first), IDEMPOTENCY_NEW);
        other = key;
        other.part = PART + 1;
        assert_int_equal(begin(t, l, &other, &first), IDEMPOTENCY_NEW);
}

static void S1_the_key_is_caller_method_and_request_id_within_a_part(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, verdicts_body);
        ledger_close(&l);
}

static void states_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        int64_t now = clock_wall_ms(loop_clock(f->loop));
        idempotency_key key = key_of("r-1", 1), open = key_of("case", 1), live = key_of("live", 1);
        assert_int_equal(state_of(t, l, &key, now), IDEMPOTENCY_NOT_COMMITTED);
        assert_int_equal(state_of(t, l, &key, 0), IDEMPOTENCY_NOT_COMMITTED);
        assert_int_equal(state_of(t, l, &key, now - 71LL * HOUR_MS), IDEMPOTENCY_NOT_COMMITTED);
        assert_int_equal(state_of(t, l, &key, now - 71LL * HOUR_MS - 1), IDEMPOTENCY_EXPIRED);
        write_under(t, l, &key, false);
        assert_int_equal(state_of(t, l, &key, now - 71LL * HOUR_MS - 1), IDEMPOTENCY_DONE);

        write_under(t, l, &open, true);
        commit_answer first = {0};
        assert_int_equal(state_of(t, l, &open, now), IDEMPOTENCY_LIVE);
        assert_int_equal(begin(t, l, &open, &first), IDEMPOTENCY_RUNNING);
        store_batch batch = store_batch_begin(&t->arena);
        commit_queue_case_answer(&batch, &open, &(commit_answer){.bytes = bytes_of("end", 3)});
        assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);
        assert_int_equal(begin(t, l, &open, &first), IDEMPOTENCY_REPEATED);
        assert_true(bytes_equal(first.bytes, bytes_of("end", 3)));

        idempotency_attempt attempt = {0};
        idempotency_verdict verdict;
        assert_true(idempotency_begin(t, l->engine, &live, &attempt, &verdict, &first));
        assert_int_equal(state_of(t, l, &live, now - 100LL * HOUR_MS), IDEMPOTENCY_LIVE);
        idempotency_attempt_release(&attempt);
        assert_int_equal(state_of(t, l, &live, now), IDEMPOTENCY_NOT_COMMITTED);
}

static void GetOperation_tells_done_running_not_committed_and_expired(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, states_body);
        ledger_close(&l);
}

/* ---- two at a time ---- */

typedef struct twin {
        ledger *l;
        account one;
        int committed, repeated, cancelled;
        bool cancel;
} twin;

static void twin_run(task *child, void *argument)
{
        twin *w = argument;
        SCOPED(idempotency_attempt) attempt = {0};
        idempotency_key key = key_of("twin", 1);
        idempotency_verdict verdict;
        commit_answer first;
        if (!idempotency_begin(child, w->l->engine, &key, &attempt, &verdict, &first)) {
                w->cancelled++;
                return;
        }
        if (verdict == IDEMPOTENCY_REPEATED) {
                w->repeated++;
                return;
        }
        assert_int_equal(verdict, IDEMPOTENCY_NEW);
        if (!task_sleep(child, 10)) return;
        ledger_write write;
        write_begin(&write, child, w->one.holder, 1);
        write_change(&write, child, &w->one, &w->one);
        write.request.key = &key;
        assert_int_equal(write_apply(&write, child, w->l), COMMIT_COMMITTED);
        w->committed++;
}

static void impatient_run(task *child, void *argument)
{
        child->deadline_ms = clock_monotonic_ms(loop_clock(child->loop)) + 2;
        twin_run(child, argument);
}

static void twins_body(task *t, fixture *f)
{
        twin w = {.l = ledger_of(f)};
        w.one = ledger_seed(t, w.l, "OPEN");
        task_group *group = task_group_begin(t);
        task_group_spawn(group, twin_run, &w);
        task_group_spawn(group, impatient_run, &w);
        for (int i = 0; i < 5; i++)
                task_group_spawn(group, twin_run, &w);
        assert_true(task_group_wait(group));
        assert_int_equal(w.committed, 1);
        assert_int_equal(w.repeated, 5);
        assert_int_equal(w.cancelled, 1);
}

static void S1_a_second_attempt_with_a_live_key_waits_and_gets_the_first_answer(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, twins_body);
        ledger_close(&l);
}

/* ---- purge ---- */

static void purge_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        for (int i = 0; i < 1200; i++) {
                SCOPED(arena) memory = {0};
                idempotency_key key = key_of(arena_format(&memory, "r-%d", i), 1);
                write_under(t, l, &key, i % 100 == 0);
        }
        RUN_SQL(t, l, &idem_age, store_integer(72LL * HOUR_MS + 1), store_integer(PART));
        idempotency_key young = key_of("young", 1);
        write_under(t, l, &young, false);
        uint64_t deleted;
        assert_true(idempotency_purge_part(t, l->engine, PART + 1, &deleted));
        assert_int_equal(deleted, 0);
        assert_true(idempotency_purge_part(t, l->engine, PART, &deleted));
        assert_int_equal(deleted, 1200 - 12);
        assert_int_equal(number_of(t, l, &idem_count, PART), 13);
        assert_int_equal(state_of(t, l, &young, 0), IDEMPOTENCY_DONE);
}

static void S1_answers_go_after_72_hours_and_those_of_cases_stay(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, purge_body);
        ledger_close(&l);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S1_the_key_is_caller_method_and_request_id_within_a_part),
                cmocka_unit_test(GetOperation_tells_done_running_not_committed_and_expired),
                cmocka_unit_test(
                        S1_a_second_attempt_with_a_live_key_waits_and_gets_the_first_answer),
                cmocka_unit_test(S1_answers_go_after_72_hours_and_those_of_cases_stay),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
