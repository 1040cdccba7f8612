/* What others see of a log that is gathered in memory, and what a turn sees of the database: never
 * less than was told. */
#include "tests/unit/common/store/fixture.h"
#include "tests/unit/common/store/schema_one.h"
#include "tests/unit/common/store/things.h"

#include <sqlite3.h>

enum { PARALLEL = 40, ROUNDS = 20, LARGE_ROWS = 400, LARGE_BYTES = 3000 };

static void insert(store_batch *batch, int64_t id, bytes body)
{
        store_batch_add(batch, &thing_insert, store_integer(1), store_integer(id), store_null(),
                        store_blob(body));
}

static void copy_file(const char *folder, const char *from, const char *to)
{
        char path[300];
        static uint8_t piece[65536]; /* the stack of a task is short */
        snprintf(path, sizeof path, "%s/%s", folder, from);
        FILE *in = fopen(path, "rb");
        snprintf(path, sizeof path, "%s/%s", folder, to);
        FILE *out = fopen(path, "wb");
        assert_true(in && out);
        for (size_t length; (length = fread(piece, 1, sizeof piece, in)) > 0;)
                assert_int_equal(fwrite(piece, 1, length, out), length);
        assert_int_equal(fclose(in) + fclose(out), 0);
}

/* What would be there if the process died now: a log that others read again from its beginning. */
static int64_t after_a_crash(fixture *f, const char *sql)
{
        char path[300];
        snprintf(path, sizeof path, "%s/crashed.db", f->folder);
        copy_file(f->folder, "things.db", "crashed.db");
        copy_file(f->folder, "things.db-wal", "crashed.db-wal");
        sqlite3 *db;
        sqlite3_stmt *rows;
        assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
        int64_t value = sqlite3_column_int64(rows, 0);
        sqlite3_finalize(rows);
        sqlite3_close(db);
        return value;
}

static store_outcome write_large(task *t, fixture *f, int64_t first, bool breaks)
{
        static uint8_t body[LARGE_BYTES];
        memset(body, (int)first, sizeof body);
        store_batch batch = store_batch_begin(&t->arena);
        for (int i = 0; i < LARGE_ROWS; i++) /* in no order: pages come again */
                insert(&batch, first + i * 167 % LARGE_ROWS, bytes_of(body, sizeof body));
        if (breaks) insert(&batch, first, bytes_of(body, 1));
        return store_commit(t, f->store, &batch);
}

static void large_body(task *t, fixture *f)
{
        for (int64_t i = 0; i < 6; i++) {
                bool breaks = i % 2;
                assert_int_equal(write_large(t, f, 1 + i * LARGE_ROWS, breaks),
                                 breaks ? STORE_CONFLICT : STORE_OK);
                assert_int_equal(after_a_crash(f, "SELECT count(*) FROM thing"),
                                 (i / 2 + 1) * LARGE_ROWS);
        }
        assert_int_equal(after_a_crash(f, "SELECT count(*) FROM pragma_integrity_check"
                                          " WHERE integrity_check = 'ok'"),
                         1);
        assert_int_equal(after_a_crash(f, "SELECT count(*) FROM thing WHERE length(body) = 3000"),
                         3 * LARGE_ROWS);
}

/* SQLite would spill its pages into the log; see sqlite_connection_open(). */
static void a_conflict_larger_than_the_cache_spoils_nothing_that_comes_after_it(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true);
        fixture_open(&f, (store_options){.schemas = {&schema_one},
                                         .cache_kib = 64,
                                         .checkpoint_interval_ms = 3600000});
        fixture_run(&f, large_body);
        fixture_release(&f);
}

static bool is_there(task *t, fixture *f, int64_t id)
{
        store_rows rows = {0};
        assert_true(
                store_query(t, f->store, &thing_load, &rows, store_integer(1), store_integer(id)));
        return rows.row_count == 1;
}

typedef struct writer {
        fixture *f;
        int64_t id;
} writer;

static void writer_run(task *child, void *argument)
{
        writer *w = argument;
        store_batch batch = store_batch_begin(&child->arena);
        insert(&batch, w->id, bytes_of("x", 1));
        assert_int_equal(store_commit(child, w->f->store, &batch), STORE_OK);
        assert_true(is_there(child, w->f, w->id));
}

/* Keeps the turn going until the writers' answer waits for the loop. */
static void long_turn_run(task *child, void *argument)
{
        fixture *f = argument;
        int64_t since_us = loop_precise_us(child->loop), until_us = since_us + 1000000;
        uint64_t groups = store_count(f->store).groups;
        while (store_count(f->store).groups == groups && loop_precise_us(child->loop) < until_us)
                continue;
        until_us = loop_precise_us(child->loop) + 2000;
        while (loop_precise_us(child->loop) < until_us)
                continue;
}

static void told_body(task *t, fixture *f)
{
        for (int64_t round = 0; round < ROUNDS; round++) {
                assert_false(is_there(t, f, 1 + round * PARALLEL)); /* what this turn sees */
                writer writers[PARALLEL];
                task_group *group = task_group_begin(t);
                for (int i = 0; i < PARALLEL; i++) {
                        writers[i] = (writer){f, 1 + round * PARALLEL + i};
                        task_group_spawn(group, writer_run, &writers[i]);
                }
                if (f->is_real) task_group_spawn(group, long_turn_run, f);
                assert_true(task_group_wait(group));
        }
}

static void who_was_told_that_a_write_is_done_reads_it_in_the_same_turn(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                fixture f;
                fixture_init(&f, real);
                fixture_open(&f, (store_options){.schemas = {&schema_one}});
                fixture_run(&f, told_body);
                fixture_release(&f);
        }
}

static void reading_body(task *t, fixture *f)
{
        for (int64_t id = 1; id <= 300; id++) {
                static uint8_t body[20000];
                store_batch batch = store_batch_begin(&t->arena);
                insert(&batch, id, bytes_of(body, sizeof body));
                assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);
                assert_true(is_there(t, f, id));
        }
        assert_true(store_count(f->store).wal_bytes < 3 << 20);
}

/* The thread copies in strides, the writer ends the log; readers hold neither up for ever. */
static void a_log_that_is_copied_by_a_thread_stays_short(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true);
        fixture_open(&f, (store_options){.schemas = {&schema_one}, .wal_bytes_max = 1 << 20});
        fixture_run(&f, reading_body);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(
                        a_conflict_larger_than_the_cache_spoils_nothing_that_comes_after_it),
                cmocka_unit_test(who_was_told_that_a_write_is_done_reads_it_in_the_same_turn),
                cmocka_unit_test(a_log_that_is_copied_by_a_thread_stays_short),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
