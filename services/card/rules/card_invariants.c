/* I1–I5 of a record, I2 and I3 of a step. Says what is wrong, never repairs. */
#include "services/card/rules/card_invariants.h"

#include "services/card/rules/card_holder.h"

static bool is_lost(card_state state)
{
        return state == CARD_TEMP_LOST || state == CARD_LOST;
}

static const char *card_broken(const card_record *card)
{
        if (ulid_is_zero(card->id)) return "a card has no id";
        if (card->state <= CARD_STATE_NONE || (int)card->state >= CARD_STATE_COUNT)
                return "a card has no state";
        if (card->version == 0) return "I3: a card has no version";
        bool temp_lost = card->state == CARD_TEMP_LOST;
        if (temp_lost != (card->temp_loss_until_ms > 0))
                return "I5: TEMP_LOST has temp_loss_until, others do not";
        if (temp_lost != (card->temp_loss_outcome != CARD_TEMP_LOSS_NONE))
                return "I5: TEMP_LOST has an outcome, others do not";
        if (is_lost(card->state)) {
                if (card->prior != CARD_NORMAL && card->prior != CARD_ARCHIVED_COLLECTED)
                        return "a lost card has no prior state";
        } else if (card->prior != CARD_STATE_NONE) {
                return "a card that is not lost has a prior state";
        }
        if ((card->state == CARD_CANCELLED) != (card->cancel_reason != CARD_CANCEL_NONE))
                return "CANCELLED has a reason, others do not";
        if (card->unclaimed_until_ms != 0 && card->state != CARD_ARCHIVED_UNCOLLECTED)
                return "only a card that waits can be unclaimed";
        if (card_state_is_made(card->state) && card->number[0] == '\0')
                return "a made card has no number";
        if (card_state_is_collected(card->state) && card->collected_at_ms == 0)
                return "a collected card has no date of collection";
        if (card->state == CARD_NORMAL && !card->ever_normal) return "NORMAL was never NORMAL";
        return NULL;
}

/* Two live cards that the rule of one card a person counts. */
static const char *pair_broken(const card_holder *holder, int a, int b)
{
        const card_record *first = &holder->cards[a], *second = &holder->cards[b];
        bool both_normal = first->state == CARD_NORMAL && second->state == CARD_NORMAL;
        if (both_normal) return "I1: two cards are NORMAL";
        if (!card_supersedes(holder, a, b) && !card_supersedes(holder, b, a))
                return "I1: a second live card is nobody's successor";
        return NULL;
}

static const char *links_broken(const card_holder *holder, int index)
{
        const card_record *card = &holder->cards[index];
        int successor = card_holder_find(holder, card->superseded_by);
        bool replaced = card->cancel_reason == CARD_CANCEL_REPLACED ||
                        card->cancel_reason == CARD_CANCEL_REPLACED_AFTER_LOSS;
        if (replaced && successor >= 0 && holder->cards[successor].collected_at_ms == 0)
                return "I4: replaced by a card that nobody collected";
        if (!card_state_is_live(card->state) || ulid_is_zero(card->superseded_by)) return NULL;
        if (successor < 0 || !card_state_is_live(holder->cards[successor].state))
                return "I4: a live card's successor has ended";
        return NULL;
}

const char *card_invariants_broken(const card_holder *holder)
{
        if (holder->card_count > CARD_CARDS_MAX) return "too many cards";
        if (!holder->exists && holder->card_count > 0) return "cards of nobody";
        bool is_dead = !civil_date_is_zero(holder->person.died_on);
        for (int i = 0; i < holder->card_count; i++) {
                const card_record *card = &holder->cards[i];
                const char *broken = card_broken(card);
                if (broken == NULL) broken = links_broken(holder, i);
                if (broken != NULL) return broken;
                bool live = card_state_is_live(card->state);
                if (is_dead && live) return "a dead person has a live card";
                for (int j = 0; j < holder->card_count; j++) {
                        const card_record *other = &holder->cards[j];
                        if (i == j) continue;
                        if (ulid_equal(card->id, other->id)) return "two cards have one id";
                        if (card->ever_normal && card_state_is_live(other->state) &&
                            card_supersedes(holder, i, j))
                                return "I4: was NORMAL beside a live predecessor";
                        if (j < i || !live || !card_state_is_live(other->state)) continue;
                        if (card->legacy_duplicate || other->legacy_duplicate) continue;
                        broken = pair_broken(holder, i, j);
                        if (broken != NULL) return broken;
                }
        }
        return NULL;
}

const char *card_change_broken(const card_change *change)
{
        if (change->after.version != change->before.version + 1)
                return "I3: a change raises the version by one";
        bool ended =
                change->before.state == CARD_CANCELLED || change->before.state == CARD_WITHDRAWN;
        if (ended && change->after.state != change->before.state)
                return "I2: CANCELLED and WITHDRAWN are never left";
        if (change->before.state != CARD_STATE_NONE &&
            !ulid_equal(change->before.id, change->after.id))
                return "a change is of one card";
        return NULL;
}
