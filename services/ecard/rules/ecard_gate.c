/* From the card's state to the gate. Must never look at anything stored about the gate: there is
 * nothing. */
#include "services/ecard/rules/ecard_gate.h"

#include "common/base/scoped.h"
#include "services/card/rules/card_holder.h"

#include <assert.h>

#define NO(code) ECARD_PERSONAL_NO, ECARD_REFUSAL_##code
#define YES ECARD_PERSONAL_YES, ECARD_REFUSAL_NONE
#define WITH_GRANT ECARD_PERSONAL_WITH_GRANT, ECARD_REFUSAL_HOLDER_AUTHORIZATION_REQUIRED
#define LIMITED_BY(code) ECARD_PERSONAL_LIMITED, ECARD_REFUSAL_##code
#define REFUSE(code) ECARD_REFUSAL_##code
#define ALLOW ECARD_REFUSAL_NONE

/* clang-format off */
static const ecard_gate_row TABLE[ECARD_ROW_COUNT] = {
/* Current card              gate                        PERSONAL services               new issue / bind */
[ECARD_ROW_NO_CARD]   = {ECARD_GATE_NOT_ISSUED,       NO(CARD_NOT_ISSUED),            REFUSE(CARD_NOT_ISSUED)},
[ECARD_ROW_ARCHIVED]  = {ECARD_GATE_LIMITED,          LIMITED_BY(SOCIAL_NOT_ENABLED), REFUSE(SOCIAL_NOT_ENABLED)},
[ECARD_ROW_NORMAL]    = {ECARD_GATE_OPEN,             YES,                            ALLOW},
[ECARD_ROW_LOCKED]    = {ECARD_GATE_AUTH_REQUIRED,    WITH_GRANT,                     REFUSE(CREDENTIAL_LOCKED)},
[ECARD_ROW_LOST]      = {ECARD_GATE_AUTH_REQUIRED,    WITH_GRANT,                     REFUSE(CARD_LOST)},
[ECARD_ROW_CANCELLED] = {ECARD_GATE_PERSONAL_BLOCKED, NO(CARD_CANCELLED),             REFUSE(CARD_CANCELLED)},
};

/* A1 other than the default, for the row LOCKED. */
static const ecard_gate_row LOCKED_OPEN    = {ECARD_GATE_OPEN,             YES,                   ALLOW};
static const ecard_gate_row LOCKED_BLOCKED = {ECARD_GATE_PERSONAL_BLOCKED, NO(CREDENTIAL_LOCKED), REFUSE(CREDENTIAL_LOCKED)};

static const char *const ROWS[] = {"none / REQUESTED / PRODUCING / WITHDRAWN", "ARCHIVED", "NORMAL",
                                   "NORMAL + pin_locked", "TEMP_LOST, LOST", "CANCELLED, no successor NORMAL"};
static const char *const GATES[] = {"UNKNOWN", "OPEN", "AUTH_REQUIRED", "PERSONAL_BLOCKED", "NOT_ISSUED", "LIMITED"};
/* clang-format on */
_Static_assert(ARRAY_LENGTH(ROWS) == ECARD_ROW_COUNT, "a name for every row");
_Static_assert(ARRAY_LENGTH(GATES) == ECARD_GATE_COUNT, "a name for every gate");

ecard_gate_row ecard_gate_row_of(ecard_card_row row, const ecard_knobs *knobs)
{
        assert(row < ECARD_ROW_COUNT);
        ecard_gate_row rule = TABLE[row];
        int64_t when_locked = knobs->values[ECARD_KNOB_WHEN_LOCKED];
        if (row == ECARD_ROW_LOCKED && when_locked == ECARD_WHEN_LOCKED_OPEN) rule = LOCKED_OPEN;
        if (row == ECARD_ROW_LOCKED && when_locked == ECARD_WHEN_LOCKED_BLOCKED)
                rule = LOCKED_BLOCKED;
        return rule;
}

const char *ecard_card_row_name(ecard_card_row row)
{
        assert(row < ECARD_ROW_COUNT);
        return ROWS[row];
}

const char *ecard_gate_name(ecard_gate gate)
{
        assert((int)gate < ECARD_GATE_COUNT);
        return GATES[gate];
}

/* ---- which card ---- */

/* The nearer to use, the higher: an application never hides a lost card. */
static int closeness(card_state state)
{
        switch (state) {
        case CARD_NORMAL:
                return 5;
        case CARD_TEMP_LOST:
        case CARD_LOST:
                return 4;
        case CARD_ARCHIVED_COLLECTED:
        case CARD_ARCHIVED_UNCOLLECTED:
                return 3;
        case CARD_REQUESTED:
        case CARD_PRODUCING:
                return 2;
        case CARD_CANCELLED:
                return 1;
        default:
                return 0;
        }
}

static int closest(const card_holder *holder)
{
        int best = -1;
        for (int i = holder->card_count - 1; i >= 0; i--)
                if (best < 0 ||
                    closeness(holder->cards[i].state) > closeness(holder->cards[best].state))
                        best = i;
        return best;
}

/* Who took over from a card that has ended: made, and of its chain. */
static int successor_of(const card_holder *holder, int ended)
{
        int best = -1;
        for (int i = holder->card_count - 1; i >= 0; i--) {
                if (!card_state_is_made(holder->cards[i].state)) continue;
                if (!card_supersedes(holder, i, ended)) continue;
                if (best < 0 ||
                    closeness(holder->cards[i].state) > closeness(holder->cards[best].state))
                        best = i;
        }
        return best;
}

int ecard_current_card(const card_holder *holder, const ecard_record *ecard)
{
        int bound = ecard_is_issued(ecard) ? card_holder_find(holder, ecard->card) : -1;
        if (bound < 0) return closest(holder);
        if (holder->cards[bound].state != CARD_CANCELLED) return bound;
        int successor = successor_of(holder, bound);
        return successor >= 0 ? successor : bound;
}

/* ---- the gate ---- */

static ecard_card_row row_of(card_state state, policy_ternary locked)
{
        switch (state) {
        case CARD_ARCHIVED_UNCOLLECTED:
        case CARD_ARCHIVED_COLLECTED:
                return ECARD_ROW_ARCHIVED;
        case CARD_NORMAL:
                return locked == POLICY_YES ? ECARD_ROW_LOCKED : ECARD_ROW_NORMAL;
        case CARD_TEMP_LOST:
        case CARD_LOST:
                return ECARD_ROW_LOST;
        case CARD_CANCELLED:
                return ECARD_ROW_CANCELLED;
        default:
                return ECARD_ROW_NO_CARD;
        }
}

ecard_view ecard_view_of(const card_holder *holder, const ecard_record *ecard, ecard_lock lock,
                         const ecard_knobs *knobs)
{
        ecard_view view = {.card = ecard_current_card(holder, ecard)};
        const card_record *card = view.card >= 0 ? &holder->cards[view.card] : NULL;
        view.row = card ? row_of(card->state, lock.locked) : ECARD_ROW_NO_CARD;
        view.rule = ecard_gate_row_of(view.row, knobs);
        view.gate = view.rule.gate;
        /* A8: a region may issue while the card is archived, once it is in the holder's hands. */
        if (card && card->state == CARD_ARCHIVED_COLLECTED &&
            knobs->values[ECARD_KNOB_ISSUE_REQUIRES] == ECARD_ISSUE_REQUIRES_COLLECTED)
                view.rule.issue_refusal = ECARD_REFUSAL_NONE;
        if (view.row == ECARD_ROW_NORMAL && lock.locked == POLICY_UNKNOWN)
                view.gate = ECARD_GATE_UNKNOWN;
        if (card) view.period.card = card->id;
        if (card) view.period.card_state_version = card->state_version;
        if (view.row == ECARD_ROW_LOCKED) view.period.lock_version = lock.version;
        return view;
}

bool ecard_period_equal(const ecard_period *a, const ecard_period *b)
{
        return ulid_equal(a->card, b->card) && a->card_state_version == b->card_state_version &&
               a->lock_version == b->lock_version;
}
