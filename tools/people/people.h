/* People who do not exist, with their cards: the same options give the same bytes, on any machine.
 * Person `index` needs no other, so that a million of them need no memory. Must never make a number
 * that somebody carries:
 *
 *   identity number   99…: GB/T 2260 gives 11 to 65 to the mainland, 71 and 81 to 83 to Taiwan,
 *                     Hong Kong and Macao (91 once stood for abroad); no office ever issued 99.
 *                     The check character is right (ISO 7064 MOD 11-2).
 *   phone             154…: eleven digits, given to no operator; reaches nobody, and no short
 * number.
 */
#ifndef SSCARD_TOOLS_PEOPLE_PEOPLE_H
#define SSCARD_TOOLS_PEOPLE_PEOPLE_H

#include "common/base/arena.h"
#include "common/base/civil_date.h"
#include "sscard/card/v1/card_service.pb-c.h"
#include "tools/people/people_tables.h"

#include <stdbool.h>
#include <stdint.h>

enum {
        PEOPLE_DECK_SIZE = 1000,    /* the shares of the tables hold exactly in every thousand */
        PEOPLE_COUNT_MAX = 2500000, /* so many identity numbers are different for certain */
        PEOPLE_CARDS_MAX = 16,      /* card numbers a person */
        PEOPLE_CARD_NUMBER_BYTES = 9,
        PEOPLE_CHIP_ID_BYTES = 16,
};

typedef struct people_options {
        uint64_t seed;
        civil_date today;   /* what ages, expiry and "until" are reckoned from; required */
        const char *region; /* six digits; the places lie in its province */
        /* Numbers from the half that a crowd never uses: for a single person beside one. */
        bool apart;
} people_options;

/* What one person is dealt. */
typedef struct people_deal {
        uint8_t profile, age, place, bank;
        bool female;
} people_deal;

/* Embedded; plain values. `options.region` is borrowed. */
typedef struct people {
        people_options options;
        uint64_t key;
        people_deal deck[PEOPLE_DECK_SIZE];
} people;

void people_init(people *p, const people_options *options);

typedef struct person {
        uint64_t index;
        people_profile profile;
        const people_place *place;
        const people_bank *bank;
        bool female;
        civil_date born_on;
        const char *outlet; /* code of the one that she goes to */
        /* All that an import takes: names, numbers, cards. */
        Card__ImportedHolder *holder;
} person;

/* Everything in the arena. `index` < PEOPLE_COUNT_MAX. */
void people_person(const people *p, uint64_t index, arena *a, person *out);
/* Number and chip of a person's card (`which` < PEOPLE_CARDS_MAX; 0 is the oldest), for those that
 * are made later, too. In the arena. */
const char *people_card_number(const people *p, uint64_t index, unsigned which, arena *a);
const char *people_chip_id(const people *p, uint64_t index, unsigned which, arena *a);
/* What is left to do when a card is drawn only from one row of the table: the first person from
 * `index` on with that profile. */
uint64_t people_find(const people *p, uint64_t index, people_profile profile);

#endif
