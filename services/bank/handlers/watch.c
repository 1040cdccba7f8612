/* Watch: the change feed of bank links (S8). */
#include "common/service/watch.h"

#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/bank_message.h"
#include "services/bank/record/link_record.h"

#include <string.h>

static const ProtobufCMessage *record_of(rpc_call *call, arena *a, const feed_event *event,
                                         bytes after)
{
        bank_message_context c = bank_message_context_of(call);
        failure f = {0};
        bank_link *link = arena_zalloc(a, sizeof *link);
        ulid holder = {0};
        c.arena = a;
        /* Without keys: the account reads masked, as it is shown. */
        if (!bank_link_unpack(NULL, a, after, link, &f)) return NULL;
        if (event->record->holder.len == ULID_BYTES)
                memcpy(holder.bytes, event->record->holder.data, ULID_BYTES);
        return &bank_stored_message(&c, link, holder)->base;
}

void handle_watch(rpc_call *call, const ProtobufCMessage *request)
{
        service_watch(call, request, record_of);
}
