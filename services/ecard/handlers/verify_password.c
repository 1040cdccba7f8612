/* VerifyPassword: counts, compares, opens a session. */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/ecard_session.h"
#include "services/ecard/handlers/password_attempt.h"

#include "common/service/message.h"

static const ProtobufCMessage *answer(const ecard_command *command)
{
        arena *a = rpc_call_arena(command->call);
        int64_t minutes = command->facts.knobs->values[ECARD_KNOB_SESSION_MINUTES];
        ecard_session_content content = {.holder = command->holder,
                                         .epoch = command->verdict.after.password.epoch,
                                         .expires_at_ms = command->facts.wall_ms + minutes * 60000};
        Ecard__VerifyPasswordResponse *message = arena_alloc(a, sizeof *message);
        ecard__verify_password_response__init(message);
        message->password_epoch = content.epoch;
        if (service_call_of(command->call)->context.validate_only) return &message->base;
        message->session = ecard_session_issue(a, command->app, &content);
        message->expires_at = message_timestamp(a, content.expires_at_ms);
        return &message->base;
}

void handle_verify_password(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__VerifyPasswordRequest *request = (const Ecard__VerifyPasswordRequest *)message;
        SCOPED(holder_turn) turn = {0};
        if (!password_check_field(call, "password", request->password)) return;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_PROVE);
        if (!command) return;
        command->reply = answer;
        if (!service_call_of(call)->context.validate_only) {
                if (!holder_turn_take(rpc_call_task(call), &command->app->turns, command->holder,
                                      &turn) ||
                    !password_attempt(command, (char *)request->password))
                        return;
                command->event.operation = ECARD_OPERATION_PROVE;
        }
        ecard_command_run(command, NULL);
}
