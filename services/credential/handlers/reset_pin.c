/* ResetPin: a temporary PIN in the place of a forgotten one, at the counter (R20). */
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/new_pin.h"

void handle_reset_pin(rpc_call *call, const ProtobufCMessage *message)
{
        const Credential__ResetPinRequest *request = (const Credential__ResetPinRequest *)message;
        if (!credential_check_kind(call, request->password)) return;
        credential_command *command = credential_command_begin(call, CREDENTIAL_OPERATION_RESET);
        if (command) new_pin_run(command, CREDENTIAL_RESET);
}
