/* Where regions may differ in the rules of the electronic card (A1, A8, A9 and its own limits),
 * with the national defaults. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_KNOBS_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_KNOBS_H

#include "common/policy/knob.h"

typedef enum ecard_knob {
        ECARD_KNOB_WHEN_LOCKED = 0, /* A1, ECARD_WHEN_LOCKED_… */
        ECARD_KNOB_ISSUE_REQUIRES,  /* A8, ECARD_ISSUE_REQUIRES_… */
        ECARD_KNOB_GRANT_HOURS,     /* A9 */
        ECARD_KNOB_PASSWORD_ERRORS,
        ECARD_KNOB_SESSION_MINUTES,
        ECARD_KNOB_CODE_SECONDS,
        ECARD_KNOB_FAMILY_ELDERS,
        ECARD_KNOB_FAMILY_CHILDREN,
        ECARD_KNOB_FAMILY_SPOUSES,
        ECARD_KNOB_FAMILY_OTHERS,
        ECARD_KNOB_COUNT,
} ecard_knob;

/* Choices from lax to strict. */
enum { ECARD_WHEN_LOCKED_OPEN = 0, ECARD_WHEN_LOCKED_AUTH_REQUIRED, ECARD_WHEN_LOCKED_BLOCKED };
enum { ECARD_ISSUE_REQUIRES_COLLECTED = 0, ECARD_ISSUE_REQUIRES_NORMAL };

typedef struct ecard_knobs {
        int64_t values[ECARD_KNOB_COUNT];
} ecard_knobs;

extern const policy_knob ECARD_KNOBS[ECARD_KNOB_COUNT];

ecard_knobs ecard_knobs_national(void);
/* Sets one by the text of a rule pack; `knobs` untouched unless ACCEPTED (S13). */
policy_knob_verdict ecard_knobs_set(ecard_knobs *knobs, const char *name,
                                    const char *text) MUST_CHECK;

#endif
