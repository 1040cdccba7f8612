/* The cards of a person, by the row of the table that she was dealt. */
#ifndef SSCARD_TOOLS_PEOPLE_PEOPLE_CARDS_H
#define SSCARD_TOOLS_PEOPLE_PEOPLE_CARDS_H

#include "common/base/random.h"
#include "tools/people/people.h"

/* Sets `out->holder`'s cards, day of death and entitlement. */
void people_deal_cards(const people *p, random_source *random, arena *a, person *out);
GoogleType__Date *people_date(civil_date date, arena *a);

#endif
