/* Watch: the change feed of electronic cards (S8). */
#include "common/service/watch.h"
#include "services/ecard/handlers/ecard_handlers.h"

#include "common/feed/feed.h"
#include "services/ecard/record/ecard_record.h"

#include "sscard/ecard/v1/ecard_service.pb-c.h"

/* The gate is not part of it: it is whatever the card's state makes it when somebody asks. */
static const ProtobufCMessage *record_of(rpc_call *call, arena *a, const feed_event *event,
                                         bytes after)
{
        (void)call;
        failure f = {0};
        ecard_row *row = arena_zalloc(a, sizeof *row);
        if (!ecard_row_unpack(NULL, a, after, row, &f)) return NULL;
        Ecard__ElectronicCard *message = arena_alloc(a, sizeof *message);
        ecard__electronic_card__init(message);
        message->name = arena_strdup(a, event->row.name);
        message->level = (Ecard__Level)row->ecard.level;
        message->version = (int64_t)row->ecard.version;
        return &message->base;
}

void handle_watch(rpc_call *call, const ProtobufCMessage *request)
{
        service_watch(call, request, record_of);
}
