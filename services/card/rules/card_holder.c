/* Chains of successors and changes of records. Nothing here decides; it carries out. */
#include "services/card/rules/card_holder.h"

#include <assert.h>
#include <string.h>

int card_holder_find(const card_holder *holder, ulid card)
{
        if (ulid_is_zero(card)) return -1;
        for (int i = 0; i < holder->card_count; i++)
                if (ulid_equal(holder->cards[i].id, card)) return i;
        return -1;
}

bool card_supersedes(const card_holder *holder, int card, int ancestor)
{
        /* A chain is never longer than the cards there are: a loop in bad data ends. */
        for (int hops = 0; hops < holder->card_count; hops++) {
                card = card_holder_find(holder, holder->cards[card].supersedes);
                if (card < 0) return false;
                if (card == ancestor) return true;
        }
        return false;
}

int card_live_successor(const card_holder *holder, int card)
{
        for (int i = holder->card_count - 1; i >= 0; i--)
                if (i != card && card_state_is_live(holder->cards[i].state) &&
                    card_supersedes(holder, i, card))
                        return i;
        return -1;
}

bool card_is_duplicate(const card_holder *holder, int card)
{
        if (!card_state_is_live(holder->cards[card].state)) return false;
        for (int i = 0; i < holder->card_count; i++)
                if (i != card && card_state_is_live(holder->cards[i].state) &&
                    !card_supersedes(holder, i, card) && !card_supersedes(holder, card, i))
                        return true;
        return false;
}

int card_holder_current(const card_holder *holder)
{
        int live = -1;
        for (int i = holder->card_count - 1; i >= 0; i--) {
                const card_record *card = &holder->cards[i];
                if (card->state == CARD_NORMAL && !card->legacy_duplicate) return i;
                if (!card_state_is_live(card->state)) continue;
                if (live < 0 ||
                    (card->state == CARD_NORMAL) > (holder->cards[live].state == CARD_NORMAL))
                        live = i;
        }
        return live >= 0 ? live : holder->card_count - 1;
}

/* Between two live cards: without it the younger would be nobody's successor. */
static bool is_link(const card_holder *holder, int card)
{
        bool has_younger = false, has_older = false;
        for (int i = 0; i < holder->card_count; i++) {
                if (i == card || !card_state_is_live(holder->cards[i].state)) continue;
                has_younger |= card_supersedes(holder, i, card);
                has_older |= card_supersedes(holder, card, i);
        }
        return has_younger && has_older;
}

int card_holder_leaver(const card_holder *stored, const card_holder *holder)
{
        for (int i = 0; i < holder->card_count; i++) {
                int before = card_holder_find(stored, holder->cards[i].id);
                if (before < 0 || card_state_is_live(stored->cards[before].state)) continue;
                if (!is_link(holder, i)) return i;
        }
        return -1;
}

void card_holder_remove(card_holder *holder, int card, card_changes *changes)
{
        assert(card >= 0 && card < holder->card_count);
        assert(!card_state_is_live(holder->cards[card].state));
        size_t behind = (size_t)(holder->card_count - card - 1);
        memmove(&holder->cards[card], &holder->cards[card + 1], behind * sizeof *holder->cards);
        holder->card_count--;
        for (int i = 0; changes != NULL && i < changes->count; i++) {
                assert(changes->items[i].card != card);
                if (changes->items[i].card > card) changes->items[i].card--;
        }
}

bool card_holder_recall(card_holder *holder, const card_record *card)
{
        assert(!card_state_is_live(card->state));
        if (holder->card_count == CARD_CARDS_MAX) {
                int place = card_holder_leaver(holder, holder);
                if (place < 0) return false;
                card_holder_remove(holder, place, NULL);
        }
        int at = 0;
        while (at < holder->card_count &&
               memcmp(holder->cards[at].id.bytes, card->id.bytes, ULID_BYTES) < 0)
                at++;
        size_t behind = (size_t)(holder->card_count - at);
        memmove(&holder->cards[at + 1], &holder->cards[at], behind * sizeof *holder->cards);
        holder->cards[at] = *card;
        holder->card_count++;
        return true;
}

void card_record_tidy(card_record *card)
{
        const char **const texts[] = {
                &card->number,         &card->chip_id,
                &card->chip_model,     &card->chip_key_batch,
                &card->bank,           &card->outlet,
                &card->mail_reference, &card->photo,
                &card->scope,          &card->consent.statement,
                &card->mail_address,
        };
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
                if (*texts[i] == NULL) *texts[i] = "";
}

void card_enter(card_record *card, card_state state, int64_t at_ms)
{
        assert(state != CARD_STATE_NONE);
        bool was_lost = card->state == CARD_TEMP_LOST || card->state == CARD_LOST;
        bool is_lost = state == CARD_TEMP_LOST || state == CARD_LOST;
        if (!is_lost)
                card->prior = CARD_STATE_NONE;
        else if (!was_lost)
                card->prior = card->state;

        card->temp_loss_until_ms = 0;
        card->temp_loss_outcome = CARD_TEMP_LOSS_NONE;
        card->temp_loss_warned = false;
        card->unclaimed_until_ms = 0;
        if (state == CARD_NORMAL) card->ever_normal = true;
        card->state = state;
        card->state_version = card->version;
        card->state_since_ms = at_ms;
}

card_record *card_change_open(card_changes *changes, card_holder *holder, int card,
                              const char *event, const char *rule, card_timer_kind timer,
                              int64_t at_ms)
{
        assert(card >= 0 && card < holder->card_count);
        card_record *record = &holder->cards[card];
        if (changes == NULL) return record;
        assert(changes->count < CARD_CHANGES_MAX);
        card_change *change = &changes->items[changes->count++];
        change->card = (uint8_t)card;
        change->timer = timer;
        change->at_ms = at_ms;
        change->event = event;
        change->rule = rule;
        change->before = *record;
        record->version++;
        return record;
}

void card_change_close(card_changes *changes, const card_holder *holder)
{
        if (changes == NULL) return;
        assert(changes->count > 0);
        card_change *change = &changes->items[changes->count - 1];
        change->after = holder->cards[change->card];
}

void card_cancel(card_changes *changes, card_holder *holder, int card, card_cancel_reason reason,
                 const char *rule, card_timer_kind timer, int64_t at_ms)
{
        assert(reason != CARD_CANCEL_NONE);
        card_record *record =
                card_change_open(changes, holder, card, "card.cancelled", rule, timer, at_ms);
        card_enter(record, CARD_CANCELLED, at_ms);
        record->cancel_reason = reason;
        card_change_close(changes, holder);
        card_forget_successor(changes, holder, card, timer, at_ms);
}

void card_forget_successor(card_changes *changes, card_holder *holder, int card,
                           card_timer_kind timer, int64_t at_ms)
{
        const card_record *ended = &holder->cards[card];
        if (ended->ever_normal) return;
        int predecessor = card_holder_find(holder, ended->supersedes);
        if (predecessor < 0 || !card_state_is_live(holder->cards[predecessor].state)) return;
        if (!ulid_equal(holder->cards[predecessor].superseded_by, ended->id)) return;
        card_record *record = card_change_open(changes, holder, predecessor,
                                               "card.replacement_ended", "R42", timer, at_ms);
        record->superseded_by = (ulid){0};
        card_change_close(changes, holder);
}
