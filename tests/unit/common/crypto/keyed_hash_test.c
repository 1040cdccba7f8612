/* HMAC-SHA-256 against RFC 4231. */
#include "common/crypto/keyed_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void rfc_4231_values_come_out_again_and_again(void **state)
{
        (void)state;
        uint8_t key[20];
        memset(key, 0x0b, sizeof key);
        failure f = {0};
        keyed_hash *hash = keyed_hash_create(bytes_of(key, sizeof key), &f);
        assert_non_null(hash);
        for (int i = 0; i < 3; i++) {
                char text[2 * DIGEST_BYTES + 1];
                digest found = keyed_hash_of(hash, bytes_of_text("Hi There"));
                bytes_to_hex(bytes_of(found.bytes, DIGEST_BYTES), text);
                assert_string_equal(
                        text, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        }
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of_text("Hi "));
        keyed_hash_add(hash, bytes_of(NULL, 0));
        keyed_hash_add(hash, bytes_of_text("There"));
        digest parts = keyed_hash_end(hash);
        digest whole = keyed_hash_of(hash, bytes_of_text("Hi There"));
        assert_memory_equal(parts.bytes, whole.bytes, DIGEST_BYTES);
        keyed_hash_destroy(hash);
}

static void another_key_gives_another_hash(void **state)
{
        (void)state;
        failure f = {0};
        keyed_hash *a = keyed_hash_create(bytes_of_text("0123456789abcdef"), &f);
        keyed_hash *b = keyed_hash_create(bytes_of_text("0123456789abcdeg"), &f);
        digest of_a = keyed_hash_of(a, bytes_of_text("x"));
        digest of_b = keyed_hash_of(b, bytes_of_text("x"));
        assert_memory_not_equal(of_a.bytes, of_b.bytes, DIGEST_BYTES);
        keyed_hash_destroy(a);
        keyed_hash_destroy(b);
        keyed_hash_destroy(NULL);
}

static void a_short_key_is_refused(void **state)
{
        (void)state;
        failure f = {0};
        assert_null(keyed_hash_create(bytes_of_text("short"), &f));
        assert_string_equal(f.reason, "KEY_TOO_SHORT");
        failure missing = {0};
        assert_null(keyed_hash_load("/nonexistent/hash.key", &missing));
        assert_string_equal(missing.reason, "KEY_FILE_MISSING");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rfc_4231_values_come_out_again_and_again),
                cmocka_unit_test(another_key_gives_another_hash),
                cmocka_unit_test(a_short_key_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
