/* The server: options to channel arguments, start, health, drain.
 * Must never stop while a call is open or a slot is posted. */
#include "common/rpc/server.h"

#include "common/rpc/accept_guard.h"
#include "common/rpc/error.h"
#include "common/rpc/health.h"
#include "common/rpc/reflection.h"
#include "common/rpc/server_internal.h"
#include "common/rpc/tls.h"

#include <grpc/grpc_security.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
        CALLS_MAX_DEFAULT = 10000,
        STREAMS_MAX_DEFAULT = 1000,
        MESSAGE_BYTES_DEFAULT = 4 << 20,
        DEADLINE_MS_DEFAULT = 10000,
        DRAIN_LOOK_MS = 250, /* time for clients to hear that the server goes away */
        SLOTS_DEFAULT = 32,
        SLOTS_STANDARD = 4, /* of health and reflection, and the generic ones */
        STANDARD_SERVICES = 1 + REFLECTION_SERVICES,
        METADATA_BYTES_MAX = 16 << 10,
        HANDSHAKE_MS = 5000,
        KEEPALIVE_MS = 60000,
        KEEPALIVE_TIMEOUT_MS = 20000,
        PING_INTERVAL_MS = 10000,
        PING_STRIKES = 3,
        AGE_GRACE_MS = 30000,
        ARGUMENTS_MAX = 24,
        OVERLOAD_RETRY_MS = 1000,
};

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
        return value ? value : otherwise;
}

static void options_complete(rpc_server_options *o)
{
        o->calls_max = or_default(o->calls_max, CALLS_MAX_DEFAULT);
        o->streams_max = or_default(o->streams_max, STREAMS_MAX_DEFAULT);
        o->message_bytes_max = or_default(o->message_bytes_max, MESSAGE_BYTES_DEFAULT);
        o->default_deadline_ms = or_default(o->default_deadline_ms, DEADLINE_MS_DEFAULT);
        o->slots = or_default(o->slots, SLOTS_DEFAULT);
}

typedef struct arguments {
        grpc_arg items[ARGUMENTS_MAX];
        size_t count;
} arguments;

static void argument_add(arguments *a, const char *key, int value)
{
        assert(a->count < ARGUMENTS_MAX);
        a->items[a->count++] =
                (grpc_arg){.type = GRPC_ARG_INTEGER, .key = (char *)key, .value.integer = value};
}

static grpc_server *grpc_server_make(const rpc_server_options *o)
{
        arguments a = {.count = 0};
        argument_add(&a, GRPC_ARG_ALLOW_REUSEPORT, o->share_port);
        argument_add(&a, GRPC_ARG_MAX_CONCURRENT_STREAMS, (int)o->streams_max);
        argument_add(&a, GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, (int)o->message_bytes_max);
        argument_add(&a, GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, (int)o->message_bytes_max);
        argument_add(&a, GRPC_ARG_MAX_METADATA_SIZE, METADATA_BYTES_MAX);
        /* Core inflates a message before it looks at the limit: 300 KB become 300 MB. */
        argument_add(&a, GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET,
                     1 << GRPC_COMPRESS_NONE);
        argument_add(&a, GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
        argument_add(&a, GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
        argument_add(&a, GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0); /* ours are cheaper */
        argument_add(&a, GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, HANDSHAKE_MS);
        argument_add(&a, GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_MS);
        argument_add(&a, GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS);
        argument_add(&a, GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
        argument_add(&a, GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, PING_INTERVAL_MS);
        argument_add(&a, GRPC_ARG_HTTP2_MAX_PING_STRIKES, PING_STRIKES);
        if (o->connection_age_ms) {
                argument_add(&a, GRPC_ARG_MAX_CONNECTION_AGE_MS, (int)o->connection_age_ms);
                argument_add(&a, GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, AGE_GRACE_MS);
        }
        if (o->connection_idle_ms)
                argument_add(&a, GRPC_ARG_MAX_CONNECTION_IDLE_MS, (int)o->connection_idle_ms);
        const grpc_channel_args channel_args = {.num_args = a.count, .args = a.items};
        return grpc_server_create(&channel_args, NULL);
}

static bool listen_on(rpc_server *server, const rpc_server_options *o, failure *f)
{
        grpc_server_credentials *credentials = tls_server_credentials(o, &server->certificates, f);
        if (!credentials) return false;
        int port = grpc_server_add_http2_port(server->grpc, o->listen, credentials);
        grpc_server_credentials_release(credentials);
        if (port <= 0)
                return failure_set(f, FAILURE_UNAVAILABLE, "CANNOT_LISTEN",
                                   "Cannot listen on %s: is the port taken?", o->listen);
        server->port = (uint16_t)port;
        bool is_tcp = strncmp(o->listen, "unix", 4) != 0;
        server->send_hold.port = is_tcp ? server->port : 0;
        return true;
}

static void methods_register(rpc_server *server)
{
        const dispatch *d = &server->dispatch;
        server->registered = calloc(d->method_count, sizeof *server->registered);
        if (!server->registered) abort();
        for (size_t i = 0; i < d->method_count; i++) {
                server->registered[i] = grpc_server_register_method(
                        server->grpc, d->methods[i].path, NULL,
                        d->methods[i].client_streams ? GRPC_SRM_PAYLOAD_NONE
                                                     : GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER,
                        0);
                assert(server->registered[i]);
        }
}

static void slots_post(rpc_server *server)
{
        const dispatch *d = &server->dispatch;
        for (size_t i = 0; i < d->method_count; i++) {
                uint32_t slots = d->methods[i].standard ? SLOTS_STANDARD : server->options.slots;
                while (slots--)
                        wire_slot_post(server, &d->methods[i]);
        }
        for (int i = 0; i < SLOTS_STANDARD; i++)
                wire_slot_post(server, NULL);
}

static void refusals_pack(rpc_server *server)
{
        static const char *const languages[2] = {"zh", "en"};
        const rpc_error shed = {
                .status = GRPC_STATUS_RESOURCE_EXHAUSTED,
                .reason = "OVERLOADED",
                .message = "The server has too many calls; try again soon.",
                .text = {.zh = "系统繁忙，请稍后再试。",
                         .en = "The server has too many calls; try again soon."},
                .retry_after_ms = OVERLOAD_RETRY_MS,
        };
        const rpc_error unknown = {
                .status = GRPC_STATUS_UNIMPLEMENTED,
                .reason = "METHOD_UNKNOWN",
                .message = "There is no such method.",
                .text = {.zh = "没有这个方法。", .en = "There is no such method."},
        };
        for (int i = 0; i < 2; i++) {
                arena *a = &server->dispatch.arena;
                server->shed_details[i] = rpc_error_pack(a, &shed, languages[i]);
                server->unknown_details[i] = rpc_error_pack(a, &unknown, languages[i]);
        }
}

static bool dispatch_create(rpc_server *server, const rpc_service *services, size_t count,
                            failure *f)
{
        rpc_service *all =
                arena_alloc(&server->dispatch.arena, (count + STANDARD_SERVICES) * sizeof *all);
        memcpy(all, services, count * sizeof *all);
        all[count] = health_service();
        reflection_services(&all[count + 1]);
        server->dispatch.pipeline = server->options.pipeline;
        server->dispatch.context = server->options.context;
        if (!dispatch_init(&server->dispatch, all, count + STANDARD_SERVICES, STANDARD_SERVICES, f))
                return false;
        health_init(&server->health, &server->dispatch.arena, server->dispatch.services,
                    server->dispatch.service_count);
        refusals_pack(server);
        return true;
}

static void shutdown_came(loop_tag *tag, bool ok)
{
        (void)ok;
        rpc_server *server = (rpc_server *)((char *)tag - offsetof(rpc_server, shutdown_tag));
        server->shut_down = true;
        server_check_drained(server);
}

static void drain_fired(loop_timer *timer);

rpc_server *rpc_server_create(loop *l, const rpc_server_options *options,
                              const rpc_service *services, size_t service_count, failure *f)
{
        rpc_server *server = calloc(1, sizeof *server);
        if (!server) abort();
        server->loop = l;
        server->options = *options;
        options_complete(&server->options);
        server->shutdown_tag.complete = shutdown_came;
        wire_calls_init(server);
        loop_timer_init(l, &server->drain_timer, drain_fired, server);
        loop_hold(l);
        bool good = dispatch_create(server, services, service_count, f);
        if (good && !loop_is_virtual(l)) {
                server->grpc = grpc_server_make(&server->options);
                grpc_server_register_completion_queue(server->grpc, loop_queue(l), NULL);
                methods_register(server);
                good = listen_on(server, &server->options, f);
        }
        server->options.listen = server->options.certificate_file = NULL;
        server->options.key_file = server->options.client_ca_file = NULL;
        if (good) return server;
        rpc_server_destroy(server);
        return NULL;
}

void rpc_server_start(rpc_server *server)
{
        assert(!server->started);
        server->started = true;
        if (!server->grpc) return;
        accept_guard_arm();
        grpc_server_start(server->grpc);
        slots_post(server);
}

uint16_t rpc_server_port(const rpc_server *server)
{
        return server->port;
}

const rpc_method *rpc_server_methods(const rpc_server *server, size_t *count)
{
        *count = server->dispatch.own_count;
        return server->dispatch.rows;
}

loop *rpc_server_loop(const rpc_server *server)
{
        return server->loop;
}

void rpc_server_set_health(rpc_server *server, const char *service, bool serving)
{
        health_set(&server->health, service, serving);
}

rpc_server_counts rpc_server_count(const rpc_server *server)
{
        return server->counts;
}

void server_check_drained(rpc_server *server)
{
        bool wire_gone = !server->grpc || (server->shut_down && server->slots_posted == 0);
        if (!server->stopping || !wire_gone || server->counts.open) return;
        loop_timer_stop(&server->drain_timer);
        loop_release_hold(server->loop);
        server->stopping = false;
        server->shut_down = true;
        if (server->drained) server->drained(server->drained_argument);
}

/* Asks again, at the latest when the limit is reached. */
static void drain_look_again(rpc_server *server)
{
        int64_t next_ms = loop_now_ms(server->loop) + DRAIN_LOOK_MS;
        loop_timer_start(&server->drain_timer,
                         next_ms < server->drain_ends_ms ? next_ms : server->drain_ends_ms);
}

/* First the grace is over: no new calls. Then, when no call is left or at the limit, connections
 * are closed too: a client that is idle does not even answer that the server goes away. */
static void drain_fired(loop_timer *timer)
{
        rpc_server *server = timer->data;
        if (server->stopping) {
                if (server->counts.open && loop_now_ms(server->loop) < server->drain_ends_ms)
                        drain_look_again(server);
                else if (server->grpc)
                        grpc_server_cancel_all_calls(server->grpc);
                return;
        }
        server->stopping = true;
        server->drain_ends_ms = loop_now_ms(server->loop) + server->options.drain_limit_ms;
        drain_look_again(server);
        if (!server->started)
                server->shut_down = true;
        else if (server->grpc)
                grpc_server_shutdown_and_notify(server->grpc, loop_queue(server->loop),
                                                &server->shutdown_tag);
        wire_streams_interrupt(server);
        server_check_drained(server);
}

void rpc_server_drain(rpc_server *server, void (*drained)(void *argument), void *argument)
{
        if (server->draining) return;
        server->draining = true;
        server->drained = drained;
        server->drained_argument = argument;
        health_drain(&server->health);
        int64_t now_ms = clock_monotonic_ms(loop_clock(server->loop));
        loop_timer_start(&server->drain_timer, now_ms + server->options.drain_grace_ms);
}

bool rpc_server_is_draining(const rpc_server *server)
{
        return server->draining;
}

/* Core destroys no server that listens and was not shut down; one that was never started has nobody
 * to wait for. */
static void unstarted_shut_down(grpc_server *grpc)
{
        gpr_timespec never = gpr_inf_future(GPR_CLOCK_MONOTONIC);
        grpc_completion_queue *queue = grpc_completion_queue_create_for_pluck(NULL);
        grpc_server_shutdown_and_notify(grpc, queue, grpc);
        grpc_completion_queue_pluck(queue, grpc, never, NULL);
        grpc_completion_queue_shutdown(queue);
        grpc_completion_queue_destroy(queue);
}

void rpc_server_destroy(rpc_server *server)
{
        if (!server) return;
        assert(server->shut_down || !server->started); /* it has drained */
        if (!server->shut_down) loop_release_hold(server->loop);
        loop_unmark_flush(server->loop, &server->replies_flush);
        loop_timer_close(&server->drain_timer, NULL);
        wire_calls_release(server);
        if (server->grpc && !server->started) unstarted_shut_down(server->grpc);
        if (server->grpc) grpc_server_destroy(server->grpc);
        tls_source_destroy(server->certificates);
        dispatch_release(&server->dispatch);
        free(server->registered);
        free(server);
}
