/* PresentCode: a one-time code to be shown. */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/one_time_code.h"

#include "common/service/message.h"

#include <string.h>

static const ProtobufCMessage *answer(const ecard_command *command)
{
        arena *a = rpc_call_arena(command->call);
        const ecard_record *after = &command->verdict.after;
        Ecard__PresentCodeResponse *message = arena_alloc(a, sizeof *message);
        ecard__present_code_response__init(message);
        if (service_call_of(command->call)->context.validate_only) return &message->base;
        one_time_code code = {.holder = command->holder,
                              .expires_at_ms = after->code.expires_at_ms};
        memcpy(code.region, command->facts.region, REGION_CODE_LENGTH);
        memcpy(code.nonce, after->code.nonce, ECARD_NONCE_BYTES);
        one_time_code_bind(&command->verdict.view.period, after->password.epoch, code.binding);
        message->code = one_time_code_write(a, command->app->code_key, &code);
        message->expires_at = message_timestamp(a, after->code.expires_at_ms);
        return &message->base;
}

void handle_present_code(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__PresentCodeRequest *request = (const Ecard__PresentCodeRequest *)message;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_PRESENT_CODE);
        if (!command) return;
        random_fill(command->app->store.keys.random, command->event.nonce, ECARD_NONCE_BYTES);
        command->session = request->session;
        command->reply = answer;
        ecard_command_run(command, NULL);
}
