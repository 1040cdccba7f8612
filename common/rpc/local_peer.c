/* A peer on the same loop: packed bytes into a server's dispatch, an answer out of it, no wire.
 * The callee has its own task and arena, so neither sees the other's memory, as over a wire. */
#include "common/rpc/client.h"
#include "common/rpc/dispatch.h"
#include "common/rpc/server_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct local_peer {
        rpc_peer base; /* first */
        rpc_server *server;
} local_peer;

typedef struct local_call {
        rpc_call call; /* first */
        task *caller;  /* NULL: given up */
        bytes request; /* the caller's; copied before the caller can go on */
        const rpc_metadata *metadata;
        size_t metadata_count;
        bytes reply;
        bool streamed; /* `reply` is the first message of a stream: the caller has gone */
} local_call;

static uint8_t *local_reply_reserve(rpc_call *call, size_t length)
{
        local_call *c = (local_call *)call;
        uint8_t *room = arena_alloc(&call->task.arena, length);
        c->reply = bytes_of(room, length);
        return room;
}

static bytes local_metadata(const rpc_call *call, const char *key)
{
        const local_call *c = (const local_call *)call;
        for (size_t i = 0; i < c->metadata_count; i++)
                if (!strcmp(c->metadata[i].key, key)) return bytes_of_text(c->metadata[i].value);
        return bytes_of(NULL, 0);
}

static const char *local_peer_name(rpc_call *call)
{
        (void)call;
        return "local";
}

static const char *local_peer_identity(rpc_call *call)
{
        (void)call;
        return NULL;
}

static bool local_stream_send(rpc_call *call)
{
        ((local_call *)call)->streamed = true;
        return task_fail(&call->task, FAILURE_CANCELLED, "CANCELLED",
                         "The client does not listen any more.");
}

static const rpc_carrier local_carrier = {
        .reply_reserve = local_reply_reserve,
        .metadata = local_metadata,
        .peer = local_peer_name,
        .peer_identity = local_peer_identity,
        .stream_send = local_stream_send,
};

static void callee_run(task *t)
{
        local_call *c = (local_call *)t;
        rpc_metadata *metadata = arena_alloc(&t->arena, (c->metadata_count + 1) * sizeof *metadata);
        for (size_t i = 0; i < c->metadata_count; i++)
                metadata[i] = (rpc_metadata){arena_strdup(&t->arena, c->metadata[i].key),
                                             arena_strdup(&t->arena, c->metadata[i].value)};
        c->metadata = metadata;
        c->call.request_bytes = bytes_of(arena_copy(&t->arena, c->request.data, c->request.length),
                                         c->request.length);
        dispatch_run(&c->call);
}

static void call_free(local_call *c)
{
        task_release(&c->call.task, NULL);
        free(c);
}

static void callee_done(task *t)
{
        local_call *c = (local_call *)t;
        rpc_server *server = c->call.server;
        server->counts.open--;
        server->counts.finished++;
        server->counts.by_status[c->call.status]++;
        if (server->options.finished && !c->call.method->standard)
                server->options.finished(&c->call);
        if (c->caller)
                task_resume(c->caller); /* which takes the answer and frees the call */
        else
                call_free(c);
        if (server->stopping) server_check_drained(server);
}

/* On the caller's stack: the call may be gone when the caller goes on. */
typedef struct local_wait {
        local_call *call;
        bool given_up;
} local_wait;

static void caller_gives_up(task *t)
{
        local_wait *wait = t->waits_for;
        wait->given_up = true;
        wait->call->caller = NULL;
        task_interrupt(&wait->call->call.task, FAILURE_CANCELLED);
}

static bytes copy_to(arena *a, bytes b)
{
        return bytes_of(arena_copy(a, b.data, b.length), b.length);
}

static bool local_run(rpc_peer *peer, task *t, const char *full_method, bytes request,
                      const rpc_metadata *metadata, size_t metadata_count, rpc_answer *answer)
{
        rpc_server *server = ((local_peer *)peer)->server;
        /* Nothing may start for a caller that will not wait for it. */
        if (task_is_interrupted(t)) return task_park(t, NULL, task_interrupt_nothing);
        const dispatch_method *method = dispatch_find(&server->dispatch, full_method);
        *answer = (rpc_answer){.status = FAILURE_UNIMPLEMENTED,
                               .message = "There is no such method."};
        if (!method || method->client_streams) return true;
        *answer = (rpc_answer){.status = FAILURE_UNAVAILABLE, .message = "The server stops."};
        if (server->stopping || server->shut_down) return true;

        local_call *c = calloc(1, sizeof *c);
        if (!c) abort();
        task_init(&c->call.task, server->loop, c);
        c->call.server = server;
        c->call.carrier = &local_carrier;
        call_reset(&c->call, method);
        c->call.begun_us = loop_turn_us(server->loop);
        c->caller = t;
        c->request = request;
        c->metadata = metadata;
        c->metadata_count = metadata_count;
        if (!task_start(&c->call.task, t->deadline_ms, callee_run, callee_done)) {
                call_free(c);
                *answer = (rpc_answer){.status = FAILURE_RESOURCE_EXHAUSTED,
                                       .message = "No memory for another call."};
                return true;
        }
        server->counts.begun++;
        server->counts.open++;
        /* It has not begun: tasks that a task starts run when that one leaves. */
        local_wait wait = {.call = c};
        bool undisturbed = task_park(t, &wait, caller_gives_up);
        if (wait.given_up) return false;
        *answer = (rpc_answer){
                .status = c->streamed ? 0 : c->call.status,
                .message = arena_strdup(&t->arena, c->call.message),
                .details = copy_to(&t->arena, c->call.details),
                .reply = copy_to(&t->arena, c->reply),
        };
        call_free(c);
        return undisturbed;
}

static void local_destroy(rpc_peer *peer)
{
        free(peer);
}

rpc_peer *rpc_peer_create_local(rpc_server *server)
{
        static const rpc_peer_functions functions = {.call = local_run, .destroy = local_destroy};
        local_peer *p = calloc(1, sizeof *p);
        if (!p) abort();
        p->base.functions = &functions;
        p->server = server;
        return &p->base;
}
