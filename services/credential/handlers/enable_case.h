/* The case of R7: changing the initial PIN of a collected card enables the card. One outcome, two
 * services:
 *
 *   stage    one batch: the guess resolved, the PIN to be, the request left RUNNING; cache: DEL
 *   leg      CardService.EnableByPinChange, keyed by the case; repeated until it has an answer
 *   finish   one batch: the PIN in force, or dropped; the request answered; publish
 *
 * A pending case is settled by repeating the call, never by asking: a late original could arrive
 * after a "no". Until it is settled nobody is given this holder's record. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_ENABLE_CASE_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_ENABLE_CASE_H

#include "services/credential/handlers/command.h"

bool enable_case_is_open(const credential_loaded *loaded);

/* The columns of a staged change: the new PIN and all that it takes to finish it. `row` has the old
 * ones. In the call's arena. */
credential_row *enable_case_stage(credential_command *command, const credential_mac *pin);

/* Repeats the leg of every open case of the holder and finishes it. True: none is open any more.
 * False: the card has not answered, or the store; the task's failure is cleared. Suspends. */
bool enable_case_settle(task *t, credential_app *app, ulid holder) MUST_CHECK;
/* After staging: settles, and answers the call with the case's answer or CHANGE_PENDING. Suspends.
 */
void enable_case_answer(credential_command *command);

/* service_definition.settle. */
bool enable_case_settle_holder(service_instance *instance, task *t, const ulid *holder,
                               bool *settled, bool *open);

#endif
