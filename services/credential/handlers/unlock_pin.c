/* UnlockPin: the end of a lock at the counter (R20). */
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/credential_message.h"

void handle_unlock_pin(rpc_call *call, const ProtobufCMessage *message)
{
        const Credential__UnlockPinRequest *request = (const Credential__UnlockPinRequest *)message;
        if (!credential_check_kind(call, request->password)) return;
        credential_command *command = credential_command_begin(call, CREDENTIAL_OPERATION_UNLOCK);
        for (int attempt = 1; command; attempt++) {
                if (!credential_command_check(command)) return;
                credential_rules_apply(&command->facts, CREDENTIAL_UNLOCK, &command->verdict);
                const credential_verdict *verdict = &command->verdict;
                const ProtobufCMessage *reply =
                        &credential_result(command, &verdict->after, verdict->event)->base;
                if (!verdict->changed) {
                        service_write_unchanged(call, command->loaded.holder.id, reply);
                        return;
                }
                credential_outcome outcome = {.after = &verdict->after,
                                              .row = &command->loaded.rows[command->index],
                                              .event = verdict->event,
                                              .reply = reply};
                if (credential_command_write(command, &outcome, attempt) == SERVICE_WRITE_ANSWERED)
                        return;
        }
}
