/* The inside of a call, shared by the files of this room. Nobody else includes this.
 *
 * A call runs through dispatch_run() on its task; where it came from and where its answer goes is
 * its carrier's affair: the wire (server_call.c) or a peer on the same loop (local_peer.c). */
#ifndef SSCARD_COMMON_RPC_CALL_INTERNAL_H
#define SSCARD_COMMON_RPC_CALL_INTERNAL_H

#include "common/rpc/call.h"
#include "common/rpc/server.h"

typedef struct dispatch_method dispatch_method;

enum { RPC_TRAILERS_MAX = 8 };

typedef struct rpc_carrier {
        /* Room for the packed reply, kept until the call is over. */
        uint8_t *(*reply_reserve)(rpc_call *call, size_t length);
        bytes (*metadata)(const rpc_call *call, const char *key);
        const char *(*peer)(rpc_call *call);
        const char *(*peer_identity)(rpc_call *call);
        /* Sends what reply_reserve() got and waits until it was taken. NULL: cannot stream. */
        bool (*stream_send)(rpc_call *call);
} rpc_carrier;

struct rpc_call {
        task task; /* first: a task of a call is the call */
        rpc_server *server;
        const rpc_carrier *carrier;
        const dispatch_method *method; /* NULL: unknown */
        bytes request_bytes;
        const ProtobufCMessage *request;
        void *state;
        const rpc_hotline *hotline; /* NULL: unknown */
        int64_t begun_us;           /* the turn in which it came */

        bool answered, has_reply;
        int status;
        const char *reason;  /* "" when OK */
        const char *message; /* grpc-message; "" when OK */
        bytes details;       /* grpc-status-details-bin */
        size_t trailer_count;
        struct {
                const char *key, *value;
        } trailers[RPC_TRAILERS_MAX];
};

/* Makes a pooled call ready for its next request. */
void call_reset(rpc_call *call, const dispatch_method *method);
/* Answers with a ready error; all in the arena or static. */
void call_answer_error(rpc_call *call, int status, const char *reason, const char *message,
                       bytes details);

#endif
