/* What every verb has in common: load the holder's PINs and the card's present state, decide,
 * commit, reply. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_COMMAND_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_COMMAND_H

#include "common/service/call.h"
#include "services/card/record/holder_record.h"
#include "services/credential/handlers/credential_app.h"
#include "services/credential/rules/credential_rules.h"

#include "sscard/credential/v1/credential_service.pb-c.h"

/* One attempt at a change. In the call's arena, filled from top to bottom. */
typedef struct credential_command {
        rpc_call *call;
        credential_app *app;
        credential_operation operation;
        card_evidences evidence;
        credential_loaded loaded;
        int index;                       /* in loaded.holder; -1: the card has no PIN yet */
        const credential_record *record; /* never NULL: NONE when there is none */
        credential_record none;
        holder_record cards; /* settled to the call's time */
        const card_record *card;
        credential_facts facts;
        credential_verdict verdict;
} credential_command;

/* With the evidence of the context. NULL: answered (it makes no sense). */
credential_command *credential_command_begin(rpc_call *call, credential_operation operation);
/* Which password is meant (R16, R21). False: answered. */
bool credential_check_kind(rpc_call *call, Credential__PasswordKind kind) MUST_CHECK;

/* Everything anew: the PINs, the card (strong), who may know, the etag. Ends a guess that nobody
 * came back for, settles a change that waits. Suspends. False: answered, or the task failed. */
bool credential_command_load(credential_command *command) MUST_CHECK;
/* The PINs alone, after a conflict. Suspends. False: the task failed. */
bool credential_command_reload(credential_command *command) MUST_CHECK;
/* Load, and the rules' check. False: answered. */
bool credential_command_check(credential_command *command) MUST_CHECK;

/* Answers with a refusal of the verdict. */
void credential_command_refuse(credential_command *command);
rpc_error credential_command_error(credential_command *command);

/* What a write makes of one PIN. */
typedef struct credential_outcome {
        const credential_record *after;
        const credential_row *row; /* the PIN's own columns afterwards */
        const char *event;
        const ProtobufCMessage *reply, *kept; /* as service_write has them */
        const rpc_error *refusal;
        bool case_is_open;
} credential_outcome;
/* Commits and answers; `attempt` as of service_write_commit(). Suspends. */
service_write_verdict credential_command_write(credential_command *command,
                                               const credential_outcome *outcome,
                                               int attempt) MUST_CHECK;
/* The changes of one write, for those who commit by themselves. */
change_set credential_changes(arena *a, const char *region, ulid holder,
                              const credential_record *before, const credential_record *after,
                              const credential_row *row, const char *event);
/* The holder's whole record with `after` in the place of what it was, packed. */
bytes credential_record_after(arena *a, const credential_holder *holder,
                              const credential_record *after);

/* "regions/330000/cards/01J…/credential". In the arena. */
const char *credential_name(arena *a, const char *region, ulid card);

#endif
