/* The standard health service. Must never say SERVING while the server drains. */
#include "common/rpc/health.h"

#include "common/rpc/server_internal.h"

#include "grpc/health/v1/health.pb-c.h"
#include "proto/health_descriptors_embedded.h"

#include <assert.h>
#include <string.h>

struct health_watcher {
        task *task;
        bool changed, waiting;
        health_watcher *previous, *next;
};

void health_init(health *h, arena *a, const char *const *services, size_t count)
{
        *h = (health){.count = count + 1};
        h->entries = arena_zalloc(a, h->count * sizeof *h->entries);
        h->entries[0] = (health_entry){.service = "", .serving = true};
        for (size_t i = 0; i < count; i++)
                h->entries[i + 1] = (health_entry){.service = services[i], .serving = true};
}

static health_entry *entry_find(const health *h, const char *service)
{
        for (size_t i = 0; i < h->count; i++)
                if (!strcmp(h->entries[i].service, service)) return &h->entries[i];
        return NULL;
}

static void watchers_tell(health *h)
{
        /* Those woken run at once and may leave the list. */
        for (health_watcher *watcher = h->watchers; watcher; watcher = watcher->next)
                watcher->changed = true;
        for (health_watcher *watcher = h->watchers, *next; watcher; watcher = next) {
                next = watcher->next;
                if (!watcher->waiting) continue;
                watcher->waiting = false;
                task_resume(watcher->task);
        }
}

void health_set(health *h, const char *service, bool serving)
{
        health_entry *entry = entry_find(h, service);
        assert(entry);
        if (entry->serving == serving) return;
        entry->serving = serving;
        watchers_tell(h);
}

void health_drain(health *h)
{
        h->draining = true;
        watchers_tell(h);
}

static Health__HealthCheckResponse__ServingStatus status_of(const health *h, const char *service)
{
        const health_entry *entry = entry_find(h, service);
        if (!entry) return HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN;
        return entry->serving && !h->draining
                       ? HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
                       : HEALTH__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING;
}

static void handle_check(rpc_call *call, const ProtobufCMessage *request)
{
        const Health__HealthCheckRequest *check = (const Health__HealthCheckRequest *)request;
        const health *h = &call->server->health;
        if (!entry_find(h, check->service)) {
                const failure unknown = {.kind = FAILURE_NOT_FOUND,
                                         .reason = "SERVICE_UNKNOWN",
                                         .message = "There is no such service here."};
                rpc_reply_failure(call, &unknown);
                return;
        }
        Health__HealthCheckResponse response = HEALTH__HEALTH_CHECK_RESPONSE__INIT;
        response.status = status_of(h, check->service);
        rpc_reply(call, &response.base);
}

static void watcher_leave(health *h, health_watcher *watcher)
{
        if (watcher->previous)
                watcher->previous->next = watcher->next;
        else
                h->watchers = watcher->next;
        if (watcher->next) watcher->next->previous = watcher->previous;
}

static void watch_undo(task *t)
{
        health_watcher *watcher = t->waits_for;
        watcher->waiting = false;
}

static void handle_watch(rpc_call *call, const ProtobufCMessage *request)
{
        const Health__HealthCheckRequest *check = (const Health__HealthCheckRequest *)request;
        health *h = &call->server->health;
        health_watcher watcher = {.task = &call->task, .changed = true, .next = h->watchers};
        if (watcher.next) watcher.next->previous = &watcher;
        h->watchers = &watcher;

        int last = -1;
        for (bool alive = true; alive;) {
                Health__HealthCheckResponse response = HEALTH__HEALTH_CHECK_RESPONSE__INIT;
                response.status = status_of(h, check->service);
                watcher.changed = false;
                if ((int)response.status != last) {
                        last = (int)response.status;
                        alive = rpc_stream_send(call, &response.base);
                }
                watcher.waiting = alive && !watcher.changed;
                if (watcher.waiting) alive = task_park(&call->task, &watcher, watch_undo);
        }
        watcher_leave(h, &watcher);
}

rpc_service health_service(void)
{
        static const rpc_method methods[] = {
                {.name = "Check", .kind = RPC_OPEN, .handle = handle_check},
                {.name = "Watch", .kind = RPC_OPEN, .handle = handle_watch},
        };
        return (rpc_service){
                .descriptor = &health__health__descriptor,
                .methods = methods,
                .method_count = ARRAY_LENGTH(methods),
                .descriptor_set = health_descriptors,
                .descriptor_set_bytes = health_descriptors_bytes,
        };
}
