/* The change feed of a service, as its Watch method gives it (S8). */
#include "common/service/watch.h"

#include "common/service/message.h"

#include "sscard/common/v1/watch.pb-c.h"

#include <string.h>

static Google__Protobuf__Any *record_of(rpc_call *call, arena *a, const feed_event *event)
{
        service_watch_record *record = service_call_of(call)->watch_record;
        bytes after = bytes_of(event->record->after.data, event->record->after.len);
        if (after.length == 0) return NULL;
        return message_any(a, record(call, a, event, after));
}

static bool is_wanted(const Common__WatchRequest *request, bool whole_region,
                      const feed_event *event)
{
        if (!whole_region && strcmp(request->name, event->row.name) != 0) return false;
        for (size_t i = 0; i < request->n_event_types; i++)
                if (strcmp(request->event_types[i], event->row.event) == 0) return true;
        return request->n_event_types == 0;
}

static Common__WatchEvent *event_of(rpc_call *call, arena *a, const feed_event *event)
{
        Common__WatchEvent *message = arena_alloc(a, sizeof *message);
        common__watch_event__init(message);
        message->name = event->row.name;
        message->version = event->row.version;
        message->event_type = event->row.event;
        message->at = message_timestamp(a, event->row.at);
        if (!event->record) return message;
        message->record = record_of(call, a, event);
        message->request_id = event->record->request_id;
        return message;
}

static ProtobufCMessage *message_of(rpc_call *call, arena *a, const feed_event *events,
                                    size_t count, const char *cursor)
{
        const Common__WatchRequest *request = (const Common__WatchRequest *)rpc_call_request(call);
        bool whole_region = !service_call_of(call)->name.has_id;
        Common__WatchResponse *response = arena_alloc(a, sizeof *response);
        common__watch_response__init(response);
        response->events = arena_alloc(a, (count + 1) * sizeof *response->events);
        for (size_t i = 0; i < count; i++)
                if (is_wanted(request, whole_region, &events[i]))
                        response->events[response->n_events++] = event_of(call, a, &events[i]);
        response->cursor.data = (uint8_t *)cursor;
        response->cursor.len = strlen(cursor);
        response->caught_up = count < FEED_EVENTS_MAX;
        return &response->base;
}

/* For bytes that are no text: an empty one would mean the very beginning. */
static const char CURSOR_OF_NOBODY[] = "-";

/* "From now on" is the cursor of all heads. NULL: the task failed. */
static const char *cursor_of_now(rpc_call *call)
{
        const service_instance *instance = service_call_of(call)->instance;
        feed_cursor cursor;
        if (!journal_heads(rpc_call_task(call), commit_engine_store(instance->commit), cursor.seq))
                return NULL;
        return feed_cursor_format(rpc_call_arena(call), &cursor,
                                  commit_engine_hash(instance->commit));
}

void service_watch(rpc_call *call, const ProtobufCMessage *message, service_watch_record *record)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const Common__WatchRequest *request = (const Common__WatchRequest *)message;
        service_call *state = service_call_of(call);
        if (!state->has_name) {
                rpc_reply_invalid(call, "name", "RESOURCE_NAME_MISSING", NULL, "name is required");
                return;
        }
        state->watch_record = record;
        const char *cursor =
                arena_copy(rpc_call_arena(call), request->cursor.data, request->cursor.len);
        if (strlen(cursor) < request->cursor.len) cursor = CURSOR_OF_NOBODY;
        if (request->cursor.len == 0 && !request->from_beginning) cursor = cursor_of_now(call);
        if (cursor) feed_watch(call, state->instance->feed, "cursor", cursor, message_of);
}
