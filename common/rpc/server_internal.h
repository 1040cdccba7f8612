/* The inside of a server on the wire, shared by server.c, server_call.c, health.c and reflection.c.
 */
#ifndef SSCARD_COMMON_RPC_SERVER_INTERNAL_H
#define SSCARD_COMMON_RPC_SERVER_INTERNAL_H

#include "common/rpc/call_internal.h"
#include "common/rpc/dispatch.h"
#include "common/rpc/health.h"
#include "common/rpc/send_hold.h"
#include "common/rpc/tls.h"
#include "common/runtime/loop_io.h"

typedef struct wire_call wire_call;

struct rpc_server {
        loop *loop;
        dispatch dispatch;
        health health;
        rpc_server_options options; /* defaults filled in; strings are not kept */
        rpc_server_counts counts;
        bool started;
        bool draining, stopping; /* told that it drains; takes no calls any more */
        int64_t drain_ends_ms;   /* then calls are cancelled */
        void (*drained)(void *argument);
        void *drained_argument;

        /* On the wire only (real loop): */
        grpc_server *grpc;
        tls_source *certificates; /* NULL: cleartext */
        uint16_t port;
        void **registered; /* by method index */
        wire_call *open, *spare;
        uint32_t spare_count, spare_least, slots_posted;
        wire_call *replies, **replies_end; /* go out at the end of the turn */
        uint32_t reply_count;
        send_hold send_hold;
        loop_flush replies_flush;
        wire_call *unwatched,
                *unwatched_last; /* wait; core has not been asked about cancellation */
        loop_timer watch, sweep, drain_timer;
        bool had_outsized; /* a call took much memory since the last trim */
        int64_t trim_at_ms;
        loop_tag shutdown_tag;
        bool shut_down;
        bytes shed_details[2], unknown_details[2]; /* zh, en; in dispatch.arena */
};

/* server_call.c */
void wire_calls_init(rpc_server *server);
void wire_calls_release(rpc_server *server);
/* Posts a slot of `method`; NULL: the generic ones. */
void wire_slot_post(rpc_server *server, const dispatch_method *method);
/* Interrupts every streaming call: the server stops. */
void wire_streams_interrupt(rpc_server *server);
/* Waits for the client's next message; false: there is none any more, or interrupted. Suspends. */
bool wire_stream_receive(rpc_call *call, bytes *message) MUST_CHECK;
/* server.c: a call or slot came back. */
void server_check_drained(rpc_server *server);

#endif
