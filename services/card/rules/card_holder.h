/* A holder's cards as a whole: finding, chains of successors, entering a state. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_HOLDER_H
#define SSCARD_SERVICES_CARD_RULES_CARD_HOLDER_H

#include "services/card/rules/card_change.h"

/* Index of the card, or -1. */
int card_holder_find(const card_holder *holder, ulid card);
/* Is `ancestor` in the `supersedes` chain of `card` (both indexes, not the same)? */
bool card_supersedes(const card_holder *holder, int card, int ancestor);
/* Index of the live card whose chain holds this one, the newest; -1: none. */
int card_live_successor(const card_holder *holder, int card);
/* Is there another live card that is not of this live card's chain (R42)? */
bool card_is_duplicate(const card_holder *holder, int card);
/* The card a person means who names no card: the NORMAL one, else the newest live one, else the
 * newest; -1: there is none. */
int card_holder_current(const card_holder *holder);

/* Index of the card that leaves a full record for a new one: ended when it was stored, and in no
 * chain between two live cards; the oldest of these. -1: none can. `stored`: before the batch. */
int card_holder_leaver(const card_holder *stored, const card_holder *holder);
/* Takes it out; those behind it move up, in `changes` too. It has no change of its own. */
void card_holder_remove(card_holder *holder, int card, card_changes *changes);
/* Puts a card that left before into the record for as long as it is looked at: in its order, in the
 * place of one that could leave if the record is full. False: none can. */
bool card_holder_recall(card_holder *holder, const card_record *card);

/* NULL strings become "". For whoever fills records. */
void card_record_tidy(card_record *card);

/* Puts the record into a state with what entering it fixes or clears. The reason of a cancellation
 * and the end of a temporary loss are the caller's to set. */
void card_enter(card_record *card, card_state state, int64_t at_ms);

/* A change of holder->cards[card] goes between these two. With `changes` NULL the change is not
 * recorded and the version stays. */
card_record *card_change_open(card_changes *changes, card_holder *holder, int card,
                              const char *event, const char *rule, card_timer_kind timer,
                              int64_t at_ms);
void card_change_close(card_changes *changes, const card_holder *holder);

/* Cancels the card, and tells its predecessor if it was a successor that never was NORMAL. */
void card_cancel(card_changes *changes, card_holder *holder, int card, card_cancel_reason reason,
                 const char *rule, card_timer_kind timer, int64_t at_ms);
/* A successor ended before it was NORMAL: its live predecessor may be replaced anew. */
void card_forget_successor(card_changes *changes, card_holder *holder, int card,
                           card_timer_kind timer, int64_t at_ms);

#endif
