/* What every method has in common: load the owners' records and our own, fill the facts, decide,
 * commit, reply. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_ECARD_COMMAND_H
#define SSCARD_SERVICES_ECARD_HANDLERS_ECARD_COMMAND_H

#include "common/service/call.h"
#include "services/card/record/holder_record.h"
#include "services/ecard/handlers/ecard_app.h"

typedef struct ecard_command ecard_command;
/* The answer to a change that was decided: command->verdict.after, or its preview. */
typedef const ProtobufCMessage *ecard_reply(const ecard_command *command);

struct ecard_command {
        rpc_call *call;
        ecard_app *app;
        ulid holder;
        const char *session; /* as the request shows it; "" */
        bool wants_bank;     /* the bank link is asked for, whatever the level */
        bool with_secrets;   /* photo, identity number and password hash are opened at load */
        ecard_reply *reply;  /* NULL: ecard_result_message */
        ecard_event event;
        /* What a change brings beside the rules' record; NULL: as it was. */
        const char *new_hash, *new_photo;
        /* What is read anew for each attempt; not cleared before. */
        ecard_facts facts;
        ecard_loaded loaded;
        holder_record record; /* the card service's, settled to now */
        ecard_verdict verdict;
};

/* For a name "…/holders/{id}/ecard". NULL: answered. */
ecard_command *ecard_command_begin(rpc_call *call, ecard_operation operation);
/* The same about a holder whose name is not the request's. */
ecard_command *ecard_command_about(rpc_call *call, ecard_operation operation, ulid holder);

/* The same in memory of the caller's (on its stack, which is warm: some 18 KiB in the arena of a
 * call would be fetched anew each time). False: answered. */
bool ecard_command_open(ecard_command *command, rpc_call *call,
                        ecard_operation operation) MUST_CHECK;

/* Reads the records, checks whose they are, fills the facts. Suspends. False: answered, or failed.
 */
bool ecard_command_load(ecard_command *command) MUST_CHECK;
/* Asks the rules. False: answered with the refusal, or with whose fact is missing. */
bool ecard_command_decide(ecard_command *command) MUST_CHECK;
/* Writes what was decided, under the request's key. Suspends. */
service_write_verdict ecard_command_commit(ecard_command *command, int attempt) MUST_CHECK;
/* Load, decide, commit, until it is written or answered; `again` (may be NULL) fills the event
 * after each load. */
void ecard_command_run(ecard_command *command, bool (*again)(ecard_command *command));

/* The change set, for the write and for the preview. */
void ecard_command_changes(const ecard_command *command, change_set *changes);
/* The row as it will be. In the arena. */
const ecard_row *ecard_command_row_after(const ecard_command *command);
void ecard_command_refuse(ecard_command *command);
/* The service with that code, of the class that the region gives it. */
ecard_service ecard_command_service(rpc_call *call, const char *code);
/* Answers that the lock of the card's password, on which the gate depends, is not known. */
void ecard_answer_gate_unknown(rpc_call *call);
/* Refuses max_staleness: no answer about the gate may be old (S6). */
bool ecard_check_strong(rpc_call *call) MUST_CHECK;

#endif
