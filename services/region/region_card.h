/* What the rules of the card take from the rule pack, the same for the service that decides and for
 * those that explain. */
#ifndef SSCARD_SERVICES_REGION_REGION_CARD_H
#define SSCARD_SERVICES_REGION_REGION_CARD_H

#include "common/pack/pack.h"
#include "services/card/rules/card_rules.h"

/* Fills the facts about outlets for one operation: may the caller's outlet do it at a counter of
 * that channel, and does the outlet that hands over (`delivery_outlet`, NULL or "" for the
 * caller's) make cards at once? */
void region_card_outlets(const rule_pack *region, card_operation operation,
                         const char *delivery_outlet, card_facts *facts);

#endif
