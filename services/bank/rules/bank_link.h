/* A bank link by itself and beside its card: making one, what holds of it at once because of the
 * card, its requests to the bank and their timers. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_LINK_H
#define SSCARD_SERVICES_BANK_RULES_BANK_LINK_H

#include "common/base/scoped.h"
#include "services/bank/rules/bank_types.h"

/* Index of the card's link, or -1. */
int bank_holder_find(const bank_holder *holder, ulid card);
/* `links` with that link in its place, or at the end; `*leaver` the card whose link leaves a full
 * record for it, zero: none. False: the record is full of accounts that are not closed. */
bool bank_holder_put(bank_holder *links, const bank_link *link, ulid *leaver) MUST_CHECK;
/* The card of a link that is no longer in the card service's record: only what has ended leaves it.
 */
card_record bank_card_that_left(const bank_link *link);
/* The link of a card of which nothing is stored: NONE. */
bank_link bank_link_none(const card_record *card);
/* NULL strings become "". For whoever fills links. */
void bank_link_tidy(bank_link *link);

/* What must hold at once, derived from the card's own record, whether or not the feed has been by:
 * a cancelled card's account is to be closed, a lost card's bank has at least to be asked. For
 * answers; stores nothing. `card` settled to now. */
void bank_link_derive(bank_link *link, const card_record *card);

/* Is the card one whose account may be closed at the counter (R44)? */
bool bank_card_has_ended(const card_record *card);
/* Can benefits be paid to it (R5)? Of a derived link. */
bool bank_payout_is_ready(const bank_link *link);

/* Opens, or moves on, the case of a closure: the agency's leg is done when the card has ended. */
void bank_closure_open(bank_link *link, const card_record *card, bank_closure_cause cause, ulid id,
                       int64_t at_ms);
void bank_enter_closed(bank_link *link, const card_record *card, ulid id, int64_t at_ms);
/* Nothing more is wanted of the bank by this kind of request. */
void bank_request_drop(bank_link *link, bank_request_kind kind, int64_t at_ms);
/* Asks the bank under a new reference; due at once. */
void bank_request_begin(bank_link *link, bank_request_kind kind, ulid reference, int64_t at_ms);

/* How long to wait before attempt number `attempts` + 1: twice as long each time, from 2 s to
 * 15 min; one that the bank has accepted is asked again from 1 min to 1 h. */
int64_t bank_retry_delay_ms(uint32_t attempts, bank_request_state state);

/* "pre_open": name of the timer that repeats a request of this kind. */
const char *bank_request_kind_name(bank_request_kind kind);
bank_request_kind bank_request_kind_of(const char *name);
/* The kind under which the bank knows a reference; NONE: none of the latest. */
bank_request_kind bank_request_find(const bank_link *link, ulid reference);

/* What is wrong with a stored link: a sentence, or NULL. */
const char *bank_link_broken(const bank_link *link);

/* The state for people. */
policy_text bank_state_text(bank_state state);
policy_text bank_state_meaning(bank_state state);

#endif
