/* What is always true of a holder's record (state-machines.md 2.1.3): asserted before it is
 * written and after it is loaded, and asked by the auditor. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_INVARIANTS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_INVARIANTS_H

#include "services/card/rules/card_change.h"

#include <stddef.h>

/* NULL when all hold; else what does not: "I4: …". Static. */
const char *card_invariants_broken(const card_holder *holder);
/* The same for a step: I2 and I3. */
const char *card_change_broken(const card_change *change);
static inline bool card_invariants_hold(const card_holder *holder)
{
        return card_invariants_broken(holder) == NULL;
}

/* I7: no state of a card, nor its absence, touches contributions (R40). */
static inline bool card_contributions_affected(void)
{
        return false;
}

#endif
