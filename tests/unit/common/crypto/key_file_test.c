/* Key files: private or refused, whole or absent, never replaced. */
#include "common/crypto/key_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path_of(const char *name)
{
        static char path[512];
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(path, sizeof path, "%s/%s", folder ? folder : "/tmp", name);
        unlink(path);
        return path;
}

static void write_file(const char *path, const char *content, mode_t mode)
{
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(content, file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(path, mode), 0);
}

static void assert_refused(const char *path, const char *reason)
{
        SCOPED(secret_buffer) key = {0};
        failure f = {0};
        assert_false(key_file_read_key(path, &key, &f));
        assert_string_equal(f.reason, reason);
        assert_null(key.data);
}

static void a_created_key_reads_back_and_is_private(void **state)
{
        (void)state;
        const char *path = path_of("created.key");
        failure f = {0};
        assert_true(key_file_create_key(path, 32, &f));
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0600);
        SCOPED(secret_buffer) key = {0};
        assert_true(key_file_read_key(path, &key, &f));
        assert_int_equal(key.length, 32);
}

static void an_existing_file_is_never_replaced(void **state)
{
        (void)state;
        const char *path = path_of("existing.key");
        failure f = {0};
        assert_true(key_file_create(path, bytes_of_text("first"), &f));
        assert_false(key_file_create(path, bytes_of_text("second"), &f));
        assert_int_equal(f.kind, FAILURE_ALREADY_EXISTS);
        SCOPED(secret_buffer) content = {0};
        failure none = {0};
        assert_true(key_file_read(path, &content, &none));
        assert_true(bytes_equal(secret_buffer_bytes(&content), bytes_of_text("first")));
}

static void a_file_that_others_can_read_is_refused(void **state)
{
        (void)state;
        const char *path = path_of("open.key");
        write_file(path, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", 0644);
        assert_refused(path, "KEY_FILE_OPEN_TO_OTHERS");
        assert_int_equal(chmod(path, 0660), 0);
        assert_refused(path, "KEY_FILE_OPEN_TO_OTHERS");
        assert_int_equal(chmod(path, 0400), 0);
        SCOPED(secret_buffer) key = {0};
        failure f = {0};
        assert_true(key_file_read_key(path, &key, &f));
}

static void missing_empty_and_malformed_files_are_refused(void **state)
{
        (void)state;
        assert_refused(path_of("absent.key"), "KEY_FILE_MISSING");
        assert_refused("/dev/null", "KEY_FILE_MISSING");
        assert_refused("/", "KEY_FILE_MISSING");
        const char *path = path_of("bad.key");
        write_file(path, "", 0600);
        assert_refused(path, "KEY_FILE_MALFORMED");
        write_file(path, "not base64url!\n", 0600);
        assert_refused(path, "KEY_FILE_MALFORMED");
        write_file(path, "AAAA\n", 0600);
        assert_refused(path, "KEY_FILE_MALFORMED");
}

static void a_folder_that_is_not_there_is_a_clear_failure(void **state)
{
        (void)state;
        failure f = {0};
        assert_false(key_file_create("/nonexistent/folder/x.key", bytes_of_text("x"), &f));
        assert_string_equal(f.reason, "KEY_FILE_UNWRITABLE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_created_key_reads_back_and_is_private),
                cmocka_unit_test(an_existing_file_is_never_replaced),
                cmocka_unit_test(a_file_that_others_can_read_is_refused),
                cmocka_unit_test(missing_empty_and_malformed_files_are_refused),
                cmocka_unit_test(a_folder_that_is_not_there_is_a_clear_failure),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
