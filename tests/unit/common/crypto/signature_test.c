#include "common/crypto/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 8032, 7.1, TEST 2. */
static const uint8_t SEED[SIGNATURE_SEED_BYTES] = {0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda,
                                                   0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
                                                   0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24,
                                                   0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
static const uint8_t EXPECTED[SIGNATURE_BYTES] = {
        0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8, 0x72, 0x0e, 0x82, 0x0b, 0x5f,
        0x64, 0x25, 0x40, 0xa2, 0xb2, 0x7b, 0x54, 0x16, 0x50, 0x3f, 0x8f, 0xb3, 0x76,
        0x22, 0x23, 0xeb, 0xdb, 0x69, 0xda, 0x08, 0x5a, 0xc1, 0xe4, 0x3e, 0x15, 0x99,
        0x6e, 0x45, 0x8f, 0x36, 0x13, 0xd0, 0xf1, 0x1d, 0x8c, 0x38, 0x7b, 0x2e, 0xae,
        0xb4, 0x30, 0x2a, 0xee, 0xb0, 0x0d, 0x29, 0x16, 0x12, 0xbb, 0x0c, 0x00};

static void signs_as_the_standard_says(void **state)
{
        (void)state;
        failure f = {0};
        uint8_t signature[SIGNATURE_BYTES];
        signing_key *key = signing_key_create(bytes_of(SEED, sizeof SEED), &f);
        assert_non_null(key);
        signing_key_sign(key, bytes_of("\x72", 1), signature);
        assert_memory_equal(signature, EXPECTED, sizeof EXPECTED);
        assert_true(signing_key_verify(key, bytes_of("\x72", 1), signature));
        signing_key_destroy(key);
}

static void another_message_or_signature_does_not_verify(void **state)
{
        (void)state;
        failure f = {0};
        uint8_t signature[SIGNATURE_BYTES];
        signing_key *key = signing_key_create(bytes_of(SEED, sizeof SEED), &f);
        memcpy(signature, EXPECTED, sizeof signature);
        assert_false(signing_key_verify(key, bytes_of("\x73", 1), signature));
        for (size_t i = 0; i < sizeof signature; i++) {
                signature[i] ^= 1;
                assert_false(signing_key_verify(key, bytes_of("\x72", 1), signature));
                signature[i] ^= 1;
        }
        signing_key_destroy(key);
}

static void a_seed_of_another_length_is_refused(void **state)
{
        (void)state;
        failure f = {0};
        assert_null(signing_key_create(bytes_of(SEED, 31), &f));
        assert_string_equal(f.reason, "KEY_FILE_MALFORMED");
        signing_key_destroy(NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(signs_as_the_standard_says),
                cmocka_unit_test(another_message_or_signature_does_not_verify),
                cmocka_unit_test(a_seed_of_another_length_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
