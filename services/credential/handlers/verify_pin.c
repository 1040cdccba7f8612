/* VerifyPin: counted, compared, resolved (R19). */
#include "services/credential/handlers/attempt.h"
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/credential_message.h"
#include "services/credential/handlers/request_secrets.h"
#include "services/credential/rules/credential_pin.h"

static Credential__VerifyPinResponse *response_of(credential_command *command,
                                                  const credential_record *after)
{
        const credential_view view = credential_view_of(command);
        Credential__VerifyPinResponse *response = arena_alloc(view.arena, sizeof *response);
        credential__verify_pin_response__init(response);
        response->credential = credential_message(&view, after);
        response->must_change = response->credential->must_change;
        return response;
}

static void outcome_right(credential_command *command, attempt_resolution *how,
                          credential_outcome *outcome)
{
        (void)how;
        credential_record *after = arena_alloc(rpc_call_arena(command->call), sizeof *after);
        credential_rules_apply(&command->facts, CREDENTIAL_VERIFY_RIGHT, &command->verdict);
        *after = command->verdict.after;
        *outcome = (credential_outcome){.after = after,
                                        .row = &command->loaded.rows[command->index],
                                        .event = command->verdict.event,
                                        .reply = &response_of(command, after)->base};
}

/* What would change if the PIN were right: nothing is evaluated, nothing is counted. */
static void preview(credential_command *command)
{
        if (!credential_command_check(command)) return;
        credential_rules_apply(&command->facts, CREDENTIAL_VERIFY_RIGHT, &command->verdict);
        if (command->verdict.refusal) {
                credential_command_refuse(command);
                return;
        }
        Credential__VerifyPinResponse *response = response_of(command, &command->verdict.after);
        response->preview =
                credential_preview(command, &command->verdict.after, command->verdict.event);
        rpc_reply(command->call, &response->base);
}

void handle_verify_pin(rpc_call *call, const ProtobufCMessage *message)
{
        const Credential__VerifyPinRequest *request = (const Credential__VerifyPinRequest *)message;
        SCOPED(request_secrets) secrets = {call, {request->pin}};
        if (!credential_check_kind(call, request->password)) return;
        credential_command *command = credential_command_begin(call, CREDENTIAL_OPERATION_VERIFY);
        if (!command) return;
        if (service_call_of(call)->context.validate_only) {
                preview(command);
                return;
        }
        if (!credential_pin_is_whole(request->pin)) {
                rpc_refuse(call, credential_refusal_of(CREDENTIAL_REFUSAL_PIN_MALFORMED), NULL, 0);
                return;
        }
        attempt_resolution how = {.outcome_of = outcome_right};
        if (attempt_reserve(command) && attempt_compare(command, request->pin, &how.right))
                attempt_resolve(command, &how);
}
