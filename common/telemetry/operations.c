/* The operations port: three pages by libmicrohttpd on its own thread.
 * Must never touch the loop, nor tell more than an operator may know. */
#define _GNU_SOURCE /* asprintf */
#include "common/telemetry/operations.h"

#include <arpa/inet.h>
#include <assert.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS_MAX = 16, IDLE_SECONDS = 5, CONNECTION_BYTES = 16384 };

struct operations {
        struct MHD_Daemon *daemon;
        metrics *metrics;
        const clock_source *clock;
        int64_t heartbeat_max_ms;
        int64_t beat_ms; /* atomic access only */
        int state;       /* atomic access only */
        const char *why; /* atomic access only; literals */
        uint16_t port;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              char *text, size_t length)
{
        struct MHD_Response *response =
                MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE);
        if (!response) {
                free(text);
                return MHD_NO;
        }
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
                MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
        enum MHD_Result result = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
        return result;
}

static enum MHD_Result answer_word(struct MHD_Connection *connection, unsigned status,
                                   const char *word, const char *why)
{
        char *text = NULL;
        int length = asprintf(&text, "%s%s%s\n", word, *why ? " " : "", why);
        if (length < 0) return MHD_NO;
        return answer(connection, status, "text/plain; charset=utf-8", text, (size_t)length);
}

static enum MHD_Result answer_health(const operations *o, struct MHD_Connection *connection)
{
        int64_t silent_ms =
                clock_monotonic_ms(o->clock) - __atomic_load_n(&o->beat_ms, __ATOMIC_RELAXED);
        if (o->heartbeat_max_ms > 0 && silent_ms > o->heartbeat_max_ms)
                return answer_word(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "STUCK",
                                   "LOOP_DOES_NOT_TURN");
        return answer_word(connection, MHD_HTTP_OK, "ALIVE", "");
}

static enum MHD_Result answer_readiness(const operations *o, struct MHD_Connection *connection)
{
        const char *why = __atomic_load_n(&o->why, __ATOMIC_ACQUIRE);
        switch ((operations_state)__atomic_load_n(&o->state, __ATOMIC_ACQUIRE)) {
        case OPERATIONS_READY:
                return answer_word(connection, MHD_HTTP_OK, "READY", why);
        case OPERATIONS_READ_ONLY:
                return answer_word(connection, MHD_HTTP_OK, "DEGRADED", why);
        case OPERATIONS_DRAINING:
                return answer_word(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "DRAINING", why);
        case OPERATIONS_BROKEN:
                return answer_word(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "BROKEN", why);
        case OPERATIONS_STARTING:
                break;
        }
        return answer_word(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "STARTING", why);
}

static enum MHD_Result serve(void *closure, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_size, void **request)
{
        (void)version, (void)upload, (void)request;
        operations *o = closure;
        *upload_size = 0;
        if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
                return answer_word(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET", "ONLY");
        if (strcmp(url, "/healthz") == 0) return answer_health(o, connection);
        if (strcmp(url, "/readyz") == 0) return answer_readiness(o, connection);
        if (strcmp(url, "/metrics") != 0)
                return answer_word(connection, MHD_HTTP_NOT_FOUND, "/metrics /healthz /readyz", "");
        size_t length = 0;
        char *text = metrics_expose(o->metrics, &length);
        return answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", text,
                      length);
}

typedef struct listen_address {
        union {
                struct sockaddr any;
                struct sockaddr_in v4;
                struct sockaddr_in6 v6;
        };
        bool is_v6;
} listen_address;

/* "127.0.0.1:9301" or "[::]:9301". */
static bool parse_address(const char *listen, listen_address *address)
{
        char host[64];
        const char *colon = strrchr(listen, ':');
        if (!colon) return false;
        size_t length = (size_t)(colon - listen);
        char *end;
        unsigned long port = strtoul(colon + 1, &end, 10);
        if (end == colon + 1 || *end || port > 65535 || length == 0 || length >= sizeof host)
                return false;
        memset(address, 0, sizeof *address);
        address->is_v6 = listen[0] == '[' && listen[length - 1] == ']';
        if (address->is_v6) {
                memcpy(host, listen + 1, length - 2);
                host[length - 2] = '\0';
                address->v6.sin6_family = AF_INET6;
                address->v6.sin6_port = htons((uint16_t)port);
                return inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1;
        }
        memcpy(host, listen, length);
        host[length] = '\0';
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)port);
        return inet_pton(AF_INET, host, &address->v4.sin_addr) == 1;
}

static bool start(operations *o, const listen_address *address)
{
        unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL;
        if (address->is_v6) flags |= MHD_USE_IPv6;
        o->daemon = MHD_start_daemon(flags, 0, NULL, NULL, serve, o, MHD_OPTION_SOCK_ADDR,
                                     &address->any, MHD_OPTION_CONNECTION_LIMIT,
                                     (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
                                     (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                     (size_t)CONNECTION_BYTES, MHD_OPTION_END);
        if (!o->daemon) return false;
        const union MHD_DaemonInfo *info =
                MHD_get_daemon_info(o->daemon, MHD_DAEMON_INFO_BIND_PORT);
        o->port = info ? info->port : 0;
        return true;
}

operations *operations_create(const operations_options *options, failure *f)
{
        assert(options->metrics && options->clock);
        listen_address address;
        if (!options->listen || !parse_address(options->listen, &address)) {
                failure_set(f, FAILURE_INVALID_ARGUMENT, "OPERATIONS_ADDRESS",
                            "the operations port needs an address like 127.0.0.1:9301, not %s",
                            options->listen ? options->listen : "nothing");
                return NULL;
        }
        operations *o = calloc(1, sizeof *o);
        if (!o) abort();
        o->metrics = options->metrics;
        o->clock = options->clock;
        o->heartbeat_max_ms = options->heartbeat_max_ms;
        o->beat_ms = clock_monotonic_ms(o->clock);
        o->why = "";
        if (start(o, &address)) return o;
        failure_set(f, FAILURE_UNAVAILABLE, "OPERATIONS_PORT_TAKEN",
                    "cannot listen on %s for operations: is the port taken?", options->listen);
        free(o);
        return NULL;
}

void operations_destroy(operations *o)
{
        if (!o) return;
        MHD_stop_daemon(o->daemon);
        free(o);
}

uint16_t operations_port(const operations *o)
{
        return o->port;
}

void operations_set_state(operations *o, operations_state state, const char *why)
{
        __atomic_store_n(&o->why, why ? why : "", __ATOMIC_RELEASE);
        __atomic_store_n(&o->state, (int)state, __ATOMIC_RELEASE);
}

void operations_beat(operations *o)
{
        __atomic_store_n(&o->beat_ms, clock_monotonic_ms(o->clock), __ATOMIC_RELAXED);
}
