/* Where regions may differ in the rules of the PIN (A4), with the national defaults. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_KNOBS_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_KNOBS_H

#include "common/policy/knob.h"

typedef enum credential_knob {
        CREDENTIAL_KNOB_MAX_ERRORS = 0,   /* A4: a region may be stricter than six, never laxer */
        CREDENTIAL_KNOB_LIFETIME_UNLOCKS, /* A4: 0 is no limit */
        CREDENTIAL_KNOB_COUNT,
} credential_knob;

typedef struct credential_knobs {
        int64_t values[CREDENTIAL_KNOB_COUNT];
} credential_knobs;

extern const policy_knob CREDENTIAL_KNOBS[CREDENTIAL_KNOB_COUNT];

credential_knobs credential_knobs_national(void);
/* Sets one by the text of a rule pack; `knobs` untouched unless ACCEPTED (S13). */
policy_knob_verdict credential_knobs_set(credential_knobs *knobs, const char *name,
                                         const char *text) MUST_CHECK;

#endif
