/* Sealed columns: what is sealed opens in its place only, and not one bit of it may change. */
#include "common/crypto/seal.h"

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

typedef struct fixture {
        arena arena;
        random_seeded random;
        keyring *ring;
} fixture;

static int set_up(void **state)
{
        static fixture f;
        f = (fixture){0};
        random_seeded_init(&f.random, 11);
        uint8_t key[KEYRING_KEY_BYTES] = {42};
        failure why = {0};
        f.ring = keyring_create(bytes_of(key, sizeof key), &why);
        *state = &f;
        return f.ring ? 0 : -1;
}

static int tear_down(void **state)
{
        fixture *f = *state;
        keyring_destroy(f->ring);
        arena_release(&f->arena);
        return 0;
}

static seal_place place_of(const char *table, const char *column, const char *row)
{
        return (seal_place){table, column, bytes_of_text(row)};
}

static void assert_closed(fixture *f, seal_place place, bytes sealed, const char *reason)
{
        failure why = {0};
        bytes plain = {0};
        assert_false(seal_open(f->ring, place, sealed, &f->arena, &plain, &why));
        assert_int_equal(why.kind, FAILURE_DATA_LOSS);
        assert_string_equal(why.reason, reason);
        assert_null(plain.data);
}

static void a_sealed_value_opens_in_its_place(void **state)
{
        fixture *f = *state;
        for (size_t length = 0; length < 300; length += 17) {
                char text[300];
                memset(text, 'x', sizeof text);
                seal_place place = place_of("person", "name", "row 1");
                bytes sealed = seal_close(f->ring, &f->random.base, place, bytes_of(text, length),
                                          &f->arena);
                assert_int_equal(sealed.length, length + SEAL_OVERHEAD_BYTES);
                uint32_t id = 0;
                assert_true(seal_key_id(sealed, &id));
                assert_int_equal(id, 1);
                bytes plain = {0};
                failure why = {0};
                assert_true(seal_open(f->ring, place, sealed, &f->arena, &plain, &why));
                assert_true(bytes_equal(plain, bytes_of(text, length)));
                assert_int_equal(plain.data[length], 0);
        }
}

static void the_same_value_never_looks_the_same(void **state)
{
        fixture *f = *state;
        seal_place place = place_of("person", "name", "row 1");
        bytes a = seal_close(f->ring, &f->random.base, place, bytes_of_text("张三"), &f->arena);
        bytes b = seal_close(f->ring, &f->random.base, place, bytes_of_text("张三"), &f->arena);
        assert_false(bytes_equal(a, b));
}

static void a_value_moved_to_another_place_does_not_open(void **state)
{
        fixture *f = *state;
        seal_place place = place_of("person", "name", "row 1");
        bytes sealed = seal_close(f->ring, &f->random.base, place, bytes_of_text("x"), &f->arena);
        assert_closed(f, place_of("person", "name", "row 2"), sealed, "SEAL_BROKEN");
        assert_closed(f, place_of("person", "phone", "row 1"), sealed, "SEAL_BROKEN");
        assert_closed(f, place_of("holder", "name", "row 1"), sealed, "SEAL_BROKEN");
        assert_closed(f, place_of("personn", "ame", "row 1"), sealed, "SEAL_BROKEN");
}

static void any_flipped_bit_and_any_cut_is_found(void **state)
{
        fixture *f = *state;
        seal_place place = place_of("person", "name", "row 1");
        bytes sealed =
                seal_close(f->ring, &f->random.base, place, bytes_of_text("secret"), &f->arena);
        for (size_t bit = 0; bit < sealed.length * 8; bit++) {
                uint8_t *altered = (uint8_t *)arena_copy(&f->arena, sealed.data, sealed.length);
                altered[bit / 8] ^= (uint8_t)(1 << bit % 8);
                const char *reason = bit < 8    ? "SEAL_MALFORMED"
                                     : bit < 40 ? "SEAL_KEY_UNKNOWN"
                                                : "SEAL_BROKEN";
                assert_closed(f, place, bytes_of(altered, sealed.length), reason);
        }
        for (size_t length = 0; length < sealed.length; length++)
                assert_closed(f, place, bytes_of(sealed.data, length),
                              length < SEAL_OVERHEAD_BYTES ? "SEAL_MALFORMED" : "SEAL_BROKEN");
}

static void old_keys_open_and_a_wrong_key_is_told_apart_from_a_missing_one(void **state)
{
        fixture *f = *state;
        seal_place place = place_of("person", "name", "row 1");
        bytes sealed = seal_close(f->ring, &f->random.base, place, bytes_of_text("x"), &f->arena);

        uint8_t other[KEYRING_KEY_BYTES] = {43};
        failure why = {0};
        keyring *wrong = keyring_create(bytes_of(other, sizeof other), &why);
        bytes plain = {0};
        assert_false(seal_open(wrong, place, sealed, &f->arena, &plain, &why));
        assert_string_equal(why.reason, "SEAL_BROKEN");
        keyring_destroy(wrong);

        char path[512];
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(path, sizeof path, "%s/two-keys.json", folder ? folder : "/tmp");
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(
                fputs("{\"keys\":[{\"id\":2,\"key\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA"
                      "QE\"},{\"id\":1,\"key\":\"KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
                      file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(path, 0600), 0);
        failure none = {0};
        keyring *rotated = keyring_load(path, &none);
        assert_non_null(rotated);
        assert_true(seal_open(rotated, place, sealed, &f->arena, &plain, &none));
        assert_true(bytes_equal(plain, bytes_of_text("x")));
        bytes anew = seal_close(rotated, &f->random.base, place, plain, &f->arena);
        uint32_t id = 0;
        assert_true(seal_key_id(anew, &id));
        assert_int_equal(id, 2);
        assert_closed(f, place, anew, "SEAL_KEY_UNKNOWN");
        keyring_destroy(rotated);
        assert_int_equal(unlink(path), 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(a_sealed_value_opens_in_its_place, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(the_same_value_never_looks_the_same, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(a_value_moved_to_another_place_does_not_open,
                                                set_up, tear_down),
                cmocka_unit_test_setup_teardown(any_flipped_bit_and_any_cut_is_found, set_up,
                                                tear_down),
                cmocka_unit_test_setup_teardown(
                        old_keys_open_and_a_wrong_key_is_told_apart_from_a_missing_one, set_up,
                        tear_down),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
