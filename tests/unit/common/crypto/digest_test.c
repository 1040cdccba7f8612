/* SHA-256 against the published values. */
#include "common/crypto/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void assert_digest(digest found, const char *expected)
{
        char text[2 * DIGEST_BYTES + 1];
        bytes_to_hex(bytes_of(found.bytes, DIGEST_BYTES), text);
        assert_string_equal(text, expected);
}

static void published_values_come_out(void **state)
{
        (void)state;
        assert_digest(digest_of(bytes_of(NULL, 0)),
                      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_digest(digest_of(bytes_of_text("abc")),
                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_digest(digest_of_two(bytes_of_text("a"), bytes_of_text("bc")),
                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void parts_of_any_size_give_the_same_digest(void **state)
{
        (void)state;
        uint8_t text[1000];
        for (size_t i = 0; i < sizeof text; i++)
                text[i] = (uint8_t)(i * 7);
        digest whole = digest_of(bytes_of(text, sizeof text));
        for (size_t step = 1; step < 200; step += 13) {
                digest_run run;
                digest_begin(&run);
                for (size_t i = 0; i < sizeof text; i += step) {
                        size_t left = sizeof text - i;
                        digest_add(&run, bytes_of(text + i, left < step ? left : step));
                }
                digest parts = digest_end(&run);
                assert_memory_equal(parts.bytes, whole.bytes, DIGEST_BYTES);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(published_values_come_out),
                cmocka_unit_test(parts_of_any_size_give_the_same_digest),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
