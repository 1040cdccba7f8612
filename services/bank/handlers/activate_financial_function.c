/* ActivateFinancialFunction: in person, at any counter of the card's bank (R8-R11). */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/command.h"

void handle_activate_financial_function(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        bank_event *event = bank_command_begin(call, BANK_OPERATION_ACTIVATE);
        if (event) bank_command_run(call, event);
}
