/* The common part of every mutation: load, decide, commit, reply; three times at most. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_COMMAND_H
#define SSCARD_SERVICES_BANK_HANDLERS_COMMAND_H

#include "services/bank/handlers/subject.h"

/* An event with the request's evidence. NULL: answered. In the call's arena. */
bank_event *bank_command_begin(rpc_call *call, bank_operation operation);
/* Answers. Suspends. */
void bank_command_run(rpc_call *call, bank_event *event);

#endif
