/* Every way in which the rules of the bank link say no, with its texts and next steps. What the
 * card's own state refuses is told in the card's words (card_refusals.h). */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_REFUSALS_H
#define SSCARD_SERVICES_BANK_RULES_BANK_REFUSALS_H

#include "common/policy/refusal.h"

typedef enum bank_refusal {
        BANK_REFUSAL_NONE = 0,
        BANK_REFUSAL_NO_ACCOUNT,
        BANK_REFUSAL_ACCOUNT_ACTIVE,
        BANK_REFUSAL_CLOSURE_IN_PROGRESS,
        BANK_REFUSAL_ACCOUNT_CLOSED,
        BANK_REFUSAL_CARD_STILL_VALID,
        BANK_REFUSAL_IN_PERSON_REQUIRED,
        BANK_REFUSAL_MISSING_EVIDENCE,
        BANK_REFUSAL_MOBILITY_GROUND_REQUIRED,
        BANK_REFUSAL_WRONG_BANK,
        BANK_REFUSAL_BANK_MANAGED,
        BANK_REFUSAL_FINANCIAL_NOT_ACTIVATED,
        BANK_REFUSAL_CHANNEL_NOT_ALLOWED,
        BANK_REFUSAL_ROLE_NOT_ALLOWED,
        BANK_REFUSAL_CARD_NOT_FOUND,
        BANK_REFUSAL_CARD_NOT_ISSUED,
        BANK_REFUSAL_NOT_COLLECTED,
        BANK_REFUSAL_CARD_TEMP_LOST,
        BANK_REFUSAL_CARD_LOST,
        BANK_REFUSAL_CARD_CANCELLED,
        BANK_REFUSAL_APPLICATION_ENDED,
        BANK_REFUSAL_REFERENCE_UNKNOWN,
        BANK_REFUSAL_ANSWER_CONTRADICTS,
        BANK_REFUSAL_ACCOUNT_REFERENCE_REQUIRED,
        BANK_REFUSAL_ACCOUNT_REFERENCE_DIFFERS,
        BANK_REFUSAL_TOO_MANY_ACCOUNTS,
        BANK_REFUSAL_COUNT,
} bank_refusal;

/* Static; NULL for NONE. */
const policy_refusal *bank_refusal_of(bank_refusal refusal);
/* By reason code; NULL when the rules of the link have no such code. */
const policy_refusal *bank_refusal_find(const char *reason);

/* Steps that guidance gives without a refusal. Static. */
extern const policy_step BANK_STEP_ACTIVATE, BANK_STEP_CLOSE_AT_COUNTER, BANK_STEP_TELL_BANK,
        BANK_STEP_WAIT_FOR_BANK, BANK_STEP_ASK_BANK, BANK_STEP_HOME_VISIT_OR_AGENT;

#endif
