/* Who may call which method of the card service. One or more rows a method; none: nobody. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_ACCESS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_ACCESS_H

#include "common/policy/access.h"

extern const policy_access_row CARD_ACCESS[];
extern const size_t CARD_ACCESS_COUNT;

#endif
