/* Where regions may differ in the rules of the bank link (A6), with the national defaults. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_KNOBS_H
#define SSCARD_SERVICES_BANK_RULES_BANK_KNOBS_H

#include "common/policy/knob.h"

typedef enum bank_knob {
        BANK_KNOB_ACTIVATE_BY_HOME_VISIT = 0, /* A6, R11 */
        BANK_KNOB_ACTIVATE_BY_AGENT,          /* A6, R11 */
        BANK_KNOB_CLOSE_BY_AGENT,             /* A6, R44 */
        BANK_KNOB_COUNT,
} bank_knob;

typedef struct bank_knobs {
        int64_t values[BANK_KNOB_COUNT];
} bank_knobs;

extern const policy_knob BANK_KNOBS[BANK_KNOB_COUNT];

bank_knobs bank_knobs_national(void);
/* Sets one by the text of a rule pack; `knobs` untouched unless ACCEPTED (S13). */
policy_knob_verdict bank_knobs_set(bank_knobs *knobs, const char *name,
                                   const char *text) MUST_CHECK;

#endif
