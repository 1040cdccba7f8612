/* What is SQLite's own: files, locks, foreign databases, full disks, the log, kill -9. */
#include "tests/unit/common/store/fixture.h"
#include "tests/unit/common/store/schema_one.h"
#include "tests/unit/common/store/schema_two.h"
#include "tests/unit/common/store/things.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static store_batch_item *insert(store_batch *batch, int64_t id, bytes body)
{
        return store_batch_add(batch, &thing_insert, store_integer(1), store_integer(id),
                               store_null(), store_blob(body));
}

static const char *open_reason(fixture *f, store_options options, failure *why)
{
        options.folder = f->folder;
        if (!options.name) options.name = "things";
        options.inline_writes = true;
        *why = (failure){0};
        store *s = store_open(f->loop, &options, why);
        if (!s) return why->reason;
        store_close(s);
        return "";
}

static char *path_of(fixture *f, const char *name)
{
        static char path[512];
        snprintf(path, sizeof path, "%s/%s", f->folder, name);
        return path;
}

static void a_second_process_is_told_that_the_database_is_in_use(void **state)
{
        (void)state;
        fixture f;
        failure why;
        fixture_init(&f, false);
        fixture_open(&f, (store_options){.schemas = {&schema_one}});
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
                const char *reason =
                        open_reason(&f, (store_options){.schemas = {&schema_one}}, &why);
                char holder[32];
                snprintf(holder, sizeof holder, "pid %d", (int)getppid());
                _exit(strcmp(reason, "STORE_LOCKED") == 0 && strstr(why.message, holder) ? 0 : 1);
        }
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        fixture_release(&f);
}

static void a_closed_database_can_be_opened_again(void **state)
{
        (void)state;
        fixture f;
        failure why;
        fixture_init(&f, false);
        store_options options = {.schemas = {&schema_one}};
        assert_string_equal(open_reason(&f, options, &why), "");
        assert_string_equal(open_reason(&f, options, &why), "");
        fixture_release(&f);
}

static void foreign_databases_are_refused(void **state)
{
        (void)state;
        fixture f;
        failure why;
        fixture_init(&f, false);
        static const store_schema bank = {"bank", NULL, 0};
        assert_string_equal(open_reason(&f, (store_options){.schemas = {&schema_two}}, &why), "");
        /* Another service's: it knows nothing of "things". */
        assert_string_equal(open_reason(&f, (store_options){.schemas = {&bank}}, &why),
                            "STORE_FOREIGN");
        assert_non_null(strstr(why.message, "things"));
        /* A newer version's. */
        assert_string_equal(open_reason(&f, (store_options){.schemas = {&schema_one}}, &why),
                            "STORE_FOREIGN");
        assert_non_null(strstr(why.message, "newer"));
        /* Another program's. */
        sqlite3 *other;
        assert_int_equal(sqlite3_open(path_of(&f, "other.db"), &other), SQLITE_OK);
        sqlite3_exec(other, "CREATE TABLE letters (body TEXT)", NULL, NULL, NULL);
        sqlite3_close(other);
        assert_string_equal(
                open_reason(&f, (store_options){.name = "other", .schemas = {&schema_one}}, &why),
                "STORE_FOREIGN");
        fixture_release(&f);
}

static void a_file_that_is_no_database_is_refused_and_left_alone(void **state)
{
        (void)state;
        fixture f;
        failure why;
        fixture_init(&f, false);
        FILE *file = fopen(path_of(&f, "letters.db"), "w");
        for (int i = 0; i < 1000; i++)
                fprintf(file, "Dear Sir or Madam,\n");
        fclose(file);
        assert_string_equal(
                open_reason(&f, (store_options){.name = "letters", .schemas = {&schema_one}}, &why),
                "STORE_CORRUPT");
        struct stat after;
        assert_int_equal(stat(path_of(&f, "letters.db"), &after), 0);
        assert_int_equal(after.st_size, 19000);
        fixture_release(&f);
}

static void old_row_body(task *t, fixture *f)
{
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, 1, bytes_of("x", 1));
        assert_int_equal(store_commit(t, f->store, &batch), STORE_OK);
}

static void colour_body(task *t, fixture *f)
{
        store_rows rows = {0};
        assert_true(store_query(t, f->store, &thing_colour, &rows, store_integer(1)));
        assert_string_equal(store_row_text(store_row(&rows, 0), 0), "a \"b\" \\");
}

static void a_newer_program_migrates_and_keeps_what_was_there(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false);
        fixture_open(&f, (store_options){.schemas = {&schema_one}});
        fixture_run(&f, old_row_body);
        store_close(f.store);
        fixture_open(&f, (store_options){.schemas = {&schema_two}});
        fixture_run(&f, colour_body);
        fixture_release(&f);
}

static store_outcome write_big(task *t, fixture *f, int64_t id)
{
        static uint8_t body[100000];
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, id, bytes_of(body, sizeof body));
        return store_commit(t, f->store, &batch);
}

static void full_disk_body(task *t, fixture *f)
{
        assert_int_equal(write_big(t, f, 1), STORE_OK);
        struct rlimit before, tight;
        getrlimit(RLIMIT_FSIZE, &before);
        tight = before;
        tight.rlim_cur = 300000;
        setrlimit(RLIMIT_FSIZE, &tight);
        store_outcome outcome = STORE_OK;
        int64_t id = 2;
        for (; id < 20 && outcome == STORE_OK; id++)
                outcome = write_big(t, f, id);
        setrlimit(RLIMIT_FSIZE, &before);
        assert_int_equal(outcome, STORE_UNAVAILABLE);
        assert_string_equal(t->failure.reason, "STORE_UNAVAILABLE");
        t->failure = (failure){0};

        /* There is room again: it goes on by itself, and what failed is not there. */
        store_rows rows = {0};
        assert_true(store_query(t, f->store, &thing_load, &rows, store_integer(1),
                                store_integer(id - 1)));
        assert_int_equal(rows.row_count, 0);
        assert_int_equal(write_big(t, f, id - 1), STORE_OK);
}

static void a_full_disk_is_unavailable_and_passes(void **state)
{
        (void)state;
        signal(SIGXFSZ, SIG_IGN);
        for (int real = 0; real < 2; real++) {
                fixture f;
                fixture_init(&f, real);
                fixture_open(&f, (store_options){.schemas = {&schema_one}});
                fixture_run(&f, full_disk_body);
                fixture_release(&f);
        }
}

static void long_log_body(task *t, fixture *f)
{
        for (int i = 0; i < 200; i++) {
                assert_int_equal(write_big(t, f, i), STORE_OK);
        }
}

static void the_log_starts_anew_when_it_has_grown_too_long(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, true);
        fixture_open(&f, (store_options){.schemas = {&schema_one},
                                         .wal_bytes_max = 1 << 20,
                                         .checkpoint_interval_ms = 3600000});
        fixture_run(&f, long_log_body);
        struct stat log, database;
        assert_int_equal(stat(path_of(&f, "things.db-wal"), &log), 0);
        assert_int_equal(stat(path_of(&f, "things.db"), &database), 0);
        assert_true(log.st_size < 3 << 20);
        assert_true(database.st_size > 15 << 20);
        assert_true(store_count(f.store).checkpoints > 5);
        fixture_release(&f);
}

static void is_there_body(task *t, fixture *f)
{
        store_rows rows = {0};
        assert_true(
                store_query(t, f->store, &thing_load, &rows, store_integer(1), store_integer(1)));
        assert_int_equal(rows.row_count, 1);
}

static void a_database_in_memory_outlives_the_store_that_filled_it(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false);
        store_options options = {.memory = true, .name = "shared", .schemas = {&schema_one}};
        fixture_open(&f, options);
        store *keeper = f.store;
        fixture_open(&f, options);
        fixture_run(&f, old_row_body);
        store_close(f.store);
        fixture_open(&f, options);
        fixture_run(&f, is_there_body);
        store_close(keeper);
        fixture_release(&f);
}

static void read_only_body(task *t, fixture *f)
{
        is_there_body(t, f);
        store_batch batch = store_batch_begin(&t->arena);
        insert(&batch, 2, bytes_of("y", 1));
        assert_int_equal(store_commit(t, f->store, &batch), STORE_UNAVAILABLE);
}

static void a_tool_reads_beside_the_running_service_and_writes_nothing(void **state)
{
        (void)state;
        fixture f;
        fixture_init(&f, false);
        fixture_open(&f, (store_options){.schemas = {&schema_one}});
        fixture_run(&f, old_row_body);
        store *running = f.store;
        fixture_open(&f, (store_options){.schemas = {&schema_one}, .read_only = true});
        fixture_run(&f, read_only_body);
        store_close(f.store);
        f.store = running;
        fixture_release(&f);
}

/* ---- kill -9 ---- */

enum { KILL_WRITERS = 16, KILL_ROUNDS = 8 };

typedef struct endless {
        fixture *f;
        int lane, acknowledged;
} endless;

static void endless_run(task *child, void *argument)
{
        endless *e = argument;
        for (int64_t i = 0;; i++) {
                SCOPED(arena) memory = {0};
                int64_t id = i * KILL_WRITERS + e->lane + ((int64_t)getpid() << 32);
                store_batch batch = store_batch_begin(&memory);
                insert(&batch, id, bytes_of("x", 1));
                if (store_commit(child, e->f->store, &batch) != STORE_OK) _exit(2);
                if (write(e->acknowledged, &id, sizeof id) != sizeof id) _exit(3);
        }
}

static int child_pipe;

static void endless_body(task *t, fixture *f)
{
        endless lanes[KILL_WRITERS];
        task_group *group = task_group_begin(t);
        for (int i = 0; i < KILL_WRITERS; i++) {
                lanes[i] = (endless){f, i, child_pipe};
                task_group_spawn(group, endless_run, &lanes[i]);
        }
        if (!task_group_wait(group)) _exit(4);
}

static int64_t acknowledged[200000];
static size_t acknowledged_count;

static void all_there_body(task *t, fixture *f)
{
        for (size_t i = 0; i < acknowledged_count; i++) {
                SCOPED(arena) memory = {0};
                store_rows rows = {.arena = &memory};
                assert_true(store_query(t, f->store, &thing_load, &rows, store_integer(1),
                                        store_integer(acknowledged[i])));
                assert_int_equal(rows.row_count, 1);
        }
}

static void every_acknowledged_write_survives_kill_9(void **state)
{
        (void)state;
        char folder[256];
        fixture_folder(folder);
        for (int round = 0; round < KILL_ROUNDS; round++) {
                int ends[2];
                assert_int_equal(pipe(ends), 0);
                pid_t child = fork();
                assert_true(child >= 0);
                if (child == 0) {
                        close(ends[0]);
                        child_pipe = ends[1];
                        fixture f;
                        fixture_init(&f, true);
                        fixture_open(&f,
                                     (store_options){.folder = folder, .schemas = {&schema_one}});
                        fixture_run(&f, endless_body);
                        _exit(5);
                }
                close(ends[1]);
                /* So many acknowledgements later, at an arbitrary moment of its work. */
                size_t until = acknowledged_count + 50 + (size_t)round * 397;
                while (acknowledged_count < until) {
                        ssize_t count = read(ends[0], &acknowledged[acknowledged_count],
                                             sizeof acknowledged[0]);
                        assert_int_equal(count, sizeof acknowledged[0]);
                        acknowledged_count++;
                }
                kill(child, SIGKILL);
                ssize_t count;
                while ((count = read(ends[0], &acknowledged[acknowledged_count],
                                     sizeof acknowledged[0])) == sizeof acknowledged[0])
                        acknowledged_count++;
                close(ends[0]);
                int status;
                assert_int_equal(waitpid(child, &status, 0), child);
                assert_true(WIFSIGNALED(status));
        }
        fixture f;
        fixture_init(&f, false);
        fixture_open(&f, (store_options){.folder = folder, .schemas = {&schema_one}});
        fixture_run(&f, all_there_body);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(
                        every_acknowledged_write_survives_kill_9), /* forks: no thread yet */
                cmocka_unit_test(a_second_process_is_told_that_the_database_is_in_use),
                cmocka_unit_test(a_closed_database_can_be_opened_again),
                cmocka_unit_test(foreign_databases_are_refused),
                cmocka_unit_test(a_file_that_is_no_database_is_refused_and_left_alone),
                cmocka_unit_test(a_newer_program_migrates_and_keeps_what_was_there),
                cmocka_unit_test(a_full_disk_is_unavailable_and_passes),
                cmocka_unit_test(the_log_starts_anew_when_it_has_grown_too_long),
                cmocka_unit_test(a_database_in_memory_outlives_the_store_that_filled_it),
                cmocka_unit_test(a_tool_reads_beside_the_running_service_and_writes_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
