/* Time passes. Days are those of China: the day of expiry counts in, a temporary loss ends at
 * midnight. Never looks at a knob: what a region changes later changes no record. */
#include "services/card/rules/card_settle.h"

#include "services/card/rules/card_holder.h"

#include <assert.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

int64_t card_temp_loss_end_ms(int64_t now_ms, int64_t days)
{
        return civil_date_start_unix_ms(
                civil_date_add_days(civil_date_at(now_ms), (int32_t)days + 1));
}

int64_t card_unclaimed_ms(int64_t now_ms, int64_t days)
{
        return days == 0 ? 0 : card_temp_loss_end_ms(now_ms, days);
}

/* When time alone moves the card on; 0: never. */
static int64_t state_due_ms(const card_record *card, card_timer_kind *kind)
{
        if (card->state == CARD_TEMP_LOST && card->temp_loss_outcome != CARD_TEMP_LOSS_HOLD) {
                *kind = CARD_TIMER_TEMP_LOSS_END;
                return card->temp_loss_until_ms;
        }
        if (card->state == CARD_ARCHIVED_UNCOLLECTED && card->unclaimed_until_ms > 0) {
                *kind = CARD_TIMER_UNCLAIMED;
                return card->unclaimed_until_ms;
        }
        return 0;
}

static void settle_card(card_holder *holder, int index, card_timer_kind kind, int64_t due_ms,
                        card_changes *changes)
{
        card_record *card = &holder->cards[index];
        if (kind == CARD_TIMER_UNCLAIMED) {
                card_cancel(changes, holder, index, CARD_CANCEL_UNCLAIMED, "A5", kind, due_ms);
        } else if (card->temp_loss_outcome == CARD_TEMP_LOSS_CANCEL) {
                card_cancel(changes, holder, index, CARD_CANCEL_HOLDER, "A3", kind, due_ms);
        } else {
                assert(card->temp_loss_outcome == CARD_TEMP_LOSS_RESTORE);
                card_state prior = card->prior;
                card = card_change_open(changes, holder, index, "card.recovered", "A3", kind,
                                        due_ms);
                card_enter(card, prior, due_ms);
                card_change_close(changes, holder);
        }
}

/* Earliest first, so that the journal tells it in the order in which it happened. */
static bool settle(card_holder *holder, int64_t now_ms, card_changes *changes)
{
        bool any = false;
        for (;;) {
                int first = -1;
                int64_t first_due = 0;
                card_timer_kind first_kind = CARD_TIMER_NONE;
                for (int i = 0; i < holder->card_count; i++) {
                        card_timer_kind kind = CARD_TIMER_NONE;
                        int64_t due = state_due_ms(&holder->cards[i], &kind);
                        if (due == 0 || due > now_ms) continue;
                        if (first >= 0 && due >= first_due) continue;
                        first = i;
                        first_due = due;
                        first_kind = kind;
                }
                if (first < 0) return any;
                settle_card(holder, first, first_kind, first_due, changes);
                any = true;
        }
}

bool card_settle(card_holder *holder, int64_t now_ms)
{
        return settle(holder, now_ms, NULL);
}

void card_settle_into(card_holder *holder, int64_t now_ms, card_changes *changes)
{
        settle(holder, now_ms, changes);
}

static void add(card_timer *timers, size_t *count, card_timer_kind kind, int64_t due_ms)
{
        assert(*count < CARD_TIMERS_MAX);
        timers[(*count)++] = (card_timer){kind, due_ms};
}

size_t card_timers_of(const card_record *card, card_timer timers[CARD_TIMERS_MAX])
{
        size_t count = 0;
        card_timer_kind kind = CARD_TIMER_NONE;
        int64_t due = state_due_ms(card, &kind);
        if (due > 0) add(timers, &count, kind, due);
        if (due > 0 && kind == CARD_TIMER_TEMP_LOSS_END && !card->temp_loss_warned)
                add(timers, &count, CARD_TIMER_TEMP_LOSS_WARNING, due - DAY_MS);

        if (!card_state_is_made(card->state) || civil_date_is_zero(card->expires_on)) return count;
        if (card->expiry_flag < CARD_EXPIRY_FLAG_EXPIRING)
                add(timers, &count, CARD_TIMER_EXPIRING,
                    civil_date_start_unix_ms(card_renewal_opens_on(card)));
        if (card->expiry_flag < CARD_EXPIRY_FLAG_EXPIRED)
                add(timers, &count, CARD_TIMER_EXPIRED,
                    civil_date_start_unix_ms(civil_date_add_days(card->expires_on, 1)));
        return count;
}

civil_date card_renewal_opens_on(const card_record *card)
{
        if (civil_date_is_zero(card->expires_on)) return card->expires_on;
        return civil_date_add_days(card->expires_on, -CARD_RENEWAL_DAYS);
}

card_validity card_validity_of(const card_record *card, int64_t now_ms)
{
        if (civil_date_is_zero(card->expires_on)) return CARD_VALIDITY_NONE;
        civil_date today = civil_date_at(now_ms);
        if (civil_date_compare(today, card->expires_on) > 0) return CARD_VALIDITY_EXPIRED;
        return civil_date_compare(today, card_renewal_opens_on(card)) >= 0 ? CARD_VALIDITY_EXPIRING
                                                                           : CARD_VALIDITY_VALID;
}

card_delivery card_delivery_of(const card_record *card)
{
        switch (card->state) {
        case CARD_PRODUCING:
                return CARD_DELIVERY_IN_PRODUCTION;
        case CARD_ARCHIVED_UNCOLLECTED:
                return card->fulfilment == CARD_FULFILMENT_MAIL ? CARD_DELIVERY_IN_MAIL
                                                                : CARD_DELIVERY_AT_OUTLET;
        case CARD_ARCHIVED_COLLECTED:
        case CARD_NORMAL:
        case CARD_TEMP_LOST:
        case CARD_LOST:
                return CARD_DELIVERY_COLLECTED;
        case CARD_CANCELLED:
                if (card->cancel_reason == CARD_CANCEL_LOST_IN_DELIVERY) return CARD_DELIVERY_LOST;
                return card->collected_at_ms > 0 ? CARD_DELIVERY_COLLECTED : CARD_DELIVERY_NONE;
        case CARD_STATE_NONE:
        case CARD_REQUESTED:
        case CARD_WITHDRAWN:
                break;
        }
        return CARD_DELIVERY_NONE;
}
