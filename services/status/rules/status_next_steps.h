/* What to do now (R2, R35-R40, R43-R48): the card's own steps, and those of the services around it
 * that this region runs. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_NEXT_STEPS_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_NEXT_STEPS_H

#include "services/status/rules/status_facts.h"

enum { STATUS_STEPS_MAX = 12, STATUS_WARNINGS_MAX = 3 };

/* Most urgent first. Returns how many. */
size_t status_next_steps(const status_facts *facts, const policy_step *steps[STATUS_STEPS_MAX]);
/* What must not be missed. Returns how many. */
size_t status_warnings(const status_facts *facts, const policy_step *warnings[STATUS_WARNINGS_MAX]);

#endif
