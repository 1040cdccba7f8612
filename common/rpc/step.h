/* A next step of the rules as the message that answers and errors carry. */
#ifndef SSCARD_COMMON_RPC_STEP_H
#define SSCARD_COMMON_RPC_STEP_H

#include "common/base/arena.h"
#include "common/policy/refusal.h"

#include "sscard/common/v1/step.pb-c.h"

/* Fills `message` with the step's texts in `language` ("zh" or "en"). `method` is the full name of
 * the method that does it, "" or NULL: none. Lists go into the arena, texts are the step's own. */
void rpc_step_fill(arena *a, const policy_step *step, const char *language, const char *method,
                   Common__NextStep *message);

/* The same for a list; `service` is the one that a step's operation is of. */
void rpc_steps_fill(arena *a, const policy_step *const *steps, size_t count, const char *language,
                    const char *service, Common__NextStep ***messages, size_t *message_count);
/* The full name of the method that does an operation, which may have a variant behind a colon:
 * "RecoverCard" is of `service`, "x.orders.v1.OrderService/PayOrder:LATE" says itself of which.
 * NULL gives "". In the arena. */
const char *rpc_step_method(arena *a, const char *service, const char *operation);

#endif
