/* ListAllowedActions (N1): every operation on a card, asked of the rules that would refuse it. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_ACTIONS_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_ACTIONS_H

#include "services/card/rules/card_operations.h"

/* Is the operation listed for this subject? Internal ones never are; those on a card need one. */
bool status_action_is_listed(card_operation operation, bool has_card);
/* Does the filter of a request name the operation: "ReportLoss" (all variants) or
 * "ReportLoss:TEMPORARY"? An empty filter names all. */
bool status_action_matches(card_operation operation, const char *const *filter, size_t count);
/* Is it the name of an operation, or of a method that has variants? */
bool status_action_exists(const char *name);

#endif
