/* ChangePassword and ResetPassword: one epoch a person; when OK returns no channel and no session
 * accepts the old one (R23). */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/face_check.h"
#include "services/ecard/handlers/password_attempt.h"

#include "services/card/rules/card_needs.h"

#include "common/service/request.h"

#include <string.h>

static void refuse_weak(ecard_command *command, const char *field, const char *fault)
{
        policy_refusal refusal = *ecard_refusal_of(ECARD_REFUSAL_WEAK_PASSWORD);
        policy_detail detail = {"fault", fault};
        refusal.field = field;
        rpc_refuse(command->call, &refusal, &detail, 1);
}

/* Before anything is counted: a password that cannot be taken costs no attempt. */
static bool check_new(ecard_command *command, const char *field, const char *password)
{
        if (!ecard_command_load(command)) return false;
        password_judge(command, password);
        if (command->event.password == ECARD_PASSWORD_GOOD) return true;
        refuse_weak(command, field, ecard_password_fault_name(command->event.password));
        return false;
}

void handle_change_password(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__ChangePasswordRequest *request = (const Ecard__ChangePasswordRequest *)message;
        SCOPED(holder_turn) turn = {0};
        if (!password_check_field(call, "old_password", request->old_password) ||
            !password_check_field(call, "new_password", request->new_password))
                return;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_CHANGE_PASSWORD);
        if (!command) return;
        command->with_secrets = true;
        if (strcmp(request->old_password, request->new_password) == 0) {
                refuse_weak(command, "new_password", "SAME");
                return;
        }
        if (!check_new(command, "new_password", request->new_password)) return;
        if (!service_call_of(call)->context.validate_only) {
                if (!holder_turn_take(rpc_call_task(call), &command->app->turns, command->holder,
                                      &turn) ||
                    !password_attempt(command, (char *)request->old_password))
                        return;
                command->new_hash = password_hash_new(command, (char *)request->new_password);
                if (!command->new_hash) return;
                command->event.operation = ECARD_OPERATION_CHANGE_PASSWORD;
        }
        ecard_command_run(command, NULL);
}

/* The proof: a phone, or a face that is checked now. */
static bool prove(ecard_command *command, const char *capture)
{
        policy_evidences evidence = 0;
        if (!request_evidence(command->call, card_evidence_counts, &evidence)) return false;
        if (evidence & CARD_E(PHONE_PROOF)) command->event.phone = POLICY_YES;
        command->event.has_photo = *capture != '\0';
        if (service_call_of(command->call)->context.validate_only && *capture)
                command->event.face = POLICY_YES;
        if (!ecard_command_decide(command)) return false;
        return !command->verdict.needs_face || face_check(command, capture, face_photo_of(command));
}

void handle_reset_password(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__ResetPasswordRequest *request = (const Ecard__ResetPasswordRequest *)message;
        SCOPED(holder_turn) turn = {0};
        if (!password_check_field(call, "new_password", request->new_password) ||
            !text_check(call, "face_capture", request->face_capture, FACE_CAPTURE_MAX))
                return;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_RESET_PASSWORD);
        if (!command) return;
        command->with_secrets = true;
        if (!check_new(command, "new_password", request->new_password) ||
            !prove(command, request->face_capture))
                return;
        if (!service_call_of(call)->context.validate_only) {
                if (!holder_turn_take(rpc_call_task(call), &command->app->turns, command->holder,
                                      &turn))
                        return;
                command->new_hash = password_hash_new(command, (char *)request->new_password);
                if (!command->new_hash) return;
        }
        ecard_command_run(command, NULL);
}
