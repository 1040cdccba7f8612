/* The journal: its chain, what a verifier finds, history, erasure, and kill -9 under load. */
#include "tests/unit/common/commit/ledger.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static account fill(task *t, ledger *l, int rows)
{
        account one = ledger_seed(t, l, "OPEN");
        for (int i = 1; i < rows; i++) {
                ledger_write w;
                write_begin(&w, t, one.holder, i);
                one.version = i;
                write_change(&w, t, &one, &one);
                assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        }
        return one;
}

static void assert_fault(task *t, ledger *l, journal_fault fault, int64_t seq)
{
        journal_verdict verdict;
        assert_true(journal_verify_part(t, l->fixture.store, PART, &verdict));
        assert_string_equal(journal_fault_name(verdict.fault), journal_fault_name(fault));
        assert_int_equal(verdict.seq, seq);
}

static void record_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN");
        static const bytes evidence[] = {{(const uint8_t *)"paper", 5}, {(const uint8_t *)"x", 1}};
        commit_origin origin = {.caller = "issuer subject",
                                .actor = "holder",
                                .outlet = "o-1",
                                .evidence = evidence,
                                .evidence_count = 2,
                                .request_id = "r-9"};
        ledger_write w;
        account shut = one;
        shut.state = "SHUT";
        write_begin(&w, t, one.holder, 1);
        write_change(&w, t, &one, &shut);
        w.request.origin = &origin;
        assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);

        journal_row *rows;
        size_t count;
        assert_true(journal_list(t, f->store, &t->arena, PART, 0, &rows, &count));
        assert_int_equal(count, 2);
        assert_string_equal(rows[1].event, "account.changed");
        assert_int_equal(rows[1].version, 2);
        bool erased;
        const Journal__Record *record = journal_open_record(l->ring, &t->arena, &rows[1], &erased);
        assert_non_null(record);
        assert_string_equal(record->caller, "issuer subject");
        assert_string_equal(record->outlet, "o-1");
        assert_string_equal(record->region, "330000");
        assert_string_equal(record->request_id, "r-9");
        assert_string_equal(record->kind, "account");
        assert_int_equal(record->holder.len, ULID_BYTES);
        assert_memory_equal(record->holder.data, w.request.holder.bytes, ULID_BYTES);
        assert_int_equal(record->n_evidence, 2);
        assert_memory_equal(record->evidence[0].data, "paper", 5);
        assert_memory_equal(record->before.data, "OPEN 1", 6);
        assert_memory_equal(record->after.data, "SHUT 2", 6);

        /* A record does not open in another row, and says nothing without the key. */
        rows[0].record = rows[1].record;
        assert_null(journal_open_record(l->ring, &t->arena, &rows[0], &erased));
        for (size_t i = 0; i + 4 < rows[1].record.length; i++)
                assert_memory_not_equal(rows[1].record.data + i, "SHUT", 4);
}

static void S7_a_record_tells_who_why_before_and_after_to_those_with_the_key(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, record_body);
        ledger_close(&l);
}

static void deface_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        fill(t, l, 1203);
        assert_part_is_whole(t, l, 1203);
        RUN_SQL(t, l, &journal_deface, store_text("account.forged"), store_integer(PART),
                store_integer(700));
        assert_fault(t, l, JOURNAL_RECORD, 700);
        RUN_SQL(t, l, &journal_deface, store_text("account.changed"), store_integer(PART),
                store_integer(700));
        assert_part_is_whole(t, l, 1203);

        uint8_t forged[64] = {1};
        RUN_SQL(t, l, &journal_deface_record, store_blob(bytes_of(forged, sizeof forged)),
                store_integer(PART), store_integer(3));
        assert_fault(t, l, JOURNAL_RECORD, 3);
}

static void cut_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        fill(t, l, 20);
        RUN_SQL(t, l, &journal_cut, store_integer(PART), store_integer(20), store_integer(21));
        assert_fault(t, l, JOURNAL_HEAD, 19);
        RUN_SQL(t, l, &journal_cut, store_integer(PART), store_integer(5), store_integer(7));
        assert_fault(t, l, JOURNAL_GAP, 7);
        RUN_SQL(t, l, &journal_cut, store_integer(PART), store_integer(1), store_integer(99));
        assert_fault(t, l, JOURNAL_HEAD, 0);
}

static void swap_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        fill(t, l, 20);
        RUN_SQL(t, l, &journal_swap, store_integer(PART), store_integer(4), store_integer(9));
        assert_fault(t, l, JOURNAL_CHAIN, 9);
}

static void S7_an_edit_a_removal_and_a_reorder_are_found_and_located(void **state)
{
        (void)state;
        void (*bodies[])(task *, fixture *) = {deface_body, cut_body, swap_body};
        for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
                ledger l;
                ledger_open(&l, false);
                fixture_run(&l.fixture, bodies[i]);
                ledger_close(&l);
        }
}

static void history_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account one = ledger_seed(t, l, "OPEN"), two = ledger_seed(t, l, "OPEN");
        for (int i = 1; i < 5; i++) {
                ledger_write w; /* two rows of one holder in one batch, another holder between */
                account shut = {.id = new_id(l), .holder = one.holder, .state = "SHUT"};
                write_begin(&w, t, one.holder, i);
                write_change(&w, t, &one, &one);
                write_change(&w, t, NULL, &shut);
                assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
                write_begin(&w, t, two.holder, i);
                write_change(&w, t, &two, &two);
                assert_int_equal(write_apply(&w, t, l), COMMIT_COMMITTED);
        }
        journal_row *rows;
        size_t count;
        assert_true(journal_list_of_holder(t, f->store, &t->arena, PART, &one.holder, 0, 100, &rows,
                                           &count));
        assert_int_equal(count, 9);
        static const int64_t expected[] = {13, 12, 10, 9, 7, 6, 4, 3, 1};
        for (size_t i = 0; i < count; i++)
                assert_int_equal(rows[i].seq, expected[i]);
        assert_true(journal_list_of_holder(t, f->store, &t->arena, PART, &one.holder, 10, 2, &rows,
                                           &count));
        assert_int_equal(count, 2);
        assert_int_equal(rows[0].seq, 9);
        assert_int_equal(rows[1].seq, 7);
        assert_part_is_whole(t, l, 14);
}

static void the_history_of_one_holder_is_found_without_the_others(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, history_body);
        ledger_close(&l);
}

static void erase_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        account gone = fill(t, l, 4);
        ledger_seed(t, l, "OPEN");
        uint64_t erased_rows;
        assert_true(journal_erase_holder(t, f->store, PART, &gone.holder, &erased_rows));
        assert_int_equal(erased_rows, 4);
        assert_part_is_whole(t, l, 5);
        journal_row *rows;
        size_t count;
        assert_true(journal_list(t, f->store, &t->arena, PART, 0, &rows, &count));
        for (size_t i = 0; i < count; i++) {
                bool erased;
                const Journal__Record *record =
                        journal_open_record(l->ring, &t->arena, &rows[i], &erased);
                assert_int_equal(erased, i < 4);
                assert_int_equal(record != NULL, i == 4);
        }
        RUN_SQL(t, l, &journal_deface, store_text("e"), store_integer(PART), store_integer(2));
        assert_fault(t, l, JOURNAL_RECORD, 2);
}

static void an_erased_record_is_gone_and_its_chain_still_verifies(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, erase_body);
        ledger_close(&l);
}

/* ---- kill -9 ---- */

enum { LANES = 24, ROUNDS = 6, ACKNOWLEDGED_MAX = 100000 };

typedef struct acknowledgement {
        ulid holder;
        int64_t version;
        char request_id[32];
} acknowledgement;

typedef struct lane {
        ledger *l;
        int number, out;
} lane;

static void lane_run(task *child, void *argument)
{
        lane *own = argument;
        account one = ledger_seed(child, own->l, "OPEN");
        for (int64_t base = 1;; base++) {
                acknowledgement a = {.holder = one.holder, .version = base + 1};
                snprintf(a.request_id, sizeof a.request_id, "%d-%d-%lld", (int)getpid(),
                         own->number, (long long)base);
                idempotency_key key = key_of(a.request_id, 1);
                ledger_write w;
                one.version = base;
                write_begin(&w, child, one.holder, base);
                write_change(&w, child, &one, &one);
                w.request.key = &key;
                w.request.answer.bytes = bytes_of(a.request_id, strlen(a.request_id));
                if (write_apply(&w, child, own->l) != COMMIT_COMMITTED) _exit(2);
                if (write(own->out, &a, sizeof a) != sizeof a) _exit(3);
        }
}

static void lanes_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        lane lanes[LANES];
        task_group *group = task_group_begin(t);
        for (int i = 0; i < LANES; i++) {
                lanes[i] = (lane){l, i, *(int *)l->more};
                task_group_spawn(group, lane_run, &lanes[i]);
        }
        if (!task_group_wait(group)) _exit(4);
}

static void child_main(const char *folder, int seed, int out)
{
        ledger l;
        memset(&l, 0, sizeof l);
        ledger_open_with(&l, true, folder, NULL, NULL);
        random_seeded_init(&l.fixture.random, (uint64_t)seed + 1000);
        l.more = &out;
        fixture_run(&l.fixture, lanes_body);
        _exit(5);
}

typedef struct acknowledged {
        acknowledgement *all;
        size_t count;
} acknowledged;

static void survived_body(task *t, fixture *f)
{
        ledger *l = ledger_of(f);
        acknowledged *a = l->more;
        for (size_t i = 0; i < a->count; i++) {
                bool found;
                int64_t version;
                assert_true(commit_load_holder_version(t, l->engine, PART, &a->all[i].holder,
                                                       &found, &version));
                assert_true(found && version >= a->all[i].version);
                idempotency_key key = key_of(a->all[i].request_id, 1);
                idempotency_attempt attempt = {0};
                idempotency_verdict verdict;
                commit_answer first;
                assert_true(idempotency_begin(t, l->engine, &key, &attempt, &verdict, &first));
                assert_int_equal(verdict, IDEMPOTENCY_REPEATED);
                assert_true(bytes_equal(first.bytes, bytes_of_text(a->all[i].request_id)));
        }
        journal_verdict verdict;
        assert_true(journal_verify_part(t, f->store, PART, &verdict));
        assert_string_equal(journal_fault_name(verdict.fault), journal_fault_name(JOURNAL_WHOLE));
        assert_true(verdict.rows >= a->count);
}

static void
S1_S7_after_kill_9_every_acknowledged_write_is_there_and_the_chain_verifies(void **state)
{
        (void)state;
        char folder[256];
        fixture_folder(folder);
        acknowledged a = {.all = calloc(ACKNOWLEDGED_MAX, sizeof *a.all)};
        for (int round = 0; round < ROUNDS; round++) {
                int ends[2];
                assert_int_equal(pipe(ends), 0);
                pid_t child = fork();
                assert_true(child >= 0);
                if (child == 0) child_main(folder, round, ends[1]);
                close(ends[1]);
                size_t until = a.count + 30 + (size_t)round * 211;
                bool killed = false;
                while (read(ends[0], &a.all[a.count], sizeof *a.all) == sizeof *a.all) {
                        assert_true(++a.count < ACKNOWLEDGED_MAX);
                        if (a.count >= until && !killed) killed = kill(child, SIGKILL) == 0;
                }
                close(ends[0]);
                int status;
                assert_int_equal(waitpid(child, &status, 0), child);
                assert_true(WIFSIGNALED(status) && killed);
        }
        ledger l;
        memset(&l, 0, sizeof l);
        ledger_open_with(&l, false, folder, NULL, NULL);
        l.more = &a;
        fixture_run(&l.fixture, survived_body);
        ledger_close(&l);
        free(a.all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(
                        S1_S7_after_kill_9_every_acknowledged_write_is_there_and_the_chain_verifies),
                cmocka_unit_test(S7_a_record_tells_who_why_before_and_after_to_those_with_the_key),
                cmocka_unit_test(S7_an_edit_a_removal_and_a_reorder_are_found_and_located),
                cmocka_unit_test(the_history_of_one_holder_is_found_without_the_others),
                cmocka_unit_test(an_erased_record_is_gone_and_its_chain_still_verifies),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
