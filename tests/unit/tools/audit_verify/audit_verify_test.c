/* The offline verifier as a person runs it: what it prints and how it ends. */
#include "common/commit/read_audit.h"
#include "tests/unit/common/commit/ledger.h"

#include <sys/wait.h>

static char output[4096];

static int verify(const char *flags, const char *folder, const char *file)
{
        char command[1024];
        snprintf(command, sizeof command, "tools/audit_verify/audit_verify %s %s/%s 2>&1", flags,
                 folder, file);
        FILE *pipe = popen(command, "r");
        assert_non_null(pipe);
        size_t length = fread(output, 1, sizeof output - 1, pipe);
        output[length] = '\0';
        return WEXITSTATUS(pclose(pipe));
}

static void fill_body(task *t, fixture *f)
{
        for (int i = 0; i < 10; i++)
                ledger_seed(t, ledger_of(f), "OPEN");
}

static void deface_body(task *t, fixture *f)
{
        RUN_SQL(t, ledger_of(f), &journal_deface, store_text("forged"), store_integer(PART),
                store_integer(6));
}

static void S7_an_edited_row_is_named_and_a_whole_trail_is_called_whole(void **state)
{
        (void)state;
        ledger l;
        ledger_open(&l, false);
        fixture_run(&l.fixture, fill_body);
        /* Beside the running service, too. */
        assert_int_equal(verify("", l.fixture.folder, "things.db"), 0);
        assert_non_null(strstr(output, "10 rows in 256 chains: whole"));
        fixture_run(&l.fixture, deface_body);
        char folder[256];
        strcpy(folder, l.fixture.folder);
        ledger_close(&l);
        assert_int_equal(verify("", folder, "things.db"), 1);
        assert_non_null(strstr(output, "part 7: row 6: it does not carry what its hash says"));
        assert_non_null(strstr(output, "BROKEN"));
}

static void what_cannot_be_read_is_never_called_whole(void **state)
{
        (void)state;
        char folder[256];
        fixture_folder(folder);
        assert_int_equal(verify("", folder, "nothing.db"), 2);
        assert_int_equal(verify("", folder, "nothing.txt"), 2);
        char path[512];
        snprintf(path, sizeof path, "%s/letter.db", folder);
        FILE *file = fopen(path, "w");
        for (int i = 0; i < 500; i++)
                fputs("Dear Sir or Madam,\n", file);
        fclose(file);
        assert_int_equal(verify("", folder, "letter.db"), 2);
        assert_int_equal(verify("--reads", folder, "letter.db"), 2);
        assert_int_equal(verify("--help", folder, "letter.db"), 64);
}

static read_audit *audit;

static void read_body(task *t, fixture *f)
{
        (void)f;
        for (int i = 0; i < 5; i++) {
                read_audit_entry entry = {.at = i, .caller = "c", .method = "m"};
                assert_true(read_audit_write(t, audit, &entry));
        }
}

static void a_stream_of_reads_is_verified_with_its_flag(void **state)
{
        (void)state;
        fixture f;
        failure why = {0};
        fixture_init(&f, false);
        read_audit_options options = {
                .loop = f.loop, .folder = f.folder, .stream = "reads", .inline_writes = true};
        audit = read_audit_open(&options, &why);
        assert_non_null(audit);
        fixture_run(&f, read_body);
        read_audit_close(audit);
        assert_int_equal(verify("--reads", f.folder, "reads.db"), 0);
        assert_non_null(strstr(output, "5 reads: whole"));
        assert_int_equal(verify("", f.folder, "reads.db"), 2); /* no journal in it */
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S7_an_edited_row_is_named_and_a_whole_trail_is_called_whole),
                cmocka_unit_test(what_cannot_be_read_is_never_called_whole),
                cmocka_unit_test(a_stream_of_reads_is_verified_with_its_flag),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
