/* Calls to other services: a peer is one target with its channel(s), breaker and concurrency limit.
 * A seam: the simulator replaces the functions with packed bytes into another instance. */
#ifndef SSCARD_COMMON_RPC_CLIENT_H
#define SSCARD_COMMON_RPC_CLIENT_H

#include "common/base/bytes.h"
#include "common/runtime/task.h"

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

typedef struct rpc_peer rpc_peer;

typedef struct rpc_metadata {
        const char *key;
        const char *value; /* ASCII */
} rpc_metadata;

/* What came back, when something did. Everything in the calling task's arena. */
typedef struct rpc_answer {
        int status;          /* gRPC code */
        const char *message; /* grpc-message */
        bytes details;       /* grpc-status-details-bin, packed google.rpc.Status; may be empty */
        bytes reply;         /* packed; only when status is 0 */
} rpc_answer;

typedef struct rpc_peer_functions {
        /* Suspends. False: interrupted (the task knows why). True: `answer` is filled, errors and
         * an unreachable peer (status 14) included. */
        bool (*call)(rpc_peer *peer, task *t, const char *full_method, bytes request,
                     const rpc_metadata *metadata, size_t metadata_count, rpc_answer *answer);
        void (*destroy)(rpc_peer *peer);
} rpc_peer_functions;
struct rpc_peer {
        const rpc_peer_functions *functions;
};

typedef struct rpc_peer_options {
        const char *target; /* "127.0.0.1:7301", "dns:///orders-headless:7301" */
        const char *certificate_file, *key_file, *ca_file; /* NULL: cleartext */
        uint32_t calls_max;        /* in flight; more is RESOURCE_EXHAUSTED; 0: 1 000 */
        uint32_t breaker_failures; /* in a row until the circuit opens; 0: 20 */
        uint32_t breaker_open_ms;  /* until a probe is let through; 0: 1 000 */
} rpc_peer_options;
rpc_peer *rpc_peer_create(loop *l, const rpc_peer_options *options, failure *f) MUST_CHECK;
/* A server on the same loop, without a wire: packed bytes into its dispatch. For the simulator and
 * for tests. Of a stream it takes the first message and leaves. The server outlives the peer. */
typedef struct rpc_server rpc_server;
rpc_peer *rpc_peer_create_local(rpc_server *server) MUST_CHECK;
/* NULL is allowed. */
void rpc_peer_destroy(rpc_peer *peer);

/* One unary call with the task's remaining deadline. Suspends; false: interrupted. */
bool rpc_peer_call(rpc_peer *peer, task *t, const char *full_method, bytes request,
                   const rpc_metadata *metadata, size_t metadata_count,
                   rpc_answer *answer) MUST_CHECK;
/* The same with messages: packs, calls, unpacks into the task's arena. False: interrupted, or an
 * error answer, or rubbish: the task's failure says which (status kept as failure kind). */
bool rpc_peer_call_message(rpc_peer *peer, task *t, const char *full_method,
                           const ProtobufCMessage *request,
                           const ProtobufCMessageDescriptor *reply_type,
                           const rpc_metadata *metadata, size_t metadata_count,
                           ProtobufCMessage **reply) MUST_CHECK;

#endif
