/* The common half of the codecs: dates, ids, packing, sealing. */
#include "common/record/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "google/type/date.pb-c.h"

static void dates_go_there_and_back_and_zero_is_none(void **state)
{
        (void)state;
        assert_int_equal(record_days((civil_date){0}), 0);
        assert_int_equal(record_days((civil_date){1970, 1, 1}), 1);
        assert_int_equal(record_days((civil_date){1969, 12, 31}), -1);
        static const civil_date days[] = {
                {0}, {1900, 3, 1}, {1969, 12, 31}, {1970, 1, 1}, {2096, 2, 29}};
        for (size_t i = 0; i < ARRAY_LENGTH(days); i++)
                assert_int_equal(civil_date_compare(record_date(record_days(days[i])), days[i]), 0);
}

static void ids_go_there_and_back_and_other_sizes_are_refused(void **state)
{
        (void)state;
        ulid id = {{1, 2, 3}}, read, zero = {{0}};
        assert_true(record_id_read(record_id(&id), &read));
        assert_true(ulid_equal(id, read));
        assert_true(record_id_read(record_id(&zero), &read));
        assert_true(ulid_is_zero(read));
        assert_false(record_id_read((ProtobufCBinaryData){3, id.bytes}, &read));
}

static void messages_go_through_the_arena(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        GoogleType__Date date = GOOGLE_TYPE__DATE__INIT;
        date.year = 2026;
        bytes packed = record_pack(&a, &date.base);
        const GoogleType__Date *read =
                (const GoogleType__Date *)record_unpack(&a, &google_type__date__descriptor, packed);
        assert_non_null(read);
        assert_int_equal(read->year, 2026);
        assert_null(record_unpack(&a, &google_type__date__descriptor, bytes_of("\xff", 1)));
}

static void what_is_sealed_opens_in_its_own_row_only(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        uint8_t key[KEYRING_KEY_BYTES] = {9};
        failure f = {0};
        random_seeded random;
        random_seeded_init(&random, 4);
        keyring *ring = keyring_create(bytes_of(key, sizeof key), &f);
        assert_non_null(ring);
        record_keys keys = {ring, &random.base};
        ulid row = {{1}}, other = {{2}};
        ProtobufCBinaryData sealed = record_seal(&keys, &a, "thing", &row, bytes_of("plain", 5));
        bytes plain;
        assert_true(record_open(ring, &a, "thing", &row, sealed, &plain, &f));
        assert_int_equal(plain.length, 5);
        assert_memory_equal(plain.data, "plain", 5);
        assert_false(record_open(ring, &a, "thing", &other, sealed, &plain, &f));
        failure_clear(&f);
        assert_false(record_open(ring, &a, "other", &row, sealed, &plain, &f));
        keyring_destroy(ring);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(dates_go_there_and_back_and_zero_is_none),
                cmocka_unit_test(ids_go_there_and_back_and_other_sizes_are_refused),
                cmocka_unit_test(messages_go_through_the_arena),
                cmocka_unit_test(what_is_sealed_opens_in_its_own_row_only),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
