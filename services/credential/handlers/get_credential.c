/* GetCredential: the state of a card's PIN, with what the card's own state makes of it. */
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/credential_message.h"

void handle_get_credential(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        credential_command *command = credential_command_begin(call, CREDENTIAL_OPERATION_VERIFY);
        if (!command || !credential_command_load(command)) return;
        const credential_view view = credential_view_of(command);
        rpc_reply(call, &credential_message(&view, command->record)->base);
}
