/* Taking over persons and cards of an older system, with old dates and legacy duplicates (R42). */
#include "services/card/rules/card_rules.h"

#include "services/card/rules/card_guards.h"
#include "services/card/rules/card_invariants.h"
#include "services/card/rules/card_settle.h"

#include <assert.h>
#include <string.h>

/* The same card: by its number, or, while it has none, by the instant of its application. */
static bool is_same(const card_record *known, const card_record *imported)
{
        if (imported->number[0] != '\0') return strcmp(known->number, imported->number) == 0;
        if (known->requested_at_ms != imported->requested_at_ms) return false;
        return imported->requested_at_ms != 0 || known->number[0] == '\0';
}

static bool has_card(const card_holder *holder, const card_record *imported)
{
        for (int i = 0; i < holder->card_count; i++)
                if (is_same(&holder->cards[i], imported)) return true;
        return false;
}

/* What an old record need not say. */
static void complete_record(card_record *card, const card_facts *facts)
{
        card_record_tidy(card);
        bool is_lost = card->state == CARD_TEMP_LOST || card->state == CARD_LOST;
        if (is_lost && card->prior == CARD_STATE_NONE) card->prior = CARD_NORMAL;
        if (card->state == CARD_TEMP_LOST) {
                if (card->temp_loss_until_ms == 0)
                        card->temp_loss_until_ms = card_temp_loss_end_ms(
                                facts->now_ms, facts->knobs->values[CARD_KNOB_TEMP_LOSS_DAYS]);
                if (card->temp_loss_outcome == CARD_TEMP_LOSS_NONE)
                        card->temp_loss_outcome =
                                (card_temp_loss_outcome)(facts->knobs->values
                                                                 [CARD_KNOB_TEMP_LOSS_ON_EXPIRY] +
                                                         1);
        }
        if (card->state == CARD_ARCHIVED_UNCOLLECTED && card->unclaimed_until_ms == 0)
                card->unclaimed_until_ms = card_unclaimed_ms(
                        facts->now_ms, facts->knobs->values[CARD_KNOB_UNCLAIMED_DAYS]);
        if (card_state_is_collected(card->state) && card->collected_at_ms == 0)
                card->collected_at_ms = facts->now_ms;
        if (card->state == CARD_NORMAL || card->prior == CARD_NORMAL) card->ever_normal = true;
        if (card->state_since_ms == 0) card->state_since_ms = facts->now_ms;
        if (card->fulfilment == CARD_FULFILMENT_NONE) card->fulfilment = CARD_FULFILMENT_PICKUP;
}

static bool is_consistent(const card_record *card)
{
        bool is_lost = card->state == CARD_TEMP_LOST || card->state == CARD_LOST;
        bool needs_number = card->state != CARD_REQUESTED && card->state != CARD_PRODUCING &&
                            card->state != CARD_WITHDRAWN;
        if (card->state == CARD_STATE_NONE || ulid_is_zero(card->id)) return false;
        if (needs_number != (card->number[0] != '\0')) return false;
        if (needs_number && !card_number_is_well_formed(card->number)) return false;
        if ((card->state == CARD_CANCELLED) != (card->cancel_reason != CARD_CANCEL_NONE))
                return false;
        if (is_lost && card->prior != CARD_NORMAL && card->prior != CARD_ARCHIVED_COLLECTED)
                return false;
        if (!is_lost && card->prior != CARD_STATE_NONE) return false;
        if (card->state != CARD_TEMP_LOST && card->temp_loss_until_ms != 0) return false;
        return civil_date_is_zero(card->issued_on) || civil_date_is_zero(card->expires_on) ||
               civil_date_compare(card->expires_on, card->issued_on) > 0;
}

static bool make_room(const card_holder *stored, card_verdict *verdict)
{
        card_holder *holder = &verdict->after;
        if (holder->card_count < CARD_CARDS_MAX) return true;
        int leaver = card_holder_leaver(stored, holder);
        if (leaver < 0) return false;
        verdict->leavers[verdict->leaver_count++] = holder->cards[leaver].id;
        card_holder_remove(holder, leaver, &verdict->changes);
        return true;
}

static card_refusal take_over(const card_facts *facts, const card_holder *import,
                              card_verdict *verdict)
{
        card_holder *holder = &verdict->after;
        if (!holder->exists) {
                holder->exists = true;
                holder->person = import->person;
                holder->person.version = 1;
                verdict->person_changed = true;
                verdict->person_event = "person.registered";
        }
        bool is_dead = !civil_date_is_zero(holder->person.died_on);
        for (int i = 0; i < import->card_count; i++) {
                card_record card = import->cards[i];
                complete_record(&card, facts);
                if (!is_consistent(&card)) return CARD_REFUSAL_IMPORT_INCONSISTENT;
                if (is_dead && card_state_is_live(card.state))
                        return CARD_REFUSAL_IMPORT_INCONSISTENT;
                if (has_card(holder, &card)) {
                        if (has_card(facts->holder, &card)) continue; /* known already */
                        return CARD_REFUSAL_IMPORT_INCONSISTENT;      /* twice in one import */
                }
                if (!make_room(facts->holder, verdict)) return CARD_REFUSAL_TOO_MANY_CARDS;

                int index = holder->card_count++;
                holder->cards[index] = (card_record){.state = CARD_STATE_NONE};
                card_record *made =
                        card_change_open(&verdict->changes, holder, index, "card.imported", "R42",
                                         CARD_TIMER_NONE, facts->now_ms);
                card.version = made->version;
                *made = card;
                card_change_close(&verdict->changes, holder);
        }
        return card_invariants_hold(holder) ? CARD_REFUSAL_NONE
                                            : CARD_REFUSAL_DUPLICATE_NOT_DECLARED;
}

void card_rules_import(const card_facts *facts, const card_holder *import, card_verdict *verdict)
{
        assert(card_invariants_hold(facts->holder));
        memset(verdict->step_cards, -1, sizeof verdict->step_cards);
        verdict->code = CARD_REFUSAL_NONE;
        verdict->refusal = (policy_refusal){0};
        verdict->details.count = 0;
        verdict->needs = 0;
        verdict->depends_on = verdict->person_event = NULL;
        verdict->person_changed = false;
        verdict->rule = "R42";
        verdict->card = -1;
        verdict->changes.count = 0;
        verdict->leaver_count = 0;
        verdict->after = *facts->holder;
        verdict->code = take_over(facts, import, verdict);
        verdict->changed = verdict->person_changed || verdict->changes.count > 0;
        if (verdict->code != CARD_REFUSAL_NONE) {
                verdict->refusal = *card_refusal_of(verdict->code);
                verdict->changed = verdict->person_changed = false;
                verdict->changes.count = 0;
                verdict->leaver_count = 0;
                verdict->after = *facts->holder;
        }
}
