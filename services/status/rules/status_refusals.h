/* The refusals that the status query makes itself, and all that it can explain. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_REFUSALS_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_REFUSALS_H

#include "common/policy/refusal.h"

typedef enum status_refusal {
        STATUS_REFUSAL_SUBJECT_REQUIRED = 0,
        STATUS_REFUSAL_PURPOSE_REQUIRED,
        STATUS_REFUSAL_STALENESS_NOT_ALLOWED,
        STATUS_REFUSAL_GUIDANCE_SUBJECT_REQUIRED,
        STATUS_REFUSAL_REASON_UNKNOWN,
        STATUS_REFUSAL_OPERATION_UNKNOWN,
        STATUS_REFUSAL_HOLDER_NOT_FOUND,
        STATUS_REFUSAL_NOTICE_CODE_MALFORMED,
        STATUS_REFUSAL_NOTICE_CHECKS_EXHAUSTED,
        STATUS_REFUSAL_CARD_ENDED_LONG_AGO, /* it is no more in its holder's record */
        STATUS_REFUSAL_COUNT,
} status_refusal;

const policy_refusal *status_refusal_of(status_refusal refusal);
/* By reason code, wherever it comes from: status, the card's rules, access. NULL: nobody has it. */
const policy_refusal *status_refusal_find(const char *reason);

#endif
