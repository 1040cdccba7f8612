/* What can be done with a card's bank account (N1): the operations of the bank service, asked of
 * the very functions that decide there. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_BANK_ACTIONS_H
#define SSCARD_SERVICES_STATUS_HANDLERS_BANK_ACTIONS_H

#include "services/bank/rules/bank_operations.h"
#include "services/status/handlers/subject.h"

#include "sscard/status/v1/status_service.pb-c.h"

typedef struct bank_actions_question {
        const subject *subject; /* has a card */
        policy_caller who;      /* who would do it, and where */
        card_evidences evidence;
        const char *const *operations; /* only these; none: all */
        size_t operation_count;
} bank_actions_question;

/* Appends an action for each operation; none where the region has no bank service, DEPENDS on
 * BANK_LINK where it cannot be asked. Suspends. False: the task failed. */
bool bank_actions_add(rpc_call *call, const bank_actions_question *question,
                      Status__AllowedAction **actions, size_t *count) MUST_CHECK;
/* Is it an operation of the bank service that people ask about? */
bool bank_action_exists(const char *name);

#endif
