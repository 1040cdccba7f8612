/* RecordDeath: the person has died; every live card ends with that reason. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"

#include "sscard/card/v1/card_service.pb-c.h"

void handle_record_death(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__RecordDeathRequest *request = (const Card__RecordDeathRequest *)message;
        card_command *command = card_command_begin(call, CARD_OPERATION_RECORD_DEATH);
        if (!command || !date_read(call, "died_on", request->died_on, &command->event.died_on))
                return;
        civil_date today = civil_date_at(service_call_of(call)->now_ms);
        if (civil_date_is_zero(command->event.died_on) ||
            civil_date_compare(command->event.died_on, today) > 0) {
                rpc_reply_invalid(call, "died_on", "DATE_IMPOSSIBLE", NULL,
                                  "died_on must be a day that has come");
                return;
        }
        card_command_run_on_holder(command);
}
