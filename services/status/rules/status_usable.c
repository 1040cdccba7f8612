/* Whether a card may be used. Reads the same facts whatever the answer. */
#include "services/status/rules/status_usable.h"

static status_usability by_card(const status_facts *facts)
{
        if (facts->card < 0) return STATUS_NOT_USABLE;
        const card_record *card = &facts->holder->cards[facts->card];
        switch (card_rules_use(card, facts->knobs, facts->now_ms)) {
        case CARD_REFUSAL_NONE:
                return STATUS_USABLE;
        case CARD_REFUSAL_SOCIAL_NOT_ENABLED: /* in the holder's hands, who can enable it */
                return card->state == CARD_ARCHIVED_COLLECTED ? STATUS_ASK_HOLDER
                                                              : STATUS_NOT_USABLE;
        case CARD_REFUSAL_CARD_EXPIRED:
                return STATUS_ASK_HOLDER;
        default:
                return STATUS_NOT_USABLE;
        }
}

status_usability status_usable(const status_facts *facts, status_purpose purpose)
{
        status_usability usability = by_card(facts);
        /* A locked password needs its holder; gates that ask for none stay open (A1). */
        bool needs_password =
                purpose != STATUS_PURPOSE_TRANSIT && purpose != STATUS_PURPOSE_CULTURE;
        if (usability == STATUS_USABLE && needs_password && facts->pin_locked == POLICY_YES)
                usability = STATUS_ASK_HOLDER;
        /* R5: a benefit needs the account; what is not known here only the holder can say. */
        if (usability == STATUS_USABLE && purpose == STATUS_PURPOSE_BENEFIT_PAYMENT &&
            facts->financial != STATUS_FINANCIAL_ACTIVE)
                usability = STATUS_ASK_HOLDER;
        return usability;
}

const char *status_purpose_name(status_purpose purpose)
{
        static const char *const names[STATUS_PURPOSE_COUNT] = {
                "",        "OWN_INQUIRY", "CASE_WORK", "MEDICAL", "EMPLOYMENT", "BENEFIT_PAYMENT",
                "TRANSIT", "CULTURE",     "AUDIT"};
        return (unsigned)purpose < STATUS_PURPOSE_COUNT ? names[purpose] : "";
}
