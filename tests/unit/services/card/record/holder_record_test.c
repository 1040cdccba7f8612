#define _GNU_SOURCE
/* The codec of the card service's records: what goes in comes out, and personal data only with
 * keys. */
#include "services/card/record/holder_record.h"

#include "services/card/rules/card_holder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
        arena arena;
        keyring *ring;
        random_seeded random;
        record_keys keys;
        holder_record record;
} fixture;

static ulid id_of(uint8_t seed)
{
        ulid id;
        memset(id.bytes, seed, sizeof id.bytes);
        return id;
}

static int set_up(void **state)
{
        fixture *f = test_calloc(1, sizeof *f);
        uint8_t key[KEYRING_KEY_BYTES] = {7};
        failure failed = {0};
        f->ring = keyring_create(bytes_of(key, sizeof key), &failed);
        random_seeded_init(&f->random, 1);
        f->keys = (record_keys){f->ring, &f->random.base};
        f->record.holder = (card_holder){.id = id_of(1), .exists = true, .card_count = 1};
        f->record.holder.cards[0] = (card_record){.id = id_of(2),
                                                  .version = 7,
                                                  .state = CARD_TEMP_LOST,
                                                  .prior = CARD_NORMAL,
                                                  .temp_loss_until_ms = 1795536000000,
                                                  .temp_loss_outcome = CARD_TEMP_LOSS_RESTORE,
                                                  .ever_normal = true,
                                                  .supersedes = id_of(3),
                                                  .expires_on = {2036, 11, 24},
                                                  .number = "A12345678",
                                                  .chip_id = "CHIP-1",
                                                  .photo = "photo/1",
                                                  .mail_address = "somewhere 1",
                                                  .bank = "102"};
        card_record_tidy(&f->record.holder.cards[0]);
        f->record.person = (person_record){
                .holder = id_of(1),
                .person = {.version = 3, .born_on = {1970, 1, 1}},
                .secret = {"99000019700101001X", "张三丰", "13812345678", "photo/1"},
                .opened = true};
        *state = f;
        return failed.kind == FAILURE_NONE ? 0 : -1;
}

static int tear_down(void **state)
{
        fixture *f = *state;
        keyring_destroy(f->ring);
        arena_release(&f->arena);
        test_free(f);
        return 0;
}

static void what_goes_in_comes_out(void **state)
{
        fixture *f = *state;
        failure failed = {0};
        holder_record read = {0};
        bytes packed = holder_record_pack(&f->keys, &f->arena, &f->record);
        assert_true(holder_record_unpack(f->ring, &f->arena, packed, &read, &failed));
        const card_record *card = &read.holder.cards[0], *was = &f->record.holder.cards[0];
        assert_int_equal(card->state, was->state);
        assert_int_equal(card->version, 7);
        assert_int_equal(card->temp_loss_until_ms, was->temp_loss_until_ms);
        assert_int_equal(civil_date_compare(card->expires_on, was->expires_on), 0);
        assert_true(ulid_equal(card->supersedes, was->supersedes));
        assert_true(ulid_is_zero(card->superseded_by));
        assert_string_equal(card->number, "A12345678");
        assert_string_equal(card->chip_id, "CHIP-1");
        assert_string_equal(card->mail_address, "somewhere 1");
        assert_string_equal(read.person.secret.name, "张三丰");
        assert_int_equal(read.person.person.version, 3);
}

static void dates_around_1970_survive(void **state)
{
        fixture *f = *state;
        static const civil_date dates[] = {{1969, 12, 31}, {1970, 1, 1},  {1970, 1, 2},
                                           {1901, 2, 3},   {2036, 2, 29}, {0, 0, 0}};
        for (size_t i = 0; i < ARRAY_LENGTH(dates); i++) {
                failure failed = {0};
                person_record read;
                f->record.person.person.born_on = dates[i];
                bytes packed = person_record_pack(&f->keys, &f->arena, &f->record.person);
                assert_true(
                        person_record_unpack(f->ring, &f->arena, id_of(1), packed, &read, &failed));
                assert_memory_equal(&read.person.born_on, &dates[i], sizeof dates[i]);
        }
}

static bool holds(bytes packed, const char *text)
{
        return memmem(packed.data, packed.length, text, strlen(text)) != NULL;
}

static void S9_personal_data_stands_only_in_the_sealed_fields(void **state)
{
        fixture *f = *state;
        bytes packed = holder_record_pack(&f->keys, &f->arena, &f->record);
        assert_false(holds(packed, "A12345678"));
        assert_false(holds(packed, "99000019700101001X"));
        assert_false(holds(packed, "张三丰"));
        assert_false(holds(packed, "13812345678"));
        assert_false(holds(packed, "CHIP-1"));
        assert_false(holds(packed, "photo/1"));
        assert_false(holds(packed, "somewhere"));
        assert_true(holds(packed, "A****5678"));
}

static void R49_without_keys_a_number_is_masked_and_the_rest_empty(void **state)
{
        fixture *f = *state;
        failure failed = {0};
        holder_record read = {0};
        bytes packed = holder_record_pack(&f->keys, &f->arena, &f->record);
        assert_true(holder_record_unpack(NULL, &f->arena, packed, &read, &failed));
        assert_string_equal(read.holder.cards[0].number, "A****5678");
        assert_string_equal(read.holder.cards[0].photo, "");
        assert_string_equal(read.person.secret.identity_number, "");
        assert_false(read.person.opened);
}

static void a_cut_record_is_refused_at_every_length(void **state)
{
        fixture *f = *state;
        bytes packed = holder_record_pack(&f->keys, &f->arena, &f->record);
        size_t refused = 0;
        for (size_t length = 0; length < packed.length; length++) {
                failure failed = {0};
                holder_record read = {0};
                if (!holder_record_unpack(f->ring, &f->arena, bytes_of(packed.data, length), &read,
                                          &failed)) {
                        assert_int_equal(failed.kind, FAILURE_DATA_LOSS);
                        refused++;
                }
        }
        /* A cut between two fields is a valid message with fewer of them. */
        assert_true(refused > packed.length * 9 / 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(what_goes_in_comes_out, set_up, tear_down),
                cmocka_unit_test_setup_teardown(dates_around_1970_survive, set_up, tear_down),
                cmocka_unit_test_setup_teardown(S9_personal_data_stands_only_in_the_sealed_fields,
                                                set_up, tear_down),
                cmocka_unit_test_setup_teardown(
                        R49_without_keys_a_number_is_masked_and_the_rest_empty, set_up, tear_down),
                cmocka_unit_test_setup_teardown(a_cut_record_is_refused_at_every_length, set_up,
                                                tear_down),
        };
        return cmocka_run_group_tests_name("holder_record", tests, NULL, NULL);
}
