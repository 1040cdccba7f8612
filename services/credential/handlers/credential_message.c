/* Writes credentials as the API shows them. Must never know a PIN. */
#include "services/credential/handlers/credential_message.h"

#include "common/rpc/step.h"
#include "common/service/approval.h"
#include "common/service/message.h"

credential_view credential_view_of(const credential_command *command)
{
        const service_call *state = service_call_of(command->call);
        return (credential_view){.arena = rpc_call_arena(command->call),
                                 .language = rpc_call_language(command->call),
                                 .region = state->instance->directory.region,
                                 .knobs = command->facts.knobs,
                                 .card = command->card ? command->card->state : CARD_STATE_NONE,
                                 .now_ms = state->now_ms};
}

Credential__Credential *credential_message(const credential_view *view,
                                           const credential_record *record)
{
        arena *a = view->arena;
        credential_state seen = credential_state_seen(record, view->card);
        credential_record shown = *record;
        shown.state = seen;
        Credential__Credential *message = arena_alloc(a, sizeof *message);
        credential__credential__init(message);
        message->name = credential_name(a, view->region, record->card);
        message->card = resource_name_format(a, view->region, "cards", record->card);
        message->state = (Credential__CredentialState)seen;
        message->state_text = policy_text_in(credential_state_text(seen), view->language);
        message->remaining_attempts = credential_remaining(&shown, view->knobs);
        message->must_change = seen == CREDENTIAL_INITIAL;
        message->suspended = credential_is_suspended(view->card);
        message->unlocks = (int32_t)record->unlocks;
        message->version = (int64_t)record->version;
        message->etag = commit_etag_format(a, (int64_t)record->version);
        message->as_of = message_timestamp(a, view->now_ms);
        message->state_since = message_timestamp(a, record->state_since_ms);
        const policy_step *steps[CREDENTIAL_STEPS_MAX];
        rpc_steps_fill(a, steps, credential_steps(seen, steps), view->language,
                       "sscard.credential.v1.CredentialService", &message->next_steps,
                       &message->n_next_steps);
        return message;
}

Common__ChangeSet *credential_preview(const credential_command *command,
                                      const credential_record *after, const char *event)
{
        const credential_view view = credential_view_of(command);
        arena *a = view.arena;
        Common__ChangeSet *set = arena_alloc(a, sizeof *set);
        common__change_set__init(set);
        set->request_hash = approval_request_hash_text(command->call);
        if (!event) return set;
        Common__Change *message = arena_alloc(a, sizeof *message);
        common__change__init(message);
        message->kind = "credential";
        message->name = credential_name(a, view.region, after->card);
        if (command->record->state != CREDENTIAL_NONE)
                message->before = message_any(a, &credential_message(&view, command->record)->base);
        message->after = message_any(a, &credential_message(&view, after)->base);
        const char **events = arena_alloc(a, sizeof *events);
        events[0] = event;
        message->events = (__typeof__(message->events))events;
        message->n_events = 1;
        set->changes = arena_alloc(a, sizeof *set->changes);
        set->changes[set->n_changes++] = message;
        return set;
}

Credential__CredentialResult *credential_result(const credential_command *command,
                                                const credential_record *after, const char *event)
{
        const credential_view view = credential_view_of(command);
        Credential__CredentialResult *result = arena_alloc(view.arena, sizeof *result);
        credential__credential_result__init(result);
        result->credential = credential_message(&view, after);
        result->changed = event != NULL;
        if (service_call_of(command->call)->context.validate_only)
                result->preview = credential_preview(command, after, event);
        return result;
}
