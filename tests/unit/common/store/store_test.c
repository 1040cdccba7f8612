/* The store's contract, on the one engine there is: rows, batches, outcomes. */
#include "tests/unit/common/store/fixture.h"
#include "tests/unit/common/store/schema_one.h"
#include "tests/unit/common/store/things.h"

#include <openssl/sha.h>

static void open_things(fixture *f, bool is_real)
{
        fixture_init(f, is_real);
        fixture_open(f, (store_options){.schemas = {&schema_one}});
}

static store_batch_item *insert(store_batch *batch, int64_t id, const char *name)
{
        return store_batch_add(batch, &thing_insert, store_integer(1), store_integer(id),
                               store_text(name), store_null());
}

static store_outcome insert_one(task *t, fixture *f, int64_t id, const char *name)
{
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, id, name);
        return store_commit(t, f->store, &batch);
}

static size_t count_things(task *t, fixture *f)
{
        store_rows rows = {0};
        assert_true(store_list(t, f->store, &thing_list, &rows, store_integer(1)));
        return rows.row_count;
}

static void values_body(task *t, fixture *f)
{
        static const uint8_t blob[] = {0, 1, 0, 255};
        store_batch batch = store_batch_begin(&t->arena);
        store_batch_add(&batch, &thing_insert, store_integer(1), store_integer(INT64_MAX),
                        store_text("卡"), store_blob(bytes_of(blob, sizeof blob)));
        store_batch_add(&batch, &thing_insert, store_integer(1), store_integer(-5),
                        store_text(NULL), store_blob(bytes_of("", 0)));
        assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);

        store_rows rows = {0};
        assert_true(store_query(t, f->store, &thing_load, &rows, store_integer(1),
                                store_integer(INT64_MAX)));
        assert_int_equal(rows.row_count, 1);
        assert_int_equal(rows.column_count, 3);
        const store_value *row = store_row(&rows, 0);
        assert_true(store_row_integer(row, 0) == INT64_MAX);
        assert_string_equal(store_row_text(row, 1), "卡");
        assert_true(bytes_equal(store_row_blob(row, 2), bytes_of(blob, sizeof blob)));

        store_rows other = {0};
        assert_true(
                store_query(t, f->store, &thing_load, &other, store_integer(1), store_integer(-5)));
        row = store_row(&other, 0);
        assert_null(store_row_text(row, 1));
        assert_int_equal(row[2].type, STORE_BLOB);
        assert_int_equal(row[2].bytes.length, 0);

        store_rows none = {0};
        assert_true(
                store_query(t, f->store, &thing_load, &none, store_integer(1), store_integer(77)));
        assert_int_equal(none.row_count, 0);
}

static void values_come_back_as_they_were_stored(void **state)
{
        (void)state;
        fixture f;
        open_things(&f, false);
        fixture_run(&f, values_body);
        fixture_release(&f);
}

static void sha256_body(task *t, fixture *f)
{
        static const uint8_t first[] = {0, 200, 'a'}, second[] = {0, 0, 255};
        uint8_t both[6], expected[32], of_second[32];
        memcpy(both, first, 3);
        memcpy(both + 3, second, 3);
        SHA256(both, sizeof both, expected);
        SHA256(second, sizeof second, of_second);

        store_batch batch = store_batch_begin(&t->arena);
        store_batch_add(&batch, &thing_insert, store_integer(1), store_integer(1), store_null(),
                        store_blob(bytes_of(first, sizeof first)));
        assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);
        store_rows rows = {0};
        store_value value = store_blob(bytes_of(second, sizeof second));
        assert_true(store_query(t, f->store, &thing_hash, &rows, value, value, store_integer(1)));
        const store_value *row = store_row(&rows, 0);
        assert_memory_equal(store_row_blob(row, 0).data, of_second, 32);
        assert_memory_equal(store_row_blob(row, 1).data, expected, 32);
}

static void sha256_of_joined_blobs_is_that_of_their_bytes(void **state)
{
        (void)state;
        fixture f;
        open_things(&f, false);
        fixture_run(&f, sha256_body);
        fixture_release(&f);
}

static void conflict_body(task *t, fixture *f)
{
        assert_int_equal(insert_one(t, f, 1, "one"), STORE_OK);
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, 2, "two");
        insert(&batch, 1, "again");
        assert_int_equal(store_commit(t, f->store, &batch), STORE_CONFLICT);
        assert_int_equal(count_things(t, f), 1);
        assert_int_equal(t->failure.kind, FAILURE_NONE);
}

static void a_broken_constraint_undoes_the_whole_batch(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                fixture f;
                open_things(&f, real);
                fixture_run(&f, conflict_body);
                fixture_release(&f);
        }
}

static void duplicate_body(task *t, fixture *f)
{
        assert_int_equal(insert_one(t, f, 1, "one"), STORE_OK);
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, 1, "again")->meaning = STORE_MEANS_DUPLICATE;
        assert_int_equal(store_commit(t, f->store, &batch), STORE_DUPLICATE);

        store_batch other = store_batch_begin(&t->arena);
        insert(&other, 2, "two")->meaning = STORE_MEANS_DUPLICATE;
        insert(&other, 1, "again");
        assert_int_equal(store_commit(t, f->store, &other), STORE_CONFLICT);
        assert_int_equal(count_things(t, f), 1);
}

static void duplicate_comes_only_from_a_statement_that_means_it(void **state)
{
        (void)state;
        fixture f;
        open_things(&f, false);
        fixture_run(&f, duplicate_body);
        fixture_release(&f);
}

static store_outcome rename_one(task *t, fixture *f, int64_t id, store_batch_item **item)
{
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, 50 + id, NULL);
        *item = store_batch_add(&batch, &thing_rename, store_integer(1), store_integer(id),
                                store_text("renamed"));
        (*item)->expect = STORE_EXPECT_ONE;
        return store_commit(t, f->store, &batch);
}

static void expect_body(task *t, fixture *f)
{
        store_batch_item *item;
        assert_int_equal(insert_one(t, f, 1, "one"), STORE_OK);
        assert_int_equal(rename_one(t, f, 9, &item), STORE_CONFLICT);
        assert_int_equal(count_things(t, f), 1);

        assert_int_equal(rename_one(t, f, 1, &item), STORE_OK);
        assert_int_equal(item->rows.row_count, 1);
        assert_string_equal(store_row_text(store_row(&item->rows, 0), 1), "renamed");
        assert_int_equal(count_things(t, f), 2);
}

static void
an_expected_row_that_is_missing_is_a_conflict_and_a_returned_one_can_be_read(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                fixture f;
                open_things(&f, real);
                fixture_run(&f, expect_body);
                fixture_release(&f);
        }
}

enum { WRITERS = 200 };
typedef struct writer {
        fixture *f;
        int64_t id;
        store_outcome outcome;
} writer;

static void writer_run(task *child, void *argument)
{
        writer *w = argument;
        store_batch batch = store_batch_begin(&child->arena);
        insert(&batch, w->id, NULL);
        /* Every tenth one breaks the key after it has already written a row. */
        if (w->id % 10 == 0) insert(&batch, w->id, NULL);
        w->outcome = store_commit(child, w->f->store, &batch);
}

static void group_body(task *t, fixture *f)
{
        writer writers[WRITERS];
        task_group *group = task_group_begin(t);
        for (int i = 0; i < WRITERS; i++) {
                writers[i] = (writer){.f = f, .id = i + 1};
                task_group_spawn(group, writer_run, &writers[i]);
        }
        assert_true(task_group_wait(group));
        for (int i = 0; i < WRITERS; i++)
                assert_int_equal(writers[i].outcome,
                                 writers[i].id % 10 == 0 ? STORE_CONFLICT : STORE_OK);
        assert_int_equal(count_things(t, f), WRITERS - WRITERS / 10);
        store_counts counts = store_count(f->store);
        assert_int_equal(counts.batches, WRITERS);
        assert_int_equal(counts.conflicts, WRITERS / 10);
        assert_true(counts.groups < WRITERS / 4);
}

static void writes_of_one_turn_share_a_commit_and_a_failing_one_goes_alone(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                fixture f;
                open_things(&f, real);
                fixture_run(&f, group_body);
                fixture_release(&f);
        }
}

static void many_rows_body(task *t, fixture *f)
{
        store_batch batch = store_batch_begin(&t->arena);
        for (int i = 0; i < 3000; i++)
                insert(&batch, i, arena_format(&t->arena, "thing %d", i));
        assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);
        SCOPED(arena) memory = {0};
        store_rows rows = {.arena = &memory};
        assert_true(store_list(t, f->store, &thing_list, &rows, store_integer(1)));
        assert_int_equal(rows.row_count, 3000);
        assert_int_equal(store_row_integer(store_row(&rows, 2999), 0), 2999);
        assert_string_equal(store_row_text(store_row(&rows, 2999), 1), "thing 2999");
}

static void a_list_gives_all_rows_into_the_arena_that_was_named(void **state)
{
        (void)state;
        for (int real = 0; real < 2; real++) {
                fixture f;
                open_things(&f, real);
                fixture_run(&f, many_rows_body);
                fixture_release(&f);
        }
}

static void interrupted_run(task *child, void *argument)
{
        writer *w = argument;
        if (w->id == 1) task_interrupt(child, FAILURE_CANCELLED);
        store_batch batch = store_batch_begin(&child->arena);
        insert(&batch, w->id, NULL);
        w->outcome = store_commit(child, w->f->store, &batch);
        if (w->id == 1) assert_int_equal(child->failure.kind, FAILURE_CANCELLED);
}

static void interrupted_body(task *t, fixture *f)
{
        writer before = {.f = f, .id = 1};
        task_group *group = task_group_begin(t);
        task_group_spawn(group, interrupted_run, &before);
        assert_true(task_group_wait(group));
        assert_int_equal(before.outcome, STORE_UNAVAILABLE);
        assert_int_equal(count_things(t, f), 0);
        t->failure = (failure){0};

        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, 2, NULL);
        t->deadline_ms = clock_monotonic_ms(loop_clock(f->loop)); /* passes while it is written */
        assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);
}

static void
an_interrupted_task_sends_nothing_and_one_interrupted_later_learns_the_outcome(void **state)
{
        (void)state;
        fixture f;
        open_things(&f, true);
        fixture_run(&f, interrupted_body);
        fixture_release(&f);
}

static void statements_are_prepared_or_refused_by_name(void **state)
{
        (void)state;
        fixture f;
        open_things(&f, false);
        failure why = {0};
        assert_true(store_prepare(f.store, &thing_load, &why));
        assert_false(store_prepare(f.store, &nothing_of_the_kind, &why));
        assert_string_equal(why.reason, "STORE_STATEMENT");
        assert_non_null(strstr(why.message, "nothing_of_the_kind"));
        fixture_release(&f);
}

static void an_unknown_engine_is_refused(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false);
        failure why = {0};
        store_options options = {.engine = "filing-cabinet", .folder = f.folder, .name = "x"};
        assert_null(store_open(f.loop, &options, &why));
        assert_string_equal(why.reason, "STORE_ENGINE_UNKNOWN");
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(values_come_back_as_they_were_stored),
                cmocka_unit_test(sha256_of_joined_blobs_is_that_of_their_bytes),
                cmocka_unit_test(a_broken_constraint_undoes_the_whole_batch),
                cmocka_unit_test(duplicate_comes_only_from_a_statement_that_means_it),
                cmocka_unit_test(
                        an_expected_row_that_is_missing_is_a_conflict_and_a_returned_one_can_be_read),
                cmocka_unit_test(writes_of_one_turn_share_a_commit_and_a_failing_one_goes_alone),
                cmocka_unit_test(a_list_gives_all_rows_into_the_arena_that_was_named),
                cmocka_unit_test(
                        an_interrupted_task_sends_nothing_and_one_interrupted_later_learns_the_outcome),
                cmocka_unit_test(statements_are_prepared_or_refused_by_name),
                cmocka_unit_test(an_unknown_engine_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
