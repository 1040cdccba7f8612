/* Watch: the change feed of the card service (S8). */
#include "common/service/watch.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/card_message.h"

#include <string.h>

static const ProtobufCMessage *card_of(const message_context *c, const service_instance *instance,
                                       bytes after)
{
        failure f = {0};
        card_holder *holder = arena_zalloc(c->arena, sizeof *holder);
        holder->card_count = 1;
        if (!card_record_unpack(instance->keys.data, c->arena, after, &holder->cards[0], &f))
                return NULL;
        return &card_message(c, holder, &holder->cards[0])->base;
}

static const ProtobufCMessage *person_of(const message_context *c, const service_instance *instance,
                                         const char *name_text, bytes after)
{
        failure f = {0};
        resource_name name;
        const char *why = NULL;
        if (!resource_name_parse(name_text, &name, &why)) return NULL;
        holder_record *record = arena_zalloc(c->arena, sizeof *record);
        record->holder.id = name.id;
        if (!person_record_unpack(instance->keys.data, c->arena, name.id, after, &record->person,
                                  &f))
                return NULL;
        return &holder_message(c, record)->base;
}

static const ProtobufCMessage *record_of(rpc_call *call, arena *a, const feed_event *event,
                                         bytes after)
{
        const service_instance *instance = service_call_of(call)->instance;
        message_context c = message_context_of(call);
        c.arena = a;
        if (strcmp(event->record->kind, "card") == 0) return card_of(&c, instance, after);
        return person_of(&c, instance, event->row.name, after);
}

void handle_watch(rpc_call *call, const ProtobufCMessage *request)
{
        service_watch(call, request, record_of);
}
