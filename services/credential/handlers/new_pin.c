/* Makes PINs. Must never keep one: neither in the kept answer, nor in the trail, nor in memory. */
#include "services/credential/handlers/new_pin.h"

#include "common/crypto/secret_buffer.h"
#include "services/credential/handlers/credential_message.h"

#include <string.h>

typedef struct new_pin {
        char digits[PIN_DIGITS + 1];
} new_pin;

static void new_pin_release(new_pin *pin)
{
        secret_wipe(pin->digits, sizeof pin->digits);
}

/* Its MAC as the current and as the initial PIN. */
static bool keep_in_token(credential_command *command, const char *digits, credential_row *row)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        pin_token *token = command->app->token;
        *row = command->index < 0 ? (credential_row){0} : command->loaded.rows[command->index];
        pin_salt(token, &row->pin);
        row->pin.generation = command->verdict.after.generation;
        pin_question question = {.card = command->record->card, .pin = digits, .under = &row->pin};
        if (!pin_token_ask(t, token, &question, 1)) return false;
        memcpy(row->pin.mac, question.mac, sizeof row->pin.mac);
        row->initial = row->pin;
        return true;
}

static Credential__SealedPin *seal(const credential_command *command, const char *digits)
{
        arena *a = rpc_call_arena(command->call);
        Credential__SealedPin *message = arena_alloc(a, sizeof *message);
        credential__sealed_pin__init(message);
        message->printer_key_id = pin_printer_key_id(command->app->token);
        message->sealed.data = arena_alloc(a, PIN_SEALED_BYTES);
        message->sealed.len = PIN_SEALED_BYTES;
        pin_seal(command->app->token, digits, message->sealed.data);
        return message;
}

static service_write_verdict write(credential_command *command, int attempt)
{
        arena *a = rpc_call_arena(command->call);
        SCOPED(new_pin) pin = {{0}};
        credential_row *row = arena_alloc(a, sizeof *row);
        const credential_record *after = &command->verdict.after;
        bool preview = service_call_of(command->call)->context.validate_only;
        *row = (credential_row){0};
        Credential__CredentialResult *sent =
                credential_result(command, after, command->verdict.event);
        Credential__CredentialResult *kept = arena_alloc(a, sizeof *kept);
        *kept = *sent;
        if (!preview) {
                pin_make(command->app->token, pin.digits);
                if (!keep_in_token(command, pin.digits, row)) return SERVICE_WRITE_ANSWERED;
                sent->sealed_pin = seal(command, pin.digits);
        }
        credential_outcome outcome = {.after = after,
                                      .row = row,
                                      .event = command->verdict.event,
                                      .reply = &sent->base,
                                      .kept = &kept->base};
        return credential_command_write(command, &outcome, attempt);
}

void new_pin_run(credential_command *command, credential_event event)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        for (int attempt = 1;; attempt++) {
                if (!credential_command_check(command)) return;
                credential_rules_apply(&command->facts, event, &command->verdict);
                if (!command->verdict.changed) {
                        service_write_unchanged(
                                command->call, command->loaded.holder.id,
                                &credential_result(command, command->record, NULL)->base);
                        return;
                }
                if (write(command, attempt) == SERVICE_WRITE_ANSWERED) return;
        }
}
