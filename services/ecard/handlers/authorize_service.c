/* AuthorizeService: may this service be used now? One round trip to Redis for the card's record, a
 * point read of our own. */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"

#include "common/service/message.h"
#include "common/service/record_service.h"
#include "common/text/ascii.h"

static void answer(ecard_command *command, const ecard_service *service)
{
        rpc_call *call = command->call;
        const ecard_verdict *verdict = &command->verdict;
        Ecard__AuthorizeServiceResponse message = ECARD__AUTHORIZE_SERVICE_RESPONSE__INIT;
        message.gate = (Ecard__Gate)verdict->view.gate;
        message.service_class = service->is_public ? ECARD__SERVICE_CLASS__SERVICE_CLASS_PUBLIC
                                                   : ECARD__SERVICE_CLASS__SERVICE_CLASS_PERSONAL;
        if (verdict->grant >= 0)
                message.grant = ecard_grant_name(call, command->holder,
                                                 verdict->after.grants[verdict->grant].id);
        message.as_of = message_timestamp(rpc_call_arena(call), command->facts.now_ms);
        rpc_reply(call, &message.base);
}

void handle_authorize_service(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__AuthorizeServiceRequest *request =
                (const Ecard__AuthorizeServiceRequest *)message;
        if (!ecard_check_strong(call)) return;
        if (!ascii_is_token(bytes_of_text(request->service), "-_.", ECARD_SERVICE_CODE_MAX)) {
                rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_SERVICE_REQUIRED), NULL, 0);
                return;
        }
        ecard_command own, *command = &own;
        if (!ecard_command_open(command, call, ECARD_OPERATION_PROVE)) return;
        command->session = request->session;
        ecard_service service = ecard_command_service(call, request->service);
        command->wants_bank = service.needs_l2;
        if (!ecard_command_load(command)) return;
        ecard_rules_authorize(&command->facts, &service, service_call_of(call)->who.channel,
                              &command->verdict);
        if (service.needs_l2 && command->facts.bank_active == POLICY_UNKNOWN)
                service_answer_owner_away(call, "bank", RECORD_UNKNOWN);
        else if (ecard_verdict_is_refused(&command->verdict))
                ecard_command_refuse(command);
        else if (!service.is_public && command->verdict.view.gate == ECARD_GATE_UNKNOWN)
                ecard_answer_gate_unknown(call);
        else
                answer(command, &service);
}
