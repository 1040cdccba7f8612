/* Claims on card numbers and chips: things that are unique in a region but have no part. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_CLAIM_H
#define SSCARD_SERVICES_CARD_HANDLERS_CLAIM_H

#include "services/card/handlers/command.h"

/* card_command.claim of CompleteProduction: claims the event's number and chip for its card, or
 * sets number_is_taken / chip_is_taken. Suspends. False: the task's failure says why. */
bool card_claim_number_and_chip(card_command *command) MUST_CHECK;

/* The card that carries this number: its claim, proved by its record. `*found` false: none. */
bool card_find_by_number(task *t, const card_app *app, const char *number, ulid *card, ulid *holder,
                         bool *found) MUST_CHECK;
/* Claims a number or chip ("number", "chip") for a card; with validate_only it only looks whether
 * it would be granted. Suspends. False: the task's failure says why. */
bool card_claim_text(const card_command *command, const char *kind, const char *text, ulid card,
                     ulid holder, bool *granted) MUST_CHECK;

#endif
