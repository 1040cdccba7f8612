/* UpgradeECard and CloseECard. */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"

#include "common/service/request.h"
#include "services/card/rules/card_needs.h"

void handle_upgrade_ecard(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__UpgradeECardRequest *request = (const Ecard__UpgradeECardRequest *)message;
        policy_evidences evidence = 0;
        if (!request_evidence(call, card_evidence_counts, &evidence)) return;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_UPGRADE);
        if (!command) return;
        command->session = request->session;
        command->wants_bank = true;
        if (evidence & CARD_E(PHONE_PROOF)) command->event.phone = POLICY_YES;
        ecard_command_run(command, NULL);
}

void handle_close_ecard(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__CloseECardRequest *request = (const Ecard__CloseECardRequest *)message;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_CLOSE);
        if (!command) return;
        command->session = request->session;
        command->new_hash = "";
        command->new_photo = "";
        ecard_command_run(command, NULL);
}
