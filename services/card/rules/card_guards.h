/* What can refuse an operation, in the order in which it is asked: state and facts, then who and
 * where, then evidence. Used by card_rules.c for doing, probing and choosing steps alike. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_GUARDS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_GUARDS_H

#include "services/card/rules/card_rules.h"

/* One question: may this event happen to this card of this (settled) holder? */
typedef struct card_inquiry {
        const card_facts *facts;
        const card_event *event;
        const card_operation_row *row;
        const card_holder *holder; /* settled */
        int card;                  /* index; -1: new card, or the person */
        policy_details *details;   /* NULL: nobody wants to know */
} card_inquiry;

/* Nine capital letters and digits (AAZ500). NULL is not. */
bool card_number_is_well_formed(const char *number);

/* The acting role: caller->role, or the first of caller->roles. */
policy_role card_acting_role(const policy_caller *caller);

/* May this role do it at all, anywhere? ROLE_NOT_ALLOWED or NONE. */
card_refusal card_guard_role(const card_inquiry *ask);
/* What the card's state and the facts say, whoever asks. `cell`: what would happen. */
card_refusal card_guard_state(const card_inquiry *ask, card_cell *cell);
/* What the channel and the outlet say: CHANNEL_NOT_ALLOWED, OUTLET_NOT_AUTHORISED or NONE. `needs`:
 * what this role must show there. `unknown`: the fact on which it depends; NULL: none. */
card_refusal card_guard_channel(const card_inquiry *ask, card_needs *needs, const char **unknown);
/* All channels on which the acting role may do it. */
policy_channels card_channels_of(const card_inquiry *ask);
/* Those of `needs` that nothing meets. */
card_needs card_guard_needs(const card_inquiry *ask, card_needs needs, card_cell cell);
/* The refusal that missing needs make: evidence first, then consent, then the second person. */
card_refusal card_refusal_of_needs(card_needs missing);

#endif
