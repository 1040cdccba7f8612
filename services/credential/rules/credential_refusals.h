/* Every way in which the rules of the card PIN say no, with texts and next steps. What the card's
 * state says is said with the card's own refusals. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_REFUSALS_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_REFUSALS_H

#include "common/policy/refusal.h"

typedef enum credential_refusal {
        CREDENTIAL_REFUSAL_NONE = 0,
        CREDENTIAL_REFUSAL_CREDENTIAL_NOT_SET,
        CREDENTIAL_REFUSAL_CREDENTIAL_LOCKED,
        CREDENTIAL_REFUSAL_CREDENTIAL_VOID,
        CREDENTIAL_REFUSAL_CREDENTIAL_EXISTS,
        CREDENTIAL_REFUSAL_PIN_WRONG,
        CREDENTIAL_REFUSAL_WEAK_PASSWORD,
        CREDENTIAL_REFUSAL_CHANNEL_NOT_ALLOWED,
        CREDENTIAL_REFUSAL_GO_TO_SERVICE_INSTITUTION,
        CREDENTIAL_REFUSAL_MISSING_EVIDENCE,
        CREDENTIAL_REFUSAL_OUTLET_NOT_AUTHORISED,
        CREDENTIAL_REFUSAL_PIN_MALFORMED,
        CREDENTIAL_REFUSAL_NEW_PIN_MALFORMED,
        CREDENTIAL_REFUSAL_PASSWORD_KIND_REQUIRED,
        CREDENTIAL_REFUSAL_BANK_MANAGED,
        CREDENTIAL_REFUSAL_ATTEMPT_IN_FLIGHT,
        CREDENTIAL_REFUSAL_ATTEMPT_LOST,
        CREDENTIAL_REFUSAL_CHANGE_PENDING,
        CREDENTIAL_REFUSAL_COUNT,
} credential_refusal;

/* Static; NULL for NONE. */
const policy_refusal *credential_refusal_of(credential_refusal refusal);
/* By reason code; NULL when the rules of the PIN have no such code. */
const policy_refusal *credential_refusal_find(const char *reason);

/* Steps that guidance gives without a refusal. Static. */
extern const policy_step CREDENTIAL_STEP_CHANGE_INITIAL, CREDENTIAL_STEP_UNLOCK,
        CREDENTIAL_STEP_RESET, CREDENTIAL_STEP_REPLACE;

#endif
