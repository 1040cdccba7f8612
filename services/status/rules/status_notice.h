/* What is said about a message that somebody asks about (R35): the verdict, and what to do. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_NOTICE_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_NOTICE_H

#include "common/policy/refusal.h"

/* The numbers are those of status.v1.NoticeVerdict. */
typedef enum status_notice_verdict {
        STATUS_NOTICE_GENUINE = 1,
        STATUS_NOTICE_NOT_OURS = 2,
        STATUS_NOTICE_ALTERED = 3,
} status_notice_verdict;

enum { STATUS_NOTICE_STEPS_MAX = 2 };

/* The verdict in a sentence that can be read out. */
policy_text status_notice_text(status_notice_verdict verdict);
/* What to do. */
size_t status_notice_steps(status_notice_verdict verdict,
                           const policy_step *steps[STATUS_NOTICE_STEPS_MAX]);
/* What must not be missed; the same for every verdict. */
size_t status_notice_warnings(status_notice_verdict verdict,
                              const policy_step *warnings[STATUS_NOTICE_STEPS_MAX]);

#endif
