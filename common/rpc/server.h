/* The server: generic dispatch from a service's descriptors and its method rows to handlers.
 * One thread (the loop's). Health, reflection and unknown methods come with it. */
#ifndef SSCARD_COMMON_RPC_SERVER_H
#define SSCARD_COMMON_RPC_SERVER_H

#include "common/rpc/call.h"

#include <stddef.h>
#include <stdint.h>

typedef enum rpc_method_kind {
        RPC_READ = 1,     /* changes nothing; may be audited as a read */
        RPC_MUTATION = 2, /* goes through idempotency and commit */
        RPC_OPEN = 3,     /* no token: health, reflection, tests */
} rpc_method_kind;

/* One row an RPC: no row, no build (a service's methods.c is checked against its descriptor at
 * start; a missing or surplus row, or wrong types, end the process). */
struct rpc_method {
        const char *name; /* "GetCard" */
        rpc_method_kind kind;
        /* May suspend. `request` is unpacked, its strings are valid UTF-8 without NUL; NULL when
         * `raw`: the handler reads rpc_call_request_bytes() and nothing was looked at. */
        void (*handle)(rpc_call *call, const ProtobufCMessage *request);
        bool raw;
        const void *declaration; /* what the pipeline needs to know of this method; its own type */
        /* Filled at start: */
        const char *full_name; /* "x.orders.v1.OrderService/GetOrder", without leading slash */
        const ProtobufCMessageDescriptor *request_type, *reply_type;
        bool streams;   /* server streaming, from the embedded descriptor set */
        uint32_t index; /* among all methods of the server: 0, 1, 2 … (pipeline's plans) */
};

typedef struct rpc_service {
        const ProtobufCServiceDescriptor *descriptor;
        const rpc_method *methods; /* copied */
        size_t method_count;
        const unsigned char *descriptor_set; /* packed FileDescriptorSet with comments */
        size_t descriptor_set_bytes;
} rpc_service;

typedef struct rpc_server_options {
        const char *listen; /* "127.0.0.1:7301"; port 0: any */
        const char *certificate_file, *key_file, *client_ca_file; /* PEM; NULL: cleartext */
        uint32_t calls_max;                                       /* shed above; 0: 10 000 */
        uint32_t streams_max;         /* GRPC_ARG_MAX_CONCURRENT_STREAMS; 0: 1 000 */
        uint32_t message_bytes_max;   /* both ways; 0: 4 MiB */
        uint32_t default_deadline_ms; /* when the client sets none; 0: 10 000 */
        uint32_t drain_grace_ms;      /* between NOT_SERVING and shutdown; 0: none */
        uint32_t drain_limit_ms;      /* then all calls are cancelled; 0: at once */
        uint32_t connection_age_ms;   /* then a connection is asked to go; 0: for ever */
        uint32_t connection_idle_ms;  /* without calls; 0: for ever */
        uint32_t slots;               /* requests taken at once, a method; 0: 32 */
        bool share_port;              /* SO_REUSEPORT: several worker processes, one port */
        void *context;                /* rpc_call_context() */
        /* Runs on the coroutine instead of the method's handler, which it calls in the end: the
         * pipeline. NULL: the handler itself. Health and reflection do not pass through it. */
        void (*pipeline)(rpc_call *call);
        /* On the loop after the answer was handed to core: one canonical log line, metrics. Not for
         * health and reflection. A call that was shed has no state. */
        void (*finished)(rpc_call *call);
} rpc_server_options;

/* Listens, but takes no call before rpc_server_start(). "" and every service are healthy until told
 * otherwise. Holds the loop until it has drained. On a virtual loop it does not listen:
 * rpc_peer_create_local() reaches it.
 * NULL and `f` set: the port is taken, a method row does not match, … Pair: rpc_server_destroy().
 */
rpc_server *rpc_server_create(loop *l, const rpc_server_options *options,
                              const rpc_service *services, size_t service_count,
                              failure *f) MUST_CHECK;
uint16_t rpc_server_port(const rpc_server *server);
loop *rpc_server_loop(const rpc_server *server);
/* The rows as they were filled at start, by index, without health and reflection. */
const rpc_method *rpc_server_methods(const rpc_server *server, size_t *count);
/* Posts the slots: calls come in from here on. */
void rpc_server_start(rpc_server *server);
/* "" = the whole server, or a service's full name. Watchers are told. */
void rpc_server_set_health(rpc_server *server, const char *service, bool serving);
/* Drains: health NOT_SERVING, grace, no new calls and streams end with UNAVAILABLE, limit, cancel;
 * then `drained` (NULL is allowed) on the loop. */
void rpc_server_drain(rpc_server *server, void (*drained)(void *argument), void *argument);
bool rpc_server_is_draining(const rpc_server *server);
/* After it has drained, or before it was started. NULL is allowed. */
void rpc_server_destroy(rpc_server *server);

typedef struct rpc_server_counts {
        uint64_t begun, finished, shed, cancelled, by_status[17];
        uint32_t open;
} rpc_server_counts;
rpc_server_counts rpc_server_count(const rpc_server *server);

#endif
