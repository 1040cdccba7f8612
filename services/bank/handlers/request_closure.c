/* RequestClosure: closing is asked for at the counter (R44, R45). */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

void handle_request_closure(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        bank_event *event = bank_command_begin(call, BANK_OPERATION_REQUEST_CLOSURE);
        if (event) bank_command_run(call, event);
}
