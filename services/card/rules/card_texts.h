/* How the states of a card are called and what they mean, for people (R36) and for the national
 * code AAZ502. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_TEXTS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_TEXTS_H

#include "services/card/rules/card_types.h"

/* "封存" / "Archived". */
policy_text card_state_text(card_state state);
/* One sentence. */
policy_text card_state_meaning(card_state state);
/* "0" archived, "1" normal, "2" lost, "4" temporarily lost, "9" cancelled; "" before it is made. */
const char *card_state_aaz502(card_state state);

/* The number of sscard.card.v1.CardState: ARCHIVED is one state to the world and two columns of the
 * table. */
int card_state_number(card_state state);

#endif
