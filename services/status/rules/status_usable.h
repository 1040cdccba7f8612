/* CheckUsable (N13): yes, no, or "ask the holder"; never why. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_USABLE_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_USABLE_H

#include "services/status/rules/status_facts.h"

/* The numbers of sscard.status.v1.Usability. */
typedef enum status_usability {
        STATUS_USABLE = 1,
        STATUS_NOT_USABLE = 2,
        STATUS_ASK_HOLDER = 3,
} status_usability;

/* The numbers of sscard.common.v1.Purpose. */
typedef enum status_purpose {
        STATUS_PURPOSE_UNSPECIFIED = 0,
        STATUS_PURPOSE_OWN_INQUIRY = 1,
        STATUS_PURPOSE_CASE_WORK = 2,
        STATUS_PURPOSE_MEDICAL = 3,
        STATUS_PURPOSE_EMPLOYMENT = 4,
        STATUS_PURPOSE_BENEFIT_PAYMENT = 5,
        STATUS_PURPOSE_TRANSIT = 6,
        STATUS_PURPOSE_CULTURE = 7,
        STATUS_PURPOSE_AUDIT = 8,
} status_purpose;
enum { STATUS_PURPOSE_COUNT = 9 };
/* "TRANSIT": as the credentials' claim names it; "" for UNSPECIFIED and what does not exist. */
const char *status_purpose_name(status_purpose purpose);

/* facts->card -1, a card that does not exist: NOT_USABLE, like one that ended. */
status_usability status_usable(const status_facts *facts, status_purpose purpose);

#endif
