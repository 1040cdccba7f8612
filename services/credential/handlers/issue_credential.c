/* IssueCredential: the card's first PIN, once it is made (R17). */
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/new_pin.h"

void handle_issue_credential(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        credential_command *command = credential_command_begin(call, CREDENTIAL_OPERATION_ISSUE);
        if (command) new_pin_run(command, CREDENTIAL_ISSUE);
}
