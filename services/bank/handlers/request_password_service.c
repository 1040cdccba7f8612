/* RequestPasswordService: always refused, the bank manages its password (R21). Must never look at
 * what the request may hold beyond the link's name. */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/subject.h"

void handle_request_password_service(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        bank_subject subject;
        bank_verdict verdict;
        if (!service_check_part(call, "cards", "bankLink")) return;
        if (!bank_subject_of_link(call, &subject)) return;
        bank_event event = {.operation = BANK_OPERATION_PASSWORD, .card = subject.card};
        bank_rules_apply(&subject.facts, &event, &verdict);
        assert(bank_verdict_is_refused(&verdict));
        bank_refuse(call, &verdict);
}
