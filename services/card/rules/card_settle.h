/* What time alone has changed. Applied at every read, so that a loss that ended at 00:00 is over
 * at 00:00, whether or not a job has been by. Deadlines and outcomes were fixed in the record. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_SETTLE_H
#define SSCARD_SERVICES_CARD_RULES_CARD_SETTLE_H

#include "services/card/rules/card_change.h"

/* Changes `holder` to what it is at `now_ms`. For answers: versions stay as stored, so that an etag
 * that was read stays good. Returns whether anything differs. */
bool card_settle(card_holder *holder, int64_t now_ms);
/* The same as changes to be written: each raises its card's version, names its timer, and takes
 * effect when it was due. They stand first in a write's batch. */
void card_settle_into(card_holder *holder, int64_t now_ms, card_changes *changes);

/* The timers that the record is waiting for; at most CARD_TIMERS_MAX. Returns how many. A record
 * without timers that it had before: those are void. */
typedef struct card_timer {
        card_timer_kind kind;
        int64_t due_ms;
} card_timer;
enum { CARD_TIMERS_MAX = 4 };
size_t card_timers_of(const card_record *card, card_timer timers[CARD_TIMERS_MAX]);

/* When a temporary loss that is reported now ends: at 00:00 in China, after `days` whole days. */
int64_t card_temp_loss_end_ms(int64_t now_ms, int64_t days);
/* When a card that is made now is unclaimed; 0: never. */
int64_t card_unclaimed_ms(int64_t now_ms, int64_t days);

/* Days before the date of expiry on which renewal opens (R32). */
enum { CARD_RENEWAL_DAYS = 60 };
/* The first day on which a renewal may be asked for; zero: the card has no date. */
civil_date card_renewal_opens_on(const card_record *card);
card_validity card_validity_of(const card_record *card, int64_t now_ms);
card_delivery card_delivery_of(const card_record *card);

#endif
