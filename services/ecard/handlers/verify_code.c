/* VerifyCode: takes a code that was shown. It is good once. */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/one_time_code.h"

#include "common/text/ascii.h"

#include <string.h>

static bool read_code(rpc_call *call, const char *text, one_time_code *code)
{
        const ecard_app *app = service_call_app(call);
        if (strnlen(text, CODE_TEXT_MAX + 1) <= CODE_TEXT_MAX &&
            one_time_code_read(app->code_key, text, code) &&
            strcmp(code->region, app->instance->directory.region) == 0)
                return true;
        rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_CODE_MALFORMED), NULL, 0);
        return false;
}

bool verify_code_part_of(rpc_call *call, const ProtobufCMessage *message, uint8_t *part)
{
        one_time_code code;
        if (!read_code(call, ((const Ecard__VerifyCodeRequest *)message)->code, &code))
                return false;
        *part = ulid_part(code.holder);
        return true;
}

static const ProtobufCMessage *answer(const ecard_command *command)
{
        arena *a = rpc_call_arena(command->call);
        const ecard_verdict *verdict = &command->verdict;
        Ecard__VerifyCodeResponse *message = arena_alloc(a, sizeof *message);
        ecard__verify_code_response__init(message);
        message->ecard = ecard_name(command->call, command->holder);
        message->card = ecard_message(command, &verdict->after)->card;
        message->level = (Ecard__Level)verdict->after.level;
        message->gate = (Ecard__Gate)verdict->view.gate;
        if (verdict->grant >= 0)
                message->grant = ecard_grant_name(command->call, command->holder,
                                                  verdict->after.grants[verdict->grant].id);
        return &message->base;
}

/* The period may have changed since the code was made: judged against what is loaded now. */
static bool compare_binding(ecard_command *command)
{
        const Ecard__VerifyCodeRequest *request =
                (const Ecard__VerifyCodeRequest *)rpc_call_request(command->call);
        one_time_code code;
        uint8_t now[CODE_BINDING_BYTES];
        ecard_record settled = command->loaded.row.ecard;
        if (!read_code(command->call, request->code, &code)) return false;
        (void)ecard_settle(&command->facts, &settled);
        ecard_view view = ecard_view_of(command->facts.holder, &settled, command->facts.lock,
                                        command->facts.knobs);
        one_time_code_bind(&view.period, settled.password.epoch, now);
        command->event.claim =
                (ecard_code_claim){.signed_by_us = code.signed_by_us,
                                   .expires_at_ms = code.expires_at_ms,
                                   .binding_holds = memcmp(now, code.binding, sizeof now) == 0};
        memcpy(command->event.claim.nonce, code.nonce, ECARD_NONCE_BYTES);
        return true;
}

void handle_verify_code(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__VerifyCodeRequest *request = (const Ecard__VerifyCodeRequest *)message;
        one_time_code code;
        if (!read_code(call, request->code, &code)) return;
        if (!code.signed_by_us) {
                rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_CODE_FORGED), NULL, 0);
                return;
        }
        if (*request->service &&
            !ascii_is_token(bytes_of_text(request->service), "-_.", ECARD_SERVICE_CODE_MAX)) {
                rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_SERVICE_REQUIRED), NULL, 0);
                return;
        }
        ecard_command *command = ecard_command_about(call, ECARD_OPERATION_TAKE_CODE, code.holder);
        command->event.service = ecard_command_service(call, request->service);
        command->wants_bank = command->event.service.needs_l2;
        command->reply = answer;
        ecard_command_run(command, compare_binding);
}
