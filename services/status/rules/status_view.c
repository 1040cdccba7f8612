/* From records to what people are shown. Must never let one function imply the other (R3). */
#include "services/status/rules/status_view.h"

#include "services/card/rules/card_texts.h"

#include <assert.h>

status_display status_display_of(card_state state, policy_ternary pin_locked)
{
        switch (state) {
        case CARD_STATE_NONE:
                break;
        case CARD_REQUESTED:
                return STATUS_DISPLAY_REQUESTED;
        case CARD_PRODUCING:
                return STATUS_DISPLAY_PRODUCING;
        case CARD_ARCHIVED_UNCOLLECTED:
        case CARD_ARCHIVED_COLLECTED:
                return STATUS_DISPLAY_ARCHIVED;
        case CARD_NORMAL:
                return pin_locked == POLICY_YES ? STATUS_DISPLAY_LOCKED : STATUS_DISPLAY_NORMAL;
        case CARD_TEMP_LOST:
                return STATUS_DISPLAY_TEMP_LOST;
        case CARD_LOST:
                return STATUS_DISPLAY_LOST;
        case CARD_CANCELLED:
                return STATUS_DISPLAY_CANCELLED;
        case CARD_WITHDRAWN:
                return STATUS_DISPLAY_WITHDRAWN;
        }
        return STATUS_DISPLAY_NONE;
}

static card_state state_of(status_display display)
{
        static const card_state states[STATUS_DISPLAY_COUNT] = {
                [STATUS_DISPLAY_REQUESTED] = CARD_REQUESTED,
                [STATUS_DISPLAY_PRODUCING] = CARD_PRODUCING,
                [STATUS_DISPLAY_ARCHIVED] = CARD_ARCHIVED_COLLECTED,
                [STATUS_DISPLAY_NORMAL] = CARD_NORMAL,
                [STATUS_DISPLAY_TEMP_LOST] = CARD_TEMP_LOST,
                [STATUS_DISPLAY_LOST] = CARD_LOST,
                [STATUS_DISPLAY_CANCELLED] = CARD_CANCELLED,
                [STATUS_DISPLAY_WITHDRAWN] = CARD_WITHDRAWN,
        };
        assert((int)display < STATUS_DISPLAY_COUNT);
        return states[display];
}

policy_text status_display_text(status_display display)
{
        if (display == STATUS_DISPLAY_LOCKED) return (policy_text){"应用锁定", "Locked"};
        return card_state_text(state_of(display));
}

policy_text status_display_meaning(status_display display)
{
        if (display == STATUS_DISPLAY_LOCKED)
                return (policy_text){
                        "社保卡密码连续输错六次，社保应用已锁定；须到服务网点解锁或重置密码。",
                        "The card's password was entered wrongly six times in a row; it is "
                        "unlocked or reset at a service institution."};
        return card_state_meaning(state_of(display));
}

const char *status_display_aaz502(status_display display)
{
        if (display == STATUS_DISPLAY_LOCKED) return "3";
        return card_state_aaz502(state_of(display));
}

status_social status_social_of(const card_record *card)
{
        switch (card->state) {
        case CARD_ARCHIVED_UNCOLLECTED:
        case CARD_ARCHIVED_COLLECTED:
                return STATUS_SOCIAL_NOT_ENABLED;
        case CARD_NORMAL:
                return STATUS_SOCIAL_ENABLED;
        case CARD_TEMP_LOST:
        case CARD_LOST:
                return card->prior == CARD_NORMAL ? STATUS_SOCIAL_SUSPENDED
                                                  : STATUS_SOCIAL_NOT_ENABLED;
        case CARD_CANCELLED:
                return STATUS_SOCIAL_ENDED;
        case CARD_STATE_NONE:
        case CARD_REQUESTED:
        case CARD_PRODUCING:
        case CARD_WITHDRAWN:
                break;
        }
        return STATUS_SOCIAL_NOT_ISSUED;
}

status_financial status_financial_of(const bank_link *link)
{
        static const status_financial of[BANK_STATE_COUNT] = {
                [BANK_NONE] = STATUS_FINANCIAL_NONE,
                [BANK_LOADED] = STATUS_FINANCIAL_LOADED,
                [BANK_ACTIVE] = STATUS_FINANCIAL_ACTIVE,
                [BANK_CLOSURE_PENDING] = STATUS_FINANCIAL_CLOSURE_PENDING,
                [BANK_CLOSED] = STATUS_FINANCIAL_CLOSED};
        assert(link->state >= BANK_NONE && (int)link->state < BANK_STATE_COUNT);
        return of[link->state];
}

status_payout status_payout_of(const status_facts *facts)
{
        switch (facts->financial) {
        case STATUS_FINANCIAL_ABSENT:
        case STATUS_FINANCIAL_UNKNOWN:
                return STATUS_PAYOUT_UNKNOWN;
        case STATUS_FINANCIAL_ACTIVE:
                return STATUS_PAYOUT_READY;
        default:
                return STATUS_PAYOUT_NOT_READY;
        }
}
