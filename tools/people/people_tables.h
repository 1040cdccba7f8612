/* What people are like, and how many of them: the tables that generated people keep to.
 * Shares are in thousandths and add up to 1000; a test holds it. */
#ifndef SSCARD_TOOLS_PEOPLE_PEOPLE_TABLES_H
#define SSCARD_TOOLS_PEOPLE_PEOPLE_TABLES_H

#include <stdint.h>

/* A person and the cards that she has. */
typedef enum people_profile {
        PEOPLE_NORMAL = 0,
        PEOPLE_EXPIRING, /* NORMAL, 31 to 60 days before its last day */
        PEOPLE_EXPIRED,  /* NORMAL, up to two years after it */
        PEOPLE_ARCHIVED_AT_OUTLET,
        PEOPLE_ARCHIVED_IN_MAIL,
        PEOPLE_ARCHIVED_COLLECTED,
        PEOPLE_REQUESTED,
        PEOPLE_PRODUCING,
        PEOPLE_TEMP_LOST,
        PEOPLE_LOST,
        PEOPLE_CANCELLED,        /* and no other card */
        PEOPLE_REPLACED,         /* a cancelled card, and a NORMAL one */
        PEOPLE_LEGACY_DUPLICATE, /* two live cards, from before the rule (R42) */
        PEOPLE_DEAD,             /* all cards cancelled */
        PEOPLE_WITHDRAWN,        /* took the application back */
        PEOPLE_PROFILE_COUNT,
} people_profile;

typedef struct people_profile_row {
        const char *name; /* "ARCHIVED_AT_OUTLET" */
        const char *zh, *en;
        uint16_t permille;
        uint8_t years_min; /* younger people cannot have come so far */
} people_profile_row;

typedef struct people_age_row {
        uint8_t years_min, years_max;
        uint16_t permille;
} people_age_row;

/* A city of the province. */
typedef struct people_place {
        char code[3]; /* third and fourth digit of its code in GB/T 2260 */
        uint8_t outlets;
        uint16_t permille;
} people_place;

typedef struct people_bank {
        const char *code; /* AAE008 */
        const char *zh, *en;
        uint16_t permille;
} people_bank;

enum { PEOPLE_AGE_COUNT = 8, PEOPLE_PLACE_COUNT = 11, PEOPLE_BANK_COUNT = 8 };
enum { PEOPLE_FEMALE_PERMILLE = 488 };

extern const people_profile_row PEOPLE_PROFILES[PEOPLE_PROFILE_COUNT];
extern const people_age_row PEOPLE_AGES[PEOPLE_AGE_COUNT];
extern const people_place PEOPLE_PLACES[PEOPLE_PLACE_COUNT];
extern const people_bank PEOPLE_BANKS[PEOPLE_BANK_COUNT];

#endif
