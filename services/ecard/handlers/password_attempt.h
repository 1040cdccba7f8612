/* One try of a password: counted durably, then compared off the loop (R22). */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_PASSWORD_ATTEMPT_H
#define SSCARD_SERVICES_ECARD_HANDLERS_PASSWORD_ATTEMPT_H

#include "services/ecard/handlers/ecard_command.h"

/* Whoever calls holds the holder's turn until the attempt has been resolved.
 * The same request resumes its own attempt and is not counted twice. The password is wiped.
 * Suspends. False: answered (wrong, locked, refused), or failed; a wrong one is kept for repeats.
 * True: it was right, the count still stands: PROVE or CHANGE_PASSWORD gives it back. */
bool password_attempt(ecard_command *command, char *password) MUST_CHECK;

/* The hash of a new password, in the arena; the password is wiped. Suspends. NULL: failed. */
const char *password_hash_new(ecard_command *command, char *password);

/* Fills event.password: what is wrong with a new password. Needs a loaded command with_secrets. */
void password_judge(ecard_command *command, const char *password);

enum { PASSWORD_TEXT_MAX = 128 };
/* Answers INVALID_ARGUMENT for an empty one, or one without end. */
bool password_check_field(rpc_call *call, const char *field, const char *password) MUST_CHECK;

#endif
