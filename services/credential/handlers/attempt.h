/* One guess: counted, compared, resolved; in this order whatever happens (R19). */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_ATTEMPT_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_ATTEMPT_H

#include "services/credential/handlers/command.h"

/* Loads, checks and counts the guess durably, or finds that this request had counted it before it
 * was cut off. Waits a moment for another one in flight. Suspends.
 * False: answered (a refusal, ATTEMPT_IN_FLIGHT), or the task failed; then nothing was counted as
 * far as is known. With true it must be resolved. */
bool attempt_reserve(credential_command *command) MUST_CHECK;

/* Compares: the token is asked about this PIN, or about nobody's when it is locked. Suspends.
 * False: the token, or interrupted; the guess stays counted. */
bool attempt_compare(credential_command *command, const char *pin, bool *right) MUST_CHECK;

/* Resolves it with what `outcome_of` makes of the record as it is then; again on a conflict, as
 * long as the guess is still ours. Answers the call. Suspends. */
typedef struct attempt_resolution attempt_resolution;
struct attempt_resolution {
        void (*outcome_of)(credential_command *command, attempt_resolution *how,
                           credential_outcome *outcome);
        void *argument;
        bool right;
};
/* SERVICE_WRITE_ANSWERED, or SERVICE_WRITE_OPEN when the outcome opens a case. */
service_write_verdict attempt_resolve(credential_command *command, attempt_resolution *how);
/* The outcome of a wrong guess, or of any at a locked PIN. */
void attempt_outcome_wrong(credential_command *command, credential_outcome *outcome);

/* Nobody came back for the guess in flight: older than ten seconds. */
bool attempt_is_lost(const credential_command *command);
/* Ends it as an error that counts; its own request is told so. Suspends. False: the task failed. */
bool attempt_end(credential_command *command) MUST_CHECK;

#endif
