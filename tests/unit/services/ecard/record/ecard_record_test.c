#include "services/ecard/record/ecard_record.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

#include <string.h>

typedef struct fixture {
        arena a;
        keyring *ring;
        random_seeded random;
        record_keys keys;
        ecard_row row;
} fixture;

static void fixture_init(fixture *f)
{
        static world w;
        failure why = {0};
        memset(f, 0, sizeof *f);
        f->ring = keyring_create(bytes_of("0123456789abcdef0123456789abcdef", 32), &why);
        random_seeded_init(&f->random, 7);
        f->keys = (record_keys){.ring = f->ring, .random = &f->random.base};
        ecard_world_reset(&w);
        ecard_world_issue(&w, ecard_world_card(&w, CARD_NORMAL));
        ecard_world_enter(&w, 0, CARD_TEMP_LOST);
        ecard_world_grant(&w, 50);
        w.ecard.password.in_flight = true;
        w.ecard.password.errors = 2;
        w.ecard.password.attempt[3] = 9;
        w.ecard.code.nonce[2] = 4;
        w.ecard.code.expires_at_ms = 77;
        w.ecard.delegate = ecard_world_id(150);
        w.ecard.relation = ECARD_RELATION_CHILD;
        f->row = (ecard_row){.ecard = w.ecard, .password_hash = "$argon2id$x", .photo = "photo-1"};
}

static void fixture_release(fixture *f)
{
        keyring_destroy(f->ring);
        arena_release(&f->a);
}

static void a_row_reads_as_it_was_written(void **state)
{
        (void)state;
        fixture f;
        failure why = {0};
        static ecard_row back;
        fixture_init(&f);
        bytes packed = ecard_row_pack(&f.keys, &f.a, &f.row);
        assert_true(ecard_row_unpack(f.ring, &f.a, packed, &back, &why));
        assert_string_equal(back.password_hash, "$argon2id$x");
        assert_string_equal(back.photo, "photo-1");
        assert_int_equal(back.ecard.grant_count, 1);
        assert_string_equal(back.ecard.grants[0].services[0], "medical_payment");
        assert_true(
                ecard_period_equal(&back.ecard.grants[0].period, &f.row.ecard.grants[0].period));
        bytes again = ecard_row_pack(NULL, &f.a, &back);
        bytes first = ecard_row_pack(NULL, &f.a, &f.row);
        assert_true(bytes_equal(again, first));
        fixture_release(&f);
}

static bool says_argon(bytes packed)
{
        for (size_t at = 0; at + 8 <= packed.length; at++)
                if (memcmp(packed.data + at, "argon2id", 8) == 0) return true;
        return false;
}

static void S9_journal_and_cache_carry_no_hash(void **state)
{
        (void)state;
        fixture f;
        failure why = {0};
        static ecard_row back;
        fixture_init(&f);
        bytes open = ecard_row_pack(NULL, &f.a, &f.row);
        assert_false(says_argon(open));
        bytes sealed = ecard_row_pack(&f.keys, &f.a, &f.row);
        assert_false(says_argon(sealed));
        assert_true(ecard_row_unpack(NULL, &f.a, sealed, &back, &why));
        assert_string_equal(back.password_hash, "");
        fixture_release(&f);
}

static void what_is_cut_or_altered_is_refused(void **state)
{
        (void)state;
        fixture f;
        static ecard_row back;
        fixture_init(&f);
        bytes packed = ecard_row_pack(&f.keys, &f.a, &f.row);
        for (size_t length = 0; length < packed.length; length++) {
                failure why = {0};
                if (ecard_row_unpack(f.ring, &f.a, bytes_of(packed.data, length), &back, &why))
                        assert_true(back.ecard.level != ECARD_LEVEL_ZERO);
        }
        failure why = {0};
        assert_false(ecard_row_unpack(f.ring, &f.a, bytes_of("", 0), &back, &why));
        assert_int_equal(why.kind, FAILURE_DATA_LOSS);
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_row_reads_as_it_was_written),
                cmocka_unit_test(S9_journal_and_cache_carry_no_hash),
                cmocka_unit_test(what_is_cut_or_altered_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
