/* Writes messages. Must never say more of the password than whether there is one. */
#include "services/ecard/handlers/ecard_message.h"

#include "common/rpc/step.h"
#include "common/service/message.h"
#include "services/card/rules/card_texts.h"

#include "sscard/common/v1/change.pb-c.h"

#include <string.h>

static const char *name_in(rpc_call *call, const char *collection, ulid id)
{
        if (ulid_is_zero(id)) return "";
        return resource_name_format(rpc_call_arena(call),
                                    service_call_of(call)->instance->directory.region, collection,
                                    id);
}

const char *ecard_name(rpc_call *call, ulid holder)
{
        return arena_format(rpc_call_arena(call), "%s/ecard", name_in(call, "holders", holder));
}

const char *ecard_grant_name(rpc_call *call, ulid holder, ulid grant)
{
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(grant, text);
        return arena_format(rpc_call_arena(call), "%s/grants/%s", ecard_name(call, holder), text);
}

/* ---- the electronic card ---- */

static void fill_channels(arena *a, const ecard_record *record, Ecard__ElectronicCard *message)
{
        message->channels =
                arena_alloc(a, (record->binding_count + 1u) * sizeof *message->channels);
        for (uint8_t i = 0; i < record->binding_count; i++) {
                Ecard__ChannelBinding *binding = arena_alloc(a, sizeof *binding);
                ecard__channel_binding__init(binding);
                binding->channel = (Common__Channel)record->bindings[i].channel;
                binding->host = (Ecard__Host)record->bindings[i].host;
                binding->bound_at = message_timestamp(a, record->bindings[i].bound_at_ms);
                message->channels[message->n_channels++] = binding;
        }
}

static void fill_password(arena *a, const ecard_record *record, const ecard_knobs *knobs,
                          Ecard__ElectronicCard *message)
{
        if (!ecard_is_issued(record)) return;
        message->password = arena_alloc(a, sizeof *message->password);
        ecard__password_state__init(message->password);
        message->password->is_set = true;
        message->password->epoch = record->password.epoch;
        message->password->locked = ecard_password_is_locked(record, knobs);
        message->password->attempts_left = (int32_t)ecard_attempts_left(record, knobs);
}

static void fill_delegate(rpc_call *call, const ecard_record *record,
                          Ecard__ElectronicCard *message)
{
        if (ulid_is_zero(record->delegate)) return;
        message->delegate = arena_alloc(rpc_call_arena(call), sizeof *message->delegate);
        ecard__delegate__init(message->delegate);
        message->delegate->ecard = ecard_name(call, record->delegate);
        message->delegate->relation = (Ecard__FamilyRelation)record->relation;
}

static void fill_steps(const ecard_command *command, const ecard_record *record,
                       Common__NextStep ***messages, size_t *count)
{
        arena *a = rpc_call_arena(command->call);
        const policy_step *steps[ECARD_STEPS_MAX];
        ecard_facts facts = command->facts;
        facts.ecard = record;
        size_t found = ecard_next_steps(&facts, steps);
        *messages = arena_alloc(a, (found + 1) * sizeof **messages);
        *count = found;
        for (size_t i = 0; i < found; i++) {
                (*messages)[i] = arena_alloc(a, sizeof *(*messages)[i]);
                rpc_step_fill(
                        a, steps[i], rpc_call_language(command->call),
                        arena_format(a, "sscard.ecard.v1.ECardService/%s", steps[i]->operation),
                        (*messages)[i]);
        }
}

Ecard__ElectronicCard *ecard_message(const ecard_command *command, const ecard_record *record)
{
        rpc_call *call = command->call;
        arena *a = rpc_call_arena(call);
        const ecard_facts *facts = &command->facts;
        Ecard__ElectronicCard *message = arena_alloc(a, sizeof *message);
        ecard__electronic_card__init(message);
        ecard_view view = ecard_view_of(facts->holder, record, facts->lock, facts->knobs);
        char serial[ULID_TEXT_BYTES + 1] = "";
        if (!ulid_is_zero(record->serial)) ulid_format(record->serial, serial);
        message->name = ecard_name(call, command->holder);
        message->serial = arena_strdup(a, serial);
        message->level = (Ecard__Level)record->level;
        message->gate = (Ecard__Gate)view.gate;
        if (view.card >= 0) {
                const card_record *card = &facts->holder->cards[view.card];
                message->card = name_in(call, "cards", card->id);
                message->card_state = (Card__CardState)card_state_number(card->state);
        }
        fill_channels(a, record, message);
        fill_password(a, record, facts->knobs, message);
        fill_delegate(call, record, message);
        message->live_grants = ecard_live_grants(record, &view, facts->now_ms);
        message->issued_at = message_timestamp(a, record->issued_at_ms);
        message->closed_at = message_timestamp(a, record->closed_at_ms);
        message->version = (int64_t)record->version;
        message->etag = record->version > 0 ? commit_etag_format(a, (int64_t)record->version) : "";
        message->as_of = message_timestamp(a, facts->now_ms);
        fill_steps(command, record, &message->next_steps, &message->n_next_steps);
        return message;
}

/* ---- grants ---- */

Ecard__Grant *ecard_grant_message(const ecard_command *command, const ecard_grant *grant,
                                  const ecard_view *view)
{
        rpc_call *call = command->call;
        arena *a = rpc_call_arena(call);
        Ecard__Grant *message = arena_alloc(a, sizeof *message);
        const char *why_not = "";
        ecard__grant__init(message);
        message->name = ecard_grant_name(call, command->holder, grant->id);
        message->n_services = grant->service_count;
        message->services = arena_alloc(a, sizeof grant->services);
        memcpy(message->services, grant->services, sizeof grant->services);
        message->channels = arena_alloc(a, POLICY_CHANNEL_COUNT * sizeof *message->channels);
        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                if (policy_channels_have(grant->channels, (policy_channel)channel))
                        message->channels[message->n_channels++] = (Common__Channel)channel;
        message->granted_at = message_timestamp(a, grant->granted_at_ms);
        message->expires_at = message_timestamp(a, grant->expires_at_ms);
        message->live = ecard_grant_counts(grant, view, command->facts.now_ms, &why_not);
        message->ended_because = why_not;
        return message;
}

/* ---- results ---- */

static Common__Change *preview_of(const ecard_command *command, const char *event,
                                  const ecard_record *before, const ecard_record *after)
{
        arena *a = rpc_call_arena(command->call);
        Common__Change *message = arena_alloc(a, sizeof *message);
        common__change__init(message);
        message->kind = "ecard";
        message->name = ecard_name(command->call, command->holder);
        if (before) message->before = message_any(a, &ecard_message(command, before)->base);
        message->after = message_any(a, &ecard_message(command, after)->base);
        const char **events = arena_alloc(a, sizeof *events);
        events[0] = event;
        message->events = (__typeof__(message->events))events;
        message->n_events = 1;
        return message;
}

Common__ChangeSet *ecard_preview_message(const ecard_command *command)
{
        if (!service_call_of(command->call)->context.validate_only) return NULL;
        arena *a = rpc_call_arena(command->call);
        const ecard_verdict *verdict = &command->verdict;
        const ecard_record *before = command->loaded.is_new ? NULL : &command->loaded.row.ecard;
        Common__ChangeSet *message = arena_alloc(a, sizeof *message);
        common__change_set__init(message);
        message->changes = arena_alloc(a, 2 * sizeof *message->changes);
        if (verdict->changed && verdict->settlement) {
                message->changes[message->n_changes++] =
                        preview_of(command, verdict->settlement, before, &verdict->settled);
                before = &verdict->settled;
        }
        if (verdict->changed)
                message->changes[message->n_changes++] =
                        preview_of(command, verdict->event, before, &verdict->after);
        return message;
}

const ProtobufCMessage *ecard_result_message(const ecard_command *command)
{
        arena *a = rpc_call_arena(command->call);
        Ecard__ECardResult *message = arena_alloc(a, sizeof *message);
        ecard__ecard_result__init(message);
        message->ecard = ecard_message(command, &command->verdict.after);
        message->changed = command->verdict.changed;
        message->next_steps = message->ecard->next_steps;
        message->n_next_steps = message->ecard->n_next_steps;
        message->preview = ecard_preview_message(command);
        return &message->base;
}
