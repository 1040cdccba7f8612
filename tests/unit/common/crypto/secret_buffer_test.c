/* Secrets in memory: taken cleared, copied, compared, released. */
#include "common/crypto/secret_buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void a_taken_buffer_is_cleared_and_releases_to_zero(void **state)
{
        (void)state;
        secret_buffer secret = {0};
        secret_buffer_take(&secret, 100);
        for (int i = 0; i < 100; i++)
                assert_int_equal(secret.data[i], 0);
        secret_buffer_take(&secret, 8);
        assert_int_equal(secret.length, 8);
        secret_buffer_release(&secret);
        assert_null(secret.data);
        assert_int_equal(secret.length, 0);
        secret_buffer_release(&secret);
}

static void copying_from_itself_keeps_the_content(void **state)
{
        (void)state;
        SCOPED(secret_buffer) secret = {0};
        secret_buffer_copy(&secret, bytes_of_text("123456"));
        secret_buffer_copy(&secret, bytes_of(secret.data + 1, 3));
        assert_true(secret_equal(secret_buffer_bytes(&secret), bytes_of_text("234")));
}

static void equality_looks_at_length_and_every_byte(void **state)
{
        (void)state;
        assert_true(secret_equal(bytes_of_text("123456"), bytes_of_text("123456")));
        assert_false(secret_equal(bytes_of_text("123456"), bytes_of_text("12345")));
        assert_false(secret_equal(bytes_of_text("123456"), bytes_of_text("123457")));
        assert_false(secret_equal(bytes_of_text("023456"), bytes_of_text("123456")));
        assert_true(secret_equal(bytes_of(NULL, 0), bytes_of(NULL, 0)));
        char wiped[4] = "abc";
        secret_wipe(wiped, sizeof wiped);
        assert_memory_equal(wiped, "\0\0\0\0", 4);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_taken_buffer_is_cleared_and_releases_to_zero),
                cmocka_unit_test(copying_from_itself_keeps_the_content),
                cmocka_unit_test(equality_looks_at_length_and_every_byte),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
