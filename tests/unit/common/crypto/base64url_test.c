/* base64url: one text for some bytes, and no other. */
#include "common/crypto/base64url.h"

#include "common/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void any_bytes_survive(void **state)
{
        (void)state;
        random_seeded random;
        random_seeded_init(&random, 3);
        for (size_t length = 0; length < 100; length++) {
                uint8_t from[100], back[100];
                char text[140];
                random_fill(&random.base, from, length);
                base64url_encode(bytes_of(from, length), text);
                assert_int_equal(strlen(text), base64url_length(length));
                size_t decoded = 0;
                assert_true(base64url_decode(bytes_of_text(text), back, sizeof back, &decoded));
                assert_int_equal(decoded, length);
                assert_memory_equal(from, back, length);
        }
}

static void other_spellings_are_refused(void **state)
{
        (void)state;
        static const char *const bad[] = {"AA==", "AB", "A", "AA A", "AA\n", "A+AA", "A/AA", "AAé"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                uint8_t to[8];
                size_t length = 99;
                if (base64url_decode(bytes_of_text(bad[i]), to, sizeof to, &length))
                        fail_msg("accepted: %s", bad[i]);
                assert_int_equal(length, 99);
        }
        uint8_t to[2];
        size_t length = 0;
        assert_false(base64url_decode(bytes_of_text("AAAA"), to, sizeof to, &length));
}

static void exactly_the_alphabet_is_understood(void **state)
{
        (void)state;
        static const char alphabet[] =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int c = 0; c < 256; c++) {
                char text[4] = {'A', 'A', 'A', (char)c};
                uint8_t to[3];
                size_t length = 0;
                bool expected = c != 0 && strchr(alphabet, c) != NULL;
                assert_int_equal(base64url_decode(bytes_of(text, 4), to, sizeof to, &length),
                                 expected);
                if (expected) assert_int_equal(to[2], strchr(alphabet, c) - alphabet);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(any_bytes_survive),
                cmocka_unit_test(other_spellings_are_refused),
                cmocka_unit_test(exactly_the_alphabet_is_understood),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
