/* The key file of data keys: several keys, the newest by number, and clear refusals. */
#include "common/crypto/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

static keyring *load(const char *content, failure *f)
{
        char path[512];
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(path, sizeof path, "%s/ring-%d.json", folder ? folder : "/tmp", (int)getpid());
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(content, file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(path, 0600), 0);
        keyring *ring = keyring_load(path, f);
        assert_int_equal(unlink(path), 0);
        return ring;
}

static void the_highest_number_is_the_newest_wherever_it_stands(void **state)
{
        (void)state;
        failure f = {0};
        keyring *ring = load("{\"keys\":[{\"id\":7,\"key\":\"" KEY_A
                             "\"},{\"id\":3,\"key\":\"" KEY_B "\",\"note\":\"old\"}]}",
                             &f);
        assert_non_null(ring);
        assert_int_equal(keyring_newest(ring), 7);
        assert_int_equal(keyring_count(ring), 2);
        assert_true(keyring_has(ring, 3));
        assert_false(keyring_has(ring, 4));
        keyring_destroy(ring);
}

static void what_is_not_a_ring_is_refused(void **state)
{
        (void)state;
        static const char *const bad[] = {
                "[]",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "{\"keys\":[1]}",
                "{\"keys\":[{\"id\":0,\"key\":\"" KEY_A "\"}]}",
                "{\"keys\":[{\"id\":4294967296,\"key\":\"" KEY_A "\"}]}",
                "{\"keys\":[{\"id\":\"1\",\"key\":\"" KEY_A "\"}]}",
                "{\"keys\":[{\"id\":1,\"key\":\"AAAA\"}]}",
                "{\"keys\":[{\"id\":1,\"key\":\"" KEY_A "AAAA\"}]}",
                "{\"keys\":[{\"id\":1,\"key\":\"" KEY_A "\"},{\"id\":1,\"key\":\"" KEY_B "\"}]}",
                "{\"keys\":[{\"id\":1,\"id\":2,\"key\":\"" KEY_A "\"}]}",
                "{\"keys\":[{\"id\":1,\"key\":\"" KEY_A "\"}]} x",
                "not json",
        };
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                failure f = {0};
                assert_null(load(bad[i], &f));
                assert_string_equal(f.reason, "KEY_FILE_MALFORMED");
        }
}

static void a_created_file_holds_one_key_and_is_never_replaced(void **state)
{
        (void)state;
        char path[512];
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(path, sizeof path, "%s/made-%d.json", folder ? folder : "/tmp", (int)getpid());
        failure f = {0};
        assert_true(keyring_create_file(path, &f));
        keyring *ring = keyring_load(path, &f);
        assert_non_null(ring);
        assert_int_equal(keyring_newest(ring), 1);
        assert_int_equal(keyring_count(ring), 1);
        keyring_destroy(ring);
        assert_false(keyring_create_file(path, &f));
        assert_int_equal(f.kind, FAILURE_ALREADY_EXISTS);
        assert_int_equal(unlink(path), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_highest_number_is_the_newest_wherever_it_stands),
                cmocka_unit_test(what_is_not_a_ring_is_refused),
                cmocka_unit_test(a_created_file_holds_one_key_and_is_never_replaced),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
