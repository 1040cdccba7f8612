/* Builds the answers of changes. Must be the same for a preview and for the change itself, but for
 * the preview field. */
#include "services/card/handlers/card_result.h"

#include "common/service/approval.h"
#include "common/service/message.h"
#include "services/card/handlers/card_message.h"
#include "services/card/rules/card_guidance.h"
#include "services/region/region_notice.h"

#include <string.h>

/* ---- preview ---- */

static void add_notice(const message_context *c, const card_change *item, const char *person,
                       Common__Change *message)
{
        arena *a = c->arena;
        const region_notice_about about = {.event = item->event,
                                           .card = &item->after,
                                           .person = person,
                                           .language =
                                                   language_negotiate(bytes_of_text(c->language))};
        const char *text = region_notice_text(a, c->pack, &about);
        if (!text) return;
        Common__NoticePreview *notice = arena_alloc(a, sizeof *notice);
        common__notice_preview__init(notice);
        notice->template_ = item->event;
        notice->text = text;
        message->notices = arena_alloc(a, sizeof *message->notices);
        message->notices[0] = notice;
        message->n_notices = 1;
}

static void add_event(arena *a, const char *event, Common__Change *message)
{
        const char **events = arena_alloc(a, sizeof *events);
        events[0] = event;
        message->events = (__typeof__(message->events))events;
        message->n_events = 1;
}

static Common__Change *card_preview(const card_command *command, const card_change *item)
{
        const message_context c = message_context_of(command->call);
        arena *a = c.arena;
        Common__Change *message = arena_alloc(a, sizeof *message);
        common__change__init(message);
        const card_holder *after = &command->verdict.after;
        bool is_new = item->before.state == CARD_STATE_NONE;
        message->kind = "card";
        message->name = is_new ? arena_format(a, "regions/%s/cards/-",
                                              command->app->instance->directory.region)
                               : resource_name_format(a, command->app->instance->directory.region,
                                                      "cards", item->after.id);
        card_holder holder = *after;
        holder.cards[item->card] = item->before;
        if (!is_new)
                message->before =
                        message_any(a, &card_message(&c, &holder, &holder.cards[item->card])->base);
        holder.cards[item->card] = item->after;
        message->after =
                message_any(a, &card_message(&c, &holder, &holder.cards[item->card])->base);
        add_event(a, item->event, message);
        add_notice(&c, item, command->person.secret.name, message);
        return message;
}

static Common__Change *person_preview(const card_command *command)
{
        const message_context c = message_context_of(command->call);
        arena *a = c.arena;
        Common__Change *message = arena_alloc(a, sizeof *message);
        common__change__init(message);
        message->kind = "holder";
        const char *region = command->app->instance->directory.region;
        message->name = command->holder_is_new ? arena_format(a, "regions/%s/holders/-", region)
                                               : resource_name_format(a, region, "holders",
                                                                      command->verdict.after.id);
        if (!command->holder_is_new)
                message->before =
                        message_any(a, &holder_message(&c, &command->loaded.record)->base);
        holder_record *after = arena_alloc(a, sizeof *after);
        *after = (holder_record){.holder = command->verdict.after, .person = command->person};
        message->after = message_any(a, &holder_message(&c, after)->base);
        add_event(a, card_command_person_event(command), message);
        return message;
}

Common__ChangeSet *card_preview_message(const card_command *command)
{
        arena *a = rpc_call_arena(command->call);
        const card_changes *changes = &command->verdict.changes;
        Common__ChangeSet *message = arena_alloc(a, sizeof *message);
        common__change_set__init(message);
        message->changes = arena_alloc(a, (changes->count + 1u) * sizeof *message->changes);
        for (uint8_t i = 0; i < changes->count; i++)
                message->changes[message->n_changes++] = card_preview(command, &changes->items[i]);
        if (command->holder_is_new || command->verdict.person_changed ||
            command->person_data_changed)
                message->changes[message->n_changes++] = person_preview(command);
        message->request_hash = approval_request_hash_text(command->call);
        return message;
}

/* ---- results ---- */

static bool is_previewed(const card_command *command)
{
        return service_call_of(command->call)->context.validate_only;
}

static void add_steps(const card_command *command, const card_record *card,
                      Common__NextStep ***messages, size_t *count)
{
        const policy_step *steps[CARD_GUIDANCE_STEPS_MAX];
        const message_context c = message_context_of(command->call);
        size_t found = card_guidance_steps(&command->verdict.after, card, command->facts.knobs,
                                           service_call_of(command->call)->now_ms, steps);
        card_message_steps(&c, card, steps, found, messages, count);
}

/* Every other card that the change touched, as it is afterwards. */
static void add_other_cards(const card_command *command, Card__CardResult *message)
{
        const message_context c = message_context_of(command->call);
        arena *a = c.arena;
        const card_holder *after = &command->verdict.after;
        message->other_cards = arena_alloc(a, CARD_CARDS_MAX * sizeof *message->other_cards);
        for (uint8_t i = 0; i < after->card_count; i++) {
                bool touched = false;
                for (uint8_t n = 0; n < command->verdict.changes.count; n++)
                        touched |= command->verdict.changes.items[n].card == i;
                if (touched && i != command->verdict.card)
                        message->other_cards[message->n_other_cards++] =
                                card_message(&c, after, &after->cards[i]);
        }
}

static const ProtobufCMessage *card_result(const card_command *command)
{
        const message_context c = message_context_of(command->call);
        Card__CardResult *message = arena_alloc(c.arena, sizeof *message);
        card__card_result__init(message);
        const card_holder *after = &command->verdict.after;
        const card_record *card = &after->cards[command->verdict.card];
        message->card = card_message(&c, after, card);
        message->changed = command->verdict.changed || command->person_data_changed;
        message->rule_pack = pack_version(c.pack);
        add_steps(command, card, &message->next_steps, &message->n_next_steps);
        add_other_cards(command, message);
        if (is_previewed(command)) message->preview = card_preview_message(command);
        return &message->base;
}

static const ProtobufCMessage *holder_result(const card_command *command)
{
        const message_context c = message_context_of(command->call);
        arena *a = c.arena;
        Card__HolderResult *message = arena_alloc(a, sizeof *message);
        card__holder_result__init(message);
        holder_record *record = arena_alloc(a, sizeof *record);
        *record = (holder_record){.holder = command->verdict.after, .person = command->person};
        message->holder = holder_message(&c, record);
        message->changed = command->verdict.changed;
        message->cards = arena_alloc(a, CARD_CARDS_MAX * sizeof *message->cards);
        for (uint8_t i = 0; i < record->holder.card_count; i++)
                message->cards[message->n_cards++] =
                        card_message(&c, &record->holder, &record->holder.cards[i]);
        if (is_previewed(command)) message->preview = card_preview_message(command);
        return &message->base;
}

const ProtobufCMessage *card_result_message(const card_command *command)
{
        return command->verdict.card < 0 ? holder_result(command) : card_result(command);
}
