/* ChangePin: the old PIN right, the new one good (R18); for a card that was not enabled, R7. */
#include "services/credential/handlers/attempt.h"
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/credential_message.h"
#include "services/credential/handlers/enable_case.h"
#include "services/credential/handlers/request_secrets.h"
#include "services/credential/rules/credential_pin.h"

#include <string.h>

/* What the token said about the new PIN, once the old one was right. */
typedef struct new_pin_answer {
        bool is_initial;
        credential_mac pin;
} new_pin_answer;

static bool refuse_weak(credential_command *command, credential_weakness weakness)
{
        if (weakness == CREDENTIAL_NOT_WEAK) return false;
        command->verdict = (credential_verdict){
                .refusal = credential_refusal_of(CREDENTIAL_REFUSAL_WEAK_PASSWORD)};
        policy_details_add(&command->verdict.details, "weakness", "%s",
                           credential_weakness_name(weakness));
        return true;
}

/* What can be said of the new PIN without evaluating anything. True: refused. */
static bool refuses_new(credential_command *command, const Credential__ChangePinRequest *request)
{
        credential_pin_facts facts = {.born_on = command->cards.person.person.born_on,
                                      .identity_number =
                                              command->cards.person.secret.identity_number,
                                      .card_number = command->card->number,
                                      .old_pin = *request->old_pin ? request->old_pin : NULL};
        if (!command->verdict.evaluates) return false; /* a locked one says so */
        return refuse_weak(command, credential_pin_weakness(request->new_pin, &facts));
}

/* Asks the token for the new PIN's MAC, and whether it is the initial one. */
static bool ask_new(credential_command *command, const char *pin, new_pin_answer *answer)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        const credential_row *row = &command->loaded.rows[command->index];
        pin_salt(command->app->token, &answer->pin);
        answer->pin.generation = command->record->generation + 1;
        pin_question questions[] = {
                {.card = command->record->card, .pin = pin, .under = &row->initial},
                {.card = command->record->card, .pin = pin, .under = &answer->pin}};
        if (!pin_token_ask(t, command->app->token, questions, ARRAY_LENGTH(questions)))
                return false;
        answer->is_initial = pin_is_right(&questions[0]);
        memcpy(answer->pin.mac, questions[1].mac, sizeof answer->pin.mac);
        return true;
}

/* The guess is given back: nothing was wrong with the old PIN. */
static void outcome_weak(credential_command *command, credential_record *after,
                         credential_outcome *outcome)
{
        rpc_error *error = arena_alloc(rpc_call_arena(command->call), sizeof *error);
        refuse_weak(command, CREDENTIAL_WEAK_INITIAL);
        *error = credential_command_error(command);
        *after = *command->record;
        after->version++;
        *outcome = (credential_outcome){.after = after,
                                        .row = &command->loaded.rows[command->index],
                                        .event = "credential.new_refused",
                                        .refusal = error};
}

/* R7: the guess is resolved, and the change waits for the card. */
static void outcome_staged(credential_command *command, const credential_mac *pin,
                           credential_record *after, credential_outcome *outcome)
{
        credential_rules_apply(&command->facts, CREDENTIAL_VERIFY_RIGHT, &command->verdict);
        *after = command->verdict.after;
        *outcome = (credential_outcome){.after = after,
                                        .row = enable_case_stage(command, pin),
                                        .event = "credential.change_pending",
                                        .case_is_open = true};
}

static void outcome_right(credential_command *command, attempt_resolution *how,
                          credential_outcome *outcome)
{
        arena *a = rpc_call_arena(command->call);
        const new_pin_answer *answer = how->argument;
        credential_record *after = arena_alloc(a, sizeof *after);
        bool enables = command->verdict.enables_card;
        assert(answer->pin.generation == command->record->generation + 1);
        if (answer->is_initial) {
                outcome_weak(command, after, outcome);
                return;
        }
        if (enables) {
                outcome_staged(command, &answer->pin, after, outcome);
                command->verdict.enables_card = true; /* for another try */
                return;
        }
        credential_row *row = arena_alloc(a, sizeof *row);
        *row = command->loaded.rows[command->index];
        row->pin = answer->pin;
        credential_rules_apply(&command->facts, CREDENTIAL_CHANGE, &command->verdict);
        *after = command->verdict.after;
        *outcome = (credential_outcome){
                .after = after,
                .row = row,
                .event = command->verdict.event,
                .reply = &credential_result(command, after, command->verdict.event)->base};
}

static void preview(credential_command *command, const Credential__ChangePinRequest *request)
{
        if (!credential_command_check(command)) return;
        bool enables = command->verdict.enables_card;
        bool locked = !command->verdict.evaluates;
        if (credential_pin_is_whole(request->new_pin) && refuses_new(command, request)) {
                credential_command_refuse(command);
                return;
        }
        credential_rules_apply(&command->facts, CREDENTIAL_CHANGE, &command->verdict);
        if (locked)
                command->verdict.refusal =
                        credential_refusal_of(CREDENTIAL_REFUSAL_CREDENTIAL_LOCKED);
        if (command->verdict.refusal) {
                credential_command_refuse(command);
                return;
        }
        Credential__CredentialResult *result =
                credential_result(command, &command->verdict.after, command->verdict.event);
        if (enables)
                result->enabled_card = resource_name_format(
                        rpc_call_arena(command->call), command->app->instance->directory.region,
                        "cards", command->record->card);
        rpc_reply(command->call, &result->base);
}

static void run(credential_command *command, const Credential__ChangePinRequest *request)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        new_pin_answer answer = {0};
        attempt_resolution how = {.outcome_of = outcome_right, .argument = &answer};
        if (!credential_command_check(command)) return;
        if (refuses_new(command, request)) {
                credential_command_refuse(command);
                return;
        }
        if (!attempt_reserve(command) || !attempt_compare(command, request->old_pin, &how.right))
                return;
        if (how.right && !ask_new(command, request->new_pin, &answer)) return;
        if (attempt_resolve(command, &how) == SERVICE_WRITE_OPEN) enable_case_answer(command);
}

void handle_change_pin(rpc_call *call, const ProtobufCMessage *message)
{
        const Credential__ChangePinRequest *request = (const Credential__ChangePinRequest *)message;
        SCOPED(request_secrets) secrets = {call, {request->old_pin, request->new_pin}};
        if (!credential_check_kind(call, request->password)) return;
        credential_command *command = credential_command_begin(call, CREDENTIAL_OPERATION_CHANGE);
        if (!command) return;
        if (service_call_of(call)->context.validate_only) {
                preview(command, request);
                return;
        }
        credential_refusal malformed = CREDENTIAL_REFUSAL_NONE;
        if (!credential_pin_is_whole(request->new_pin))
                malformed = CREDENTIAL_REFUSAL_NEW_PIN_MALFORMED;
        if (!credential_pin_is_whole(request->old_pin))
                malformed = CREDENTIAL_REFUSAL_PIN_MALFORMED;
        if (malformed != CREDENTIAL_REFUSAL_NONE) {
                rpc_refuse(call, credential_refusal_of(malformed), NULL, 0);
                return;
        }
        run(command, request);
}
