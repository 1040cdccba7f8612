/* Names of changes, and what they mean for others. */
#include "services/card/rules/card_change.h"

#include <assert.h>
#include <string.h>

const char *card_timer_kind_name(card_timer_kind kind)
{
        static const char *const names[] = {"none",      "temp_loss_end", "temp_loss_warning",
                                            "unclaimed", "expiring",      "expired"};
        _Static_assert(ARRAY_LENGTH(names) == CARD_TIMER_KIND_COUNT, "a name for every timer");
        assert((int)kind < CARD_TIMER_KIND_COUNT);
        return names[kind];
}

static bool is_lost(card_state state)
{
        return state == CARD_TEMP_LOST || state == CARD_LOST;
}

card_credential_effect card_change_credential_effect(const card_change *change)
{
        card_state before = change->before.state, after = change->after.state;
        if (before == after) return CARD_CREDENTIAL_SAME;
        if (before == CARD_PRODUCING && after == CARD_ARCHIVED_UNCOLLECTED)
                return CARD_CREDENTIAL_ISSUED;
        if (after == CARD_CANCELLED && card_state_is_made(before)) return CARD_CREDENTIAL_VOID;
        if (is_lost(after) && !is_lost(before)) return CARD_CREDENTIAL_SUSPENDED;
        if (is_lost(before) && !is_lost(after)) return CARD_CREDENTIAL_RESUMED;
        return CARD_CREDENTIAL_SAME;
}

card_bank_effect card_change_bank_effect(const card_change *change)
{
        card_state before = change->before.state, after = change->after.state;
        if (before == after) return CARD_BANK_SAME;
        if (before == CARD_PRODUCING && after == CARD_ARCHIVED_UNCOLLECTED) return CARD_BANK_LOADED;
        if (after == CARD_CANCELLED && card_state_is_made(before)) return CARD_BANK_CLOSURE_PENDING;
        if (is_lost(after) && !is_lost(before)) return CARD_BANK_TOLD_OF_LOSS;
        return CARD_BANK_SAME;
}
