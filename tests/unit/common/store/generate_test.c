/* The build's refusals: what would mean something else to one of the engines does not compile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int generate(const char *mode, const char *sql)
{
        char path[512], command[1024];
        snprintf(path, sizeof path, "%s/input.sql", getenv("TEST_TMPDIR"));
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(sql, file);
        fclose(file);
        snprintf(command, sizeof command,
                 "awk -f common/store/generate.awk -v mode=%s -v name=x -v component=x -v out=c"
                 " -v header=x.h %s >/dev/null 2>&1",
                 mode, path);
        return system(command);
}

static void a_gap_in_the_parameters_does_not_build(void **state)
{
        (void)state;
        assert_int_equal(generate("statements", "-- name: a\nSELECT $1, $2;\n"), 0);
        assert_int_not_equal(generate("statements", "-- name: a\nSELECT $1, $3;\n"), 0);
}

static void two_statements_in_one_block_do_not_build(void **state)
{
        (void)state;
        assert_int_not_equal(generate("statements", "-- name: a\nSELECT 1; SELECT 2;\n"), 0);
}

static void names_are_unique_and_are_names(void **state)
{
        (void)state;
        assert_int_not_equal(
                generate("statements", "-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n"), 0);
        assert_int_not_equal(generate("statements", "-- name: a-b\nSELECT 1;\n"), 0);
        assert_int_not_equal(generate("statements", "-- name: a\n-- name: b\nSELECT 1;\n"), 0);
}

static void migrations_are_numbered_without_gaps(void **state)
{
        (void)state;
        assert_int_equal(generate("schema", "-- migration: 1 a\nCREATE TABLE a (b);\n"), 0);
        assert_int_not_equal(generate("schema", "-- migration: 2 a\nCREATE TABLE a (b);\n"), 0);
        assert_int_not_equal(
                generate("schema", "-- migration: 1 a\n-- engine: cabinet\nCREATE TABLE a (b);\n"),
                0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_gap_in_the_parameters_does_not_build),
                cmocka_unit_test(two_statements_in_one_block_do_not_build),
                cmocka_unit_test(names_are_unique_and_are_names),
                cmocka_unit_test(migrations_are_numbered_without_gaps),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
