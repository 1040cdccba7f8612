/* GetBankLink: the link of a card, with what holds of it at once because of the card. */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/bank_message.h"
#include "services/bank/handlers/subject.h"

void handle_get_bank_link(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        bank_subject subject;
        if (!service_check_part(call, "cards", "bankLink")) return;
        if (!bank_subject_of_link(call, &subject)) return;
        const bank_message_context c = bank_message_context_of(call);
        rpc_reply(call, &bank_link_message(&c, &subject.facts, subject.card)->base);
}
