/* The audit of reads: chained, batched, durable against kill -9, and in the way of the reply. */
#include "common/commit/read_audit.h"

#include "common/commit/read_audit_statements.h"
#include "tests/unit/common/commit/ledger_statements.h"
#include "tests/unit/common/store/fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct auditor {
        fixture fixture; /* first */
        read_audit *audit;
        const char *folder;
        int out;
        int64_t written;
} auditor;

static void auditor_open(auditor *a, bool is_real)
{
        fixture_init(&a->fixture, is_real);
        failure why = {0};
        read_audit_options options = {.loop = a->fixture.loop,
                                      .folder = a->folder ? a->folder : a->fixture.folder,
                                      .stream = "reads",
                                      .inline_writes = !is_real};
        a->audit = read_audit_open(&options, &why);
        if (!a->audit) fail_msg("%s", why.message);
}

static void auditor_close(auditor *a)
{
        read_audit_close(a->audit);
        fixture_release(&a->fixture);
}

static read_audit_entry entry_of(int64_t i)
{
        static const char *const callers[] = {"https://issuer pharmacy", "https://issuer clinic",
                                              "https://issuer hotline"};
        return (read_audit_entry){.at = START_UNIX_MS + i,
                                  .part = (uint8_t)i,
                                  .holder = {{1, (uint8_t)i, (uint8_t)(i >> 8), 9}},
                                  .caller = callers[i % 3],
                                  .purpose = "TREATMENT",
                                  .channel = "MEDICAL_POS",
                                  .method = "sscard.status.v1.StatusService/GetCardStatus",
                                  .outcome = i % 7 == 0 ? 7 : 0};
}

typedef struct reader {
        auditor *a;
        int64_t number;
} reader;

static void reader_run(task *child, void *argument)
{
        reader *r = argument;
        read_audit_entry entry = entry_of(r->number);
        assert_true(read_audit_write(child, r->a->audit, &entry));
}

enum { READERS = 1500 };

static void many_body(task *t, fixture *f)
{
        auditor *a = (auditor *)f;
        reader *readers = arena_zalloc(&t->arena, READERS * sizeof *readers);
        task_group *group = task_group_begin(t);
        for (int i = 0; i < READERS; i++) {
                readers[i] = (reader){a, i};
                task_group_spawn(group, reader_run, &readers[i]);
        }
        assert_true(task_group_wait(group));
        read_audit_counts counts = read_audit_count(a->audit);
        assert_int_equal(counts.entries, READERS);
        assert_int_equal(counts.last_seq, READERS);
        assert_true(counts.batches < 10);

        read_audit_verdict verdict;
        assert_true(read_audit_verify(t, read_audit_store(a->audit), &verdict));
        assert_true(verdict.whole);
        assert_int_equal(verdict.rows, READERS);
        read_audit_row *rows;
        size_t count;
        assert_true(read_audit_list(t, read_audit_store(a->audit), &t->arena, 0, &rows, &count));
        assert_int_equal(count, 1000);
        assert_string_equal(rows[4].entry.caller, "https://issuer clinic");
        assert_string_equal(rows[4].entry.purpose, "TREATMENT");
        assert_int_equal(rows[7].entry.outcome, 7);
        assert_int_equal(rows[7].entry.holder.bytes[1], 7);
}

static void S7_each_read_is_written_once_and_those_of_one_turn_together(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                auditor a = {0};
                auditor_open(&a, real);
                fixture_run(&a.fixture, many_body);
                auditor_close(&a);
        }
}

static int64_t now_ms_of(const task *t)
{
        return clock_monotonic_ms(loop_clock(t->loop));
}

/* `count` reads of one turn. */
static void read_together(task *t, auditor *a, int count)
{
        reader *readers = arena_zalloc(&t->arena, (size_t)count * sizeof *readers);
        task_group *group = task_group_begin(t);
        for (int i = 0; i < count; i++) {
                readers[i] = (reader){a, i};
                task_group_spawn(group, reader_run, &readers[i]);
        }
        assert_true(task_group_wait(group));
}

/* Two reads of one millisecond, a turn apart. */
static void read_twice(task *t, auditor *a)
{
        reader readers[2] = {{a, 1}, {a, 2}};
        task_group *group = task_group_begin(t);
        task_group_spawn(group, reader_run, &readers[0]);
        assert_true(task_sleep(t, 0));
        task_group_spawn(group, reader_run, &readers[1]);
        assert_true(task_group_wait(group));
}

static void seldom_body(task *t, fixture *f)
{
        auditor *a = (auditor *)f;
        int64_t began_ms = now_ms_of(t);
        read_twice(t, a);
        read_twice(t, a);
        assert_int_equal(read_audit_count(a->audit).batches, 4);
        assert_int_equal(now_ms_of(t), began_ms);
}

static void reads_that_come_seldom_wait_for_nothing(void **state)
{
        (void)state;
        auditor a = {0};
        auditor_open(&a, false);
        fixture_run(&a.fixture, seldom_body);
        auditor_close(&a);
}

static void fast_body(task *t, fixture *f)
{
        auditor *a = (auditor *)f;
        read_together(t, a, 200);
        assert_true(task_sleep(t, 16)); /* the window in which they came fast is over */
        read_together(t, a, 1);
        uint64_t batches = read_audit_count(a->audit).batches;
        int64_t began_ms = now_ms_of(t);
        read_twice(t, a);
        assert_int_equal(read_audit_count(a->audit).batches, batches + 1);
        assert_int_equal(now_ms_of(t), began_ms + 1);
        read_together(t, a, 8); /* enough for a batch of their own */
        assert_int_equal(read_audit_count(a->audit).batches, batches + 2);
        assert_int_equal(now_ms_of(t), began_ms + 1);
        assert_int_equal(read_audit_count(a->audit).entries, 211);
}

static void of_reads_that_come_fast_few_wait_a_moment_for_more(void **state)
{
        (void)state;
        auditor a = {0};
        auditor_open(&a, false);
        fixture_run(&a.fixture, fast_body);
        auditor_close(&a);
}

static void N8_a_read_takes_at_most_100_bytes(void **state)
{
        (void)state;
        auditor a = {0};
        auditor_open(&a, true);
        fixture_run(&a.fixture, many_body);
        char path[512];
        snprintf(path, sizeof path, "%s/reads.db", a.fixture.folder);
        auditor_close(&a);
        struct stat file;
        assert_int_equal(stat(path, &file), 0);
        /* The first pages (schema, texts) apart. */
        assert_true(file.st_size - 5 * 4096 <= READERS * 100);
}

static void deface_body(task *t, fixture *f)
{
        auditor *a = (auditor *)f;
        for (int64_t i = 0; i < 20; i++) {
                read_audit_entry entry = entry_of(i);
                assert_true(read_audit_write(t, a->audit, &entry));
        }
        store_batch batch = store_batch_begin(&t->arena);
        store_batch_add(&batch, &audit_deface, store_integer(8)); /* the refused one */
        assert_int_equal(store_commit(t, read_audit_store(a->audit), &batch), STORE_OK);
        read_audit_verdict verdict;
        assert_true(read_audit_verify(t, read_audit_store(a->audit), &verdict));
        assert_false(verdict.whole);
        assert_int_equal(verdict.bad_seq, 8);
        assert_int_equal(verdict.rows, 7);
}

static void S7_an_edited_read_is_found_and_located(void **state)
{
        (void)state;
        auditor a = {0};
        auditor_open(&a, false);
        fixture_run(&a.fixture, deface_body);
        auditor_close(&a);
}

static void full_body(task *t, fixture *f)
{
        auditor *a = (auditor *)f;
        read_audit_entry entry = entry_of(1);
        assert_true(read_audit_write(t, a->audit, &entry));
        struct rlimit before, tight;
        getrlimit(RLIMIT_FSIZE, &before);
        tight = before;
        tight.rlim_cur = 8192;
        setrlimit(RLIMIT_FSIZE, &tight);
        entry.caller = "https://issuer somebody-new";
        bool written = read_audit_write(t, a->audit, &entry);
        setrlimit(RLIMIT_FSIZE, &before);
        assert_false(written);
        assert_int_equal(t->failure.kind, FAILURE_UNAVAILABLE);
        assert_string_equal(t->failure.reason, "AUDIT_UNAVAILABLE");
        t->failure = (failure){0};

        assert_true(read_audit_write(t, a->audit, &entry)); /* there is room again */
        read_audit_verdict verdict;
        assert_true(read_audit_verify(t, read_audit_store(a->audit), &verdict));
        assert_true(verdict.whole);
        assert_int_equal(verdict.rows, 2);
}

static void a_read_that_cannot_be_written_is_refused_and_the_chain_goes_on_later(void **state)
{
        (void)state;
        signal(SIGXFSZ, SIG_IGN);
        for (int real = 0; real < 2; real++) {
                auditor a = {0};
                auditor_open(&a, real);
                fixture_run(&a.fixture, full_body);
                auditor_close(&a);
        }
}

static void endless_run(task *child, void *argument)
{
        reader *r = argument;
        for (int64_t i = r->number;; i++) {
                read_audit_entry entry = entry_of(i);
                if (!read_audit_write(child, r->a->audit, &entry)) _exit(2);
                if (write(r->a->out, "x", 1) != 1) _exit(3);
        }
}

static void endless_body(task *t, fixture *f)
{
        reader readers[16];
        task_group *group = task_group_begin(t);
        for (int i = 0; i < 16; i++) {
                readers[i] = (reader){(auditor *)f, i};
                task_group_spawn(group, endless_run, &readers[i]);
        }
        if (!task_group_wait(group)) _exit(4);
}

static void survived_body(task *t, fixture *f)
{
        auditor *a = (auditor *)f;
        read_audit_verdict verdict;
        assert_true(read_audit_verify(t, read_audit_store(a->audit), &verdict));
        assert_true(verdict.whole);
        assert_true(verdict.rows >= (uint64_t)a->written);
        read_audit_entry entry = entry_of(1); /* the chain goes on where it was */
        assert_true(read_audit_write(t, a->audit, &entry));
        assert_true(read_audit_verify(t, read_audit_store(a->audit), &verdict));
        assert_true(verdict.whole);
}

static void S7_every_answered_read_survives_kill_9(void **state)
{
        (void)state;
        char folder[256];
        fixture_folder(folder);
        auditor a = {.folder = folder};
        for (int round = 0; round < 4; round++) {
                int ends[2];
                assert_int_equal(pipe(ends), 0);
                pid_t child = fork();
                assert_true(child >= 0);
                if (child == 0) {
                        a.out = ends[1];
                        auditor_open(&a, true);
                        fixture_run(&a.fixture, endless_body);
                        _exit(5);
                }
                close(ends[1]);
                char byte;
                int64_t until = a.written + 100 + round * 533;
                bool killed = false;
                while (read(ends[0], &byte, 1) == 1)
                        if (++a.written >= until && !killed) killed = kill(child, SIGKILL) == 0;
                close(ends[0]);
                int status;
                assert_int_equal(waitpid(child, &status, 0), child);
                assert_true(WIFSIGNALED(status) && killed);
        }
        auditor_open(&a, true);
        fixture_run(&a.fixture, survived_body);
        auditor_close(&a);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S7_every_answered_read_survives_kill_9),
                cmocka_unit_test(S7_each_read_is_written_once_and_those_of_one_turn_together),
                cmocka_unit_test(reads_that_come_seldom_wait_for_nothing),
                cmocka_unit_test(of_reads_that_come_fast_few_wait_a_moment_for_more),
                cmocka_unit_test(N8_a_read_takes_at_most_100_bytes),
                cmocka_unit_test(S7_an_edited_read_is_found_and_located),
                cmocka_unit_test(
                        a_read_that_cannot_be_written_is_refused_and_the_chain_goes_on_later),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
