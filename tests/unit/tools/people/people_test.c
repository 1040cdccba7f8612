/* Synthetic people: the same bytes for the same seed, shares as in the tables, numbers that nobody
 * carries (N12). */
#include "tools/people/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CROWD = 100000, FEW = 3000 };

static const civil_date TODAY = {2026, 3, 1};

static people *people_of(uint64_t seed, bool apart)
{
        people *p = malloc(sizeof *p);
        assert_non_null(p);
        people_init(p, &(people_options){
                               .seed = seed, .today = TODAY, .region = "330000", .apart = apart});
        return p;
}

/* All people as they would be imported, one after the other. FNV-1a of the bytes. */
static uint64_t bytes_of(const people *p, uint64_t from, uint64_t count)
{
        uint64_t hash = 0xcbf29ce484222325u;
        arena a = {0};
        for (uint64_t i = from; i < from + count; i++) {
                person one;
                people_person(p, i, &a, &one);
                size_t size = protobuf_c_message_get_packed_size(&one.holder->base);
                uint8_t *bytes = arena_alloc(&a, size);
                assert_int_equal(protobuf_c_message_pack(&one.holder->base, bytes), size);
                for (size_t b = 0; b < size; b++)
                        hash = (hash ^ bytes[b]) * 0x100000001b3u;
                arena_reset(&a);
        }
        arena_release(&a);
        return hash;
}

static void N12_the_same_seed_gives_the_same_bytes_and_another_one_others(void **state)
{
        (void)state;
        people *first = people_of(7, false), *again = people_of(7, false),
               *other = people_of(8, false);
        assert_int_equal(bytes_of(first, 0, FEW), bytes_of(again, 0, FEW));
        assert_int_not_equal(bytes_of(first, 0, FEW), bytes_of(other, 0, FEW));
        /* Nobody depends on who was asked for before. */
        assert_int_equal(bytes_of(first, 2000, 10), bytes_of(again, 2000, 10));
        free(first);
        free(again);
        free(other);
}

static int compare_texts(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static void assert_all_different(char **texts, size_t count)
{
        qsort(texts, count, sizeof *texts, compare_texts);
        for (size_t i = 1; i < count; i++)
                assert_string_not_equal(texts[i - 1], texts[i]);
}

static void N12_numbers_of_people_and_cards_never_meet(void **state)
{
        (void)state;
        people *p = people_of(1, false), *apart = people_of(1, true);
        size_t numbers = 0, cards = 0, chips = 0;
        char **number = calloc(CROWD + FEW, sizeof *number);
        char **card = calloc(2 * (CROWD + FEW), sizeof *card);
        char **chip = calloc(2 * (CROWD + FEW), sizeof *chip);
        arena a = {0};
        for (uint64_t i = 0; i < CROWD + FEW; i++) {
                person one;
                people_person(i < CROWD ? p : apart, i < CROWD ? i : i - CROWD, &a, &one);
                number[numbers++] = strdup(one.holder->identity_number);
                for (size_t c = 0; c < one.holder->n_cards; c++) {
                        const Card__ImportedCard *held = one.holder->cards[c];
                        if (!*held->card_number) continue;
                        card[cards++] = strdup(held->card_number);
                        chip[chips++] = strdup(held->chip->chip_id);
                }
                arena_reset(&a);
        }
        assert_all_different(number, numbers);
        assert_all_different(card, cards);
        assert_all_different(chip, chips);
        for (size_t i = 0; i < numbers; i++)
                free(number[i]);
        for (size_t i = 0; i < cards; i++)
                free(card[i]), free(chip[i]);
        free(number);
        free(card);
        free(chip);
        arena_release(&a);
        free(p);
        free(apart);
}

/* ISO 7064 MOD 11-2, computed the other way round than the house does: the whole number, X as ten,
 * weighted with powers of two, leaves 1. */
static unsigned remainder_of(const char *number)
{
        unsigned sum = 0;
        for (int i = 0; i < 18; i++) {
                unsigned value = number[i] == 'X' ? 10 : (unsigned)(number[i] - '0');
                sum = (sum * 2 + value) % 11;
        }
        return sum;
}

static void N12_identity_numbers_pass_the_check_and_nobody_carries_them(void **state)
{
        (void)state;
        people *p = people_of(3, false);
        arena a = {0};
        unsigned with_x = 0;
        for (uint64_t i = 0; i < FEW; i++) {
                person one;
                people_person(p, i, &a, &one);
                const char *number = one.holder->identity_number;
                assert_int_equal(strlen(number), 18);
                assert_memory_equal(number, "99", 2);
                assert_int_equal(remainder_of(number), 1);
                char born[11];
                civil_date_format(one.born_on, born);
                assert_memory_equal(number + 6, born, 4);
                assert_memory_equal(number + 10, born + 5, 2);
                assert_memory_equal(number + 12, born + 8, 2);
                assert_int_equal((number[16] - '0') % 2, one.female ? 0 : 1);
                assert_memory_equal(one.holder->phone, "154", 3);
                assert_int_equal(strlen(one.holder->phone), 11);
                with_x += number[17] == 'X';
                arena_reset(&a);
        }
        assert_in_range(with_x, 1, FEW);
        arena_release(&a);
        free(p);
}

/* One table against what was counted. */
static unsigned off_by_more_than_1_percent(const char *what, const char *row, unsigned counted,
                                           unsigned permille)
{
        unsigned wanted = CROWD / 1000 * permille;
        unsigned off = counted > wanted ? counted - wanted : wanted - counted;
        print_message("%-8s %-20s %6u of %u, wanted %u\n", what, row, counted, CROWD, wanted);
        return off * 100 > wanted;
}

static void N12_shares_of_a_hundred_thousand_are_within_1_percent_of_the_tables(void **state)
{
        (void)state;
        people *p = people_of(11, false);
        unsigned profiles[PEOPLE_PROFILE_COUNT] = {0}, ages[PEOPLE_AGE_COUNT] = {0},
                 places[PEOPLE_PLACE_COUNT] = {0}, banks[PEOPLE_BANK_COUNT] = {0}, women = 0;
        arena a = {0};
        for (uint64_t i = 0; i < CROWD; i++) {
                person one;
                people_person(p, i, &a, &one);
                int age = civil_date_age_years(one.born_on, TODAY);
                unsigned band = 0;
                while (age > PEOPLE_AGES[band].years_max)
                        band++;
                ages[band]++;
                profiles[one.profile]++;
                places[one.place - PEOPLE_PLACES]++;
                banks[one.bank - PEOPLE_BANKS]++;
                women += one.female;
                assert_in_range(age, PEOPLE_PROFILES[one.profile].years_min, 104);
                arena_reset(&a);
        }
        unsigned off = 0;
        for (int i = 0; i < PEOPLE_PROFILE_COUNT; i++)
                off += off_by_more_than_1_percent("cards", PEOPLE_PROFILES[i].name, profiles[i],
                                                  PEOPLE_PROFILES[i].permille);
        for (int i = 0; i < PEOPLE_AGE_COUNT; i++) {
                char row[16];
                snprintf(row, sizeof row, "%d to %d", PEOPLE_AGES[i].years_min,
                         PEOPLE_AGES[i].years_max);
                off += off_by_more_than_1_percent("ages", row, ages[i], PEOPLE_AGES[i].permille);
        }
        for (int i = 0; i < PEOPLE_PLACE_COUNT; i++)
                off += off_by_more_than_1_percent("places", PEOPLE_PLACES[i].code, places[i],
                                                  PEOPLE_PLACES[i].permille);
        for (int i = 0; i < PEOPLE_BANK_COUNT; i++)
                off += off_by_more_than_1_percent("banks", PEOPLE_BANKS[i].code, banks[i],
                                                  PEOPLE_BANKS[i].permille);
        off += off_by_more_than_1_percent("women", "", women, PEOPLE_FEMALE_PERMILLE);
        assert_int_equal(off, 0);
        arena_release(&a);
        free(p);
}

static void N12_a_thousand_people_hold_every_row_of_the_table(void **state)
{
        (void)state;
        people *p = people_of(0, false);
        unsigned profiles[PEOPLE_PROFILE_COUNT] = {0};
        arena a = {0};
        for (uint64_t i = 0; i < 1000; i++) {
                person one;
                people_person(p, i, &a, &one);
                profiles[one.profile]++;
                arena_reset(&a);
        }
        for (int i = 0; i < PEOPLE_PROFILE_COUNT; i++)
                assert_int_equal(profiles[i], PEOPLE_PROFILES[i].permille);
        arena_release(&a);
        free(p);
}

static civil_date date_of(const GoogleType__Date *date)
{
        assert_non_null(date);
        civil_date value = {(int16_t)date->year, (int8_t)date->month, (int8_t)date->day};
        assert_true(civil_date_is_valid(value));
        return value;
}

static void assert_not_after(civil_date earlier, civil_date later)
{
        assert_true(civil_date_compare(earlier, later) <= 0);
}

static void assert_made_card_is_whole(const person *one, const Card__ImportedCard *card)
{
        civil_date issued = date_of(card->issued_on), expires = date_of(card->expires_on);
        assert_not_after(one->born_on, issued);
        assert_not_after(issued, TODAY);
        assert_not_after(issued, expires);
        assert_int_equal(strlen(card->card_number), PEOPLE_CARD_NUMBER_BYTES);
        assert_int_equal(strspn(card->card_number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                         PEOPLE_CARD_NUMBER_BYTES);
        assert_int_equal(strlen(card->chip->chip_id), PEOPLE_CHIP_ID_BYTES);
        assert_not_after(civil_date_at(card->requested_at->seconds * 1000), issued);
        int32_t left = civil_date_to_days(expires) - civil_date_to_days(TODAY);
        if (one->profile == PEOPLE_EXPIRED)
                assert_in_range(-left, 1, 700);
        else if (one->profile == PEOPLE_EXPIRING)
                assert_in_range(left, 31, 60);
        else
                assert_in_range(left, 61, 3660);
        bool ended = card->state == CARD__CARD_STATE__CARD_STATE_CANCELLED;
        assert_int_equal(ended,
                         card->cancel_reason != CARD__CANCEL_REASON__CANCEL_REASON_UNSPECIFIED);
        bool waits = card->delivery_state == CARD__DELIVERY_STATE__DELIVERY_STATE_AT_OUTLET;
        assert_int_equal(waits, *card->delivery_outlet != 0);
}

static void R42_cards_of_a_person_fit_one_another_and_their_dates(void **state)
{
        (void)state;
        people *p = people_of(5, false);
        arena a = {0};
        for (uint64_t i = 0; i < 20 * FEW; i++) {
                person one;
                people_person(p, i, &a, &one);
                const Card__ImportedHolder *holder = one.holder;
                assert_in_range(strlen(holder->person_name), 2, 64);
                assert_in_range(holder->n_cards, 1, 2);
                unsigned live = 0, duplicates = 0;
                for (size_t c = 0; c < holder->n_cards; c++) {
                        const Card__ImportedCard *card = holder->cards[c];
                        live += card->state >= CARD__CARD_STATE__CARD_STATE_REQUESTED &&
                                card->state <= CARD__CARD_STATE__CARD_STATE_LOST;
                        duplicates += card->legacy_duplicate;
                        bool made = *card->card_number != 0;
                        assert_int_equal(made,
                                         card->state >= CARD__CARD_STATE__CARD_STATE_ARCHIVED &&
                                                 card->state !=
                                                         CARD__CARD_STATE__CARD_STATE_WITHDRAWN);
                        if (made) assert_made_card_is_whole(&one, card);
                        if (c > 0)
                                assert_not_after(date_of(holder->cards[c - 1]->issued_on),
                                                 date_of(card->issued_on));
                }
                assert_int_equal(live, duplicates ? 2
                                       : one.profile == PEOPLE_CANCELLED ||
                                                       one.profile == PEOPLE_DEAD ||
                                                       one.profile == PEOPLE_WITHDRAWN
                                               ? 0
                                               : 1);
                assert_int_equal(duplicates, one.profile == PEOPLE_LEGACY_DUPLICATE);
                assert_int_equal(holder->died_on != NULL, one.profile == PEOPLE_DEAD);
                arena_reset(&a);
        }
        arena_release(&a);
        free(p);
}

static void Finds_the_next_person_of_a_profile(void **state)
{
        (void)state;
        people *p = people_of(5, false);
        arena a = {0};
        uint64_t index = people_find(p, 100, PEOPLE_WITHDRAWN);
        person one;
        people_person(p, index, &a, &one);
        assert_true(index >= 100);
        assert_int_equal(one.profile, PEOPLE_WITHDRAWN);
        arena_release(&a);
        free(p);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(N12_the_same_seed_gives_the_same_bytes_and_another_one_others),
                cmocka_unit_test(N12_numbers_of_people_and_cards_never_meet),
                cmocka_unit_test(N12_identity_numbers_pass_the_check_and_nobody_carries_them),
                cmocka_unit_test(
                        N12_shares_of_a_hundred_thousand_are_within_1_percent_of_the_tables),
                cmocka_unit_test(N12_a_thousand_people_hold_every_row_of_the_table),
                cmocka_unit_test(R42_cards_of_a_person_fit_one_another_and_their_dates),
                cmocka_unit_test(Finds_the_next_person_of_a_profile),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
