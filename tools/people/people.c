/* People who do not exist. A deck of a thousand deals keeps the shares; each thousand people get
 * the whole deck, in an order of their own. */
#include "tools/people/people.h"

#include "common/base/random.h"
#include "tools/people/people_cards.h"
#include "tools/people/people_names.h"
#include "tools/people/people_number.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Keys of the streams that are drawn from; their order is part of the bytes. */
enum { KEY_DECK = 1, KEY_ORDER, KEY_IDENTITY, KEY_CARD, KEY_CHIP, KEY_PERSON };

static const char BASE_32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static uint64_t key_of(const people *p, uint64_t stream)
{
        return people_mix(p->key, stream);
}

static void shuffle(random_source *random, uint8_t values[PEOPLE_DECK_SIZE])
{
        for (uint32_t i = PEOPLE_DECK_SIZE - 1; i > 0; i--) {
                uint32_t with = people_below(random, i + 1);
                uint8_t kept = values[i];
                values[i] = values[with];
                values[with] = kept;
        }
}

/* Row numbers, each as often as its share says, in random order. */
static void draw_column(random_source *random, const uint16_t *permille, size_t stride, size_t rows,
                        uint8_t values[PEOPLE_DECK_SIZE])
{
        unsigned filled = 0;
        for (size_t row = 0; row < rows; row++) {
                unsigned share = *(const uint16_t *)((const char *)permille + row * stride);
                assert(filled + share <= PEOPLE_DECK_SIZE);
                memset(values + filled, (int)row, share);
                filled += share;
        }
        assert(filled == PEOPLE_DECK_SIZE);
        shuffle(random, values);
}

static bool age_fits(const people_deal *deal, uint8_t age)
{
        return PEOPLE_AGES[age].years_min >= PEOPLE_PROFILES[deal->profile].years_min;
}

/* Nobody is too young for the cards that she has: ages change hands until that is so. */
static void deck_settle_ages(people *p, random_source *random)
{
        for (unsigned i = 0; i < PEOPLE_DECK_SIZE; i++) {
                people_deal *deal = &p->deck[i];
                while (!age_fits(deal, deal->age)) {
                        people_deal *other = &p->deck[people_below(random, PEOPLE_DECK_SIZE)];
                        if (!age_fits(deal, other->age) || !age_fits(other, deal->age)) continue;
                        uint8_t kept = deal->age;
                        deal->age = other->age;
                        other->age = kept;
                }
        }
}

#define DRAW_COLUMN(random, rows, values)                                                          \
        draw_column(random, &(rows)[0].permille, sizeof(rows)[0], ARRAY_LENGTH(rows), values)

void people_init(people *p, const people_options *options)
{
        assert(civil_date_is_valid(options->today));
        assert(options->region && strlen(options->region) == 6);
        *p = (people){.options = *options};
        /* Another day gives other people, so that their cards cannot meet with another age. */
        p->key = people_mix(options->seed, (uint64_t)civil_date_to_days(options->today) * 2 +
                                                   (options->apart ? 1 : 0));
        random_seeded random;
        random_seeded_init(&random, key_of(p, KEY_DECK));
        uint8_t profiles[PEOPLE_DECK_SIZE], ages[PEOPLE_DECK_SIZE], places[PEOPLE_DECK_SIZE],
                banks[PEOPLE_DECK_SIZE], women[PEOPLE_DECK_SIZE];
        DRAW_COLUMN(&random.base, PEOPLE_PROFILES, profiles);
        DRAW_COLUMN(&random.base, PEOPLE_AGES, ages);
        DRAW_COLUMN(&random.base, PEOPLE_PLACES, places);
        DRAW_COLUMN(&random.base, PEOPLE_BANKS, banks);
        for (unsigned i = 0; i < PEOPLE_DECK_SIZE; i++)
                women[i] = i < PEOPLE_FEMALE_PERMILLE;
        shuffle(&random.base, women);
        for (unsigned i = 0; i < PEOPLE_DECK_SIZE; i++) {
                p->deck[i] = (people_deal){.profile = profiles[i],
                                           .age = ages[i],
                                           .place = places[i],
                                           .bank = banks[i],
                                           .female = women[i]};
        }
        deck_settle_ages(p, &random.base);
}

static const people_deal *deal_of(const people *p, uint64_t index)
{
        uint64_t thousand = index / PEOPLE_DECK_SIZE;
        return &p->deck[people_permute(people_mix(key_of(p, KEY_ORDER), thousand),
                                       index % PEOPLE_DECK_SIZE, PEOPLE_DECK_SIZE)];
}

/* A day on which somebody was born who is in that band of ages today. */
static civil_date birth_draw(const people *p, random_source *random, const people_age_row *age)
{
        civil_date today = p->options.today;
        civil_date last = civil_date_add_years(today, -age->years_min);
        civil_date first = civil_date_add_days(civil_date_add_years(today, -age->years_max - 1), 1);
        /* Newborns have nothing before they are a month old. */
        if (age->years_min == 0) last = civil_date_add_days(last, -30);
        int32_t days = civil_date_to_days(last) - civil_date_to_days(first) + 1;
        return civil_date_add_days(first, (int32_t)people_below(random, (uint32_t)days));
}

void people_person(const people *p, uint64_t index, arena *a, person *out)
{
        assert(index < PEOPLE_COUNT_MAX);
        const people_deal *deal = deal_of(p, index);
        random_seeded seeded;
        random_seeded_init(&seeded, people_mix(key_of(p, KEY_PERSON), index));
        random_source *random = &seeded.base;
        *out = (person){.index = index,
                        .profile = (people_profile)deal->profile,
                        .place = &PEOPLE_PLACES[deal->place],
                        .bank = &PEOPLE_BANKS[deal->bank],
                        .female = deal->female};
        out->born_on = birth_draw(p, random, &PEOPLE_AGES[deal->age]);
        out->outlet = arena_format(a, "%.2s%s00-%04u", p->options.region, out->place->code,
                                   people_below(random, out->place->outlets) + 1);
        out->holder = arena_alloc(a, sizeof *out->holder);
        card__imported_holder__init(out->holder);
        out->holder->person_name = people_name(random, out->female, a);
        out->holder->identity_number = people_identity_number(
                people_permute(key_of(p, KEY_IDENTITY), index, PEOPLE_COUNT_MAX), p->options.apart,
                out->born_on, out->female, a);
        out->holder->phone = arena_format(a, "154%08u", people_below(random, 100000000));
        out->holder->photo_reference = arena_format(
                a, "photo/%016llx", (unsigned long long)people_mix(key_of(p, KEY_PERSON), ~index));
        people_deal_cards(p, random, a, out);
}

const char *people_card_number(const people *p, uint64_t index, unsigned which, arena *a)
{
        assert(which < PEOPLE_CARDS_MAX);
        uint64_t value = people_permute(key_of(p, KEY_CARD), index * PEOPLE_CARDS_MAX + which,
                                        (uint64_t)1 << 40);
        char *text = arena_alloc(a, PEOPLE_CARD_NUMBER_BYTES + 1);
        text[0] = p->options.apart ? 'J' : 'S';
        for (int i = PEOPLE_CARD_NUMBER_BYTES - 1; i > 0; i--, value >>= 5)
                text[i] = BASE_32[value & 31];
        text[PEOPLE_CARD_NUMBER_BYTES] = 0;
        return text;
}

const char *people_chip_id(const people *p, uint64_t index, unsigned which, arena *a)
{
        assert(which < PEOPLE_CARDS_MAX);
        uint64_t value = people_mix(key_of(p, KEY_CHIP), index * PEOPLE_CARDS_MAX + which);
        return arena_format(a, "%016llX", (unsigned long long)value);
}

uint64_t people_find(const people *p, uint64_t index, people_profile profile)
{
        while (deal_of(p, index)->profile != profile)
                index++;
        return index;
}
