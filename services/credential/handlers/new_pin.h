/* A PIN that is made here and leaves once: issue and reset. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_NEW_PIN_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_NEW_PIN_H

#include "services/credential/handlers/command.h"

/* Load, decide, make a PIN in the token, commit, and answer with it sealed for the printer; again
 * on a conflict, with another PIN. `event` is ISSUE or RESET. Suspends; the call is answered. */
void new_pin_run(credential_command *command, credential_event event);

#endif
