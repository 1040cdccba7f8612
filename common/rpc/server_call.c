/* A call on the wire, from the request event to the last completion.
 *
 *   slot ── requested ──► begun ── task runs (waits long: RECV_CLOSE is posted) ──► answered
 *                           │                                                     │ end of the turn
 *                           └ shed, unknown, no stack: answered at once ──────────┤
 *   spare ◄── over (no batch left) ◄── sent, closed ◄── status batch ◄────────────┘
 *
 * Must never unref what is in `metadata` (it belongs to the call) and never leave a slot unposted.
 */
#include "common/rpc/server_internal.h"

#include "common/rpc/error.h"

#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>

#include <assert.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
        SPARE_KEPT = 64,
        SWEEP_MS = 1000,
        WATCH_AFTER_MS = 10,
        TRIM_MS = 5000,
        OUTSIZED_BYTES = 256 << 10,
        PEER_TEXT_MAX = 256
};

struct wire_call {
        rpc_call call; /* first: the carrier's functions get it back from an rpc_call */
        grpc_call *grpc;
        grpc_call_details details; /* of a generic slot */
        grpc_metadata_array metadata;
        gpr_timespec deadline;
        grpc_byte_buffer *request;
        grpc_byte_buffer reply;     /* embedded: core takes its slices */
        grpc_byte_buffer *received; /* of a stream from the client */
        loop_tag requested_tag, closed_tag, sent_tag, stream_tag;
        int cancelled; /* written by core */
        int batches;   /* that core still has; 0 and sent: over */
        bool begun, waited, close_posted, sent, metadata_sent, streaming, stream_ok;
        int64_t watch_at_ms; /* waits: when to ask core about cancellation, unless answered before
                              */
        wire_call *next, *open_previous, *open_next, *unwatched_previous, *unwatched_next;
};

static wire_call *of_call(const rpc_call *call)
{
        return (wire_call *)call;
}

#define OF_TAG(tag, member) ((wire_call *)((char *)(tag)-offsetof(wire_call, member)))

static void batch_start(wire_call *w, const grpc_op *ops, size_t count, loop_tag *tag)
{
        w->batches++;
        grpc_call_error error = grpc_call_start_batch(w->grpc, ops, count, tag, NULL);
        assert(error == GRPC_CALL_OK);
}

/* ---- the carrier ---- */

static uint8_t *wire_reply_reserve(rpc_call *call, size_t length)
{
        wire_call *w = of_call(call);
        grpc_slice slice = grpc_slice_malloc(length);
        grpc_slice_buffer *slices = &w->reply.data.raw.slice_buffer;
        if (slices->count) grpc_slice_buffer_reset_and_unref(slices);
        /* Indexed: core packs small slices together, and this one is the only one. */
        size_t index = grpc_slice_buffer_add_indexed(slices, slice);
        return GRPC_SLICE_START_PTR(slices->slices[index]);
}

static bytes wire_metadata(const rpc_call *call, const char *key)
{
        const grpc_metadata_array *metadata = &of_call(call)->metadata;
        size_t length = strlen(key);
        for (size_t i = 0; i < metadata->count; i++) {
                const grpc_metadata *entry = &metadata->metadata[i];
                if (GRPC_SLICE_LENGTH(entry->key) != length ||
                    memcmp(GRPC_SLICE_START_PTR(entry->key), key, length) != 0)
                        continue;
                return bytes_of(GRPC_SLICE_START_PTR(entry->value),
                                GRPC_SLICE_LENGTH(entry->value));
        }
        return bytes_of(NULL, 0);
}

static const char *wire_peer(rpc_call *call)
{
        char *peer = grpc_call_get_peer(of_call(call)->grpc);
        const char *copy = arena_copy(rpc_call_arena(call), peer, strnlen(peer, PEER_TEXT_MAX));
        gpr_free(peer);
        return copy;
}

static const char *property_first(arena *a, grpc_auth_context *context, const char *name)
{
        grpc_auth_property_iterator iterator =
                grpc_auth_context_find_properties_by_name(context, name);
        const grpc_auth_property *property = grpc_auth_property_iterator_next(&iterator);
        return property ? arena_copy(a, property->value, property->value_length) : NULL;
}

static const char *wire_peer_identity(rpc_call *call)
{
        grpc_auth_context *context = grpc_call_auth_context(of_call(call)->grpc);
        if (!context) return NULL;
        arena *a = rpc_call_arena(call);
        const char *identity = property_first(a, context, GRPC_PEER_SPIFFE_ID_PROPERTY_NAME);
        if (!identity) identity = property_first(a, context, GRPC_PEER_URI_PROPERTY_NAME);
        if (!identity) identity = property_first(a, context, GRPC_X509_CN_PROPERTY_NAME);
        grpc_auth_context_release(context);
        return identity;
}

static void stream_progress(loop_tag *tag, bool ok)
{
        wire_call *w = OF_TAG(tag, stream_tag);
        w->batches--;
        w->streaming = false;
        w->stream_ok = ok;
        task_resume(&w->call.task); /* it waits for nothing else: see stream_wait() */
}

/* Waits for the stream operation that is under way; it ends in any case, soon when interrupted. */
static bool stream_wait(wire_call *w)
{
        task *t = &w->call.task;
        bool undisturbed = task_park(t, w, task_interrupt_nothing);
        if (w->streaming) {
                grpc_call_cancel_with_status(w->grpc, (grpc_status_code)t->interrupted,
                                             t->failure.message, NULL);
                undisturbed = task_park(t, w, NULL);
        }
        assert(!w->streaming);
        return undisturbed && w->stream_ok;
}

static bool wire_stream_send(rpc_call *call)
{
        wire_call *w = of_call(call);
        grpc_op ops[2], *op = ops;
        memset(ops, 0, sizeof ops);
        if (!w->metadata_sent) (op++)->op = GRPC_OP_SEND_INITIAL_METADATA;
        w->metadata_sent = true;
        op->op = GRPC_OP_SEND_MESSAGE;
        (op++)->data.send_message.send_message = &w->reply;
        w->streaming = true;
        batch_start(w, ops, (size_t)(op - ops), &w->stream_tag);
        bool sent = stream_wait(w);
        grpc_slice_buffer_reset_and_unref(&w->reply.data.raw.slice_buffer);
        if (!sent)
                return task_fail(&call->task, FAILURE_CANCELLED, "CANCELLED",
                                 "The client does not listen any more.");
        return true;
}

static const rpc_carrier wire_carrier = {
        .reply_reserve = wire_reply_reserve,
        .metadata = wire_metadata,
        .peer = wire_peer,
        .peer_identity = wire_peer_identity,
        .stream_send = wire_stream_send,
};

/* The bytes of a message: in place when one slice holds them all (up to about 8 KiB). */
static bytes buffer_bytes(arena *a, const grpc_byte_buffer *buffer)
{
        const grpc_slice_buffer *slices = &buffer->data.raw.slice_buffer;
        if (slices->count == 1)
                return bytes_of(GRPC_SLICE_START_PTR(slices->slices[0]),
                                GRPC_SLICE_LENGTH(slices->slices[0]));
        uint8_t *copy = arena_alloc(a, slices->length), *to = copy;
        for (size_t i = 0; i < slices->count; i++) {
                size_t length = GRPC_SLICE_LENGTH(slices->slices[i]);
                memcpy(to, GRPC_SLICE_START_PTR(slices->slices[i]), length);
                to += length;
        }
        return bytes_of(copy, slices->length);
}

static bool is_compressed(const grpc_byte_buffer *message)
{
        return message && message->data.raw.compression != GRPC_COMPRESS_NONE;
}

bool wire_stream_receive(rpc_call *call, bytes *message)
{
        TASK_MAY_SUSPEND(&call->task);
        if (call->carrier != &wire_carrier)
                return task_fail(&call->task, FAILURE_UNIMPLEMENTED, "NO_STREAMS",
                                 "This connection carries no streams.");
        wire_call *w = of_call(call);
        if (w->received) grpc_byte_buffer_destroy(w->received);
        w->received = NULL;
        grpc_op op = {.op = GRPC_OP_RECV_MESSAGE};
        op.data.recv_message.recv_message = &w->received;
        w->streaming = true;
        batch_start(w, &op, 1, &w->stream_tag);
        if (!stream_wait(w) || !w->received) return false;
        if (is_compressed(w->received))
                return task_fail(&call->task, FAILURE_UNIMPLEMENTED, "COMPRESSION_UNSUPPORTED",
                                 "Messages must not be compressed.");
        *message = buffer_bytes(rpc_call_arena(call), w->received);
        return true;
}

/* ---- the end: answer, over ---- */

static void call_over(wire_call *w)
{
        rpc_server *server = w->call.server;
        if (w->open_previous)
                w->open_previous->open_next = w->open_next;
        else
                server->open = w->open_next;
        if (w->open_next) w->open_next->open_previous = w->open_previous;
        if (w->request) grpc_byte_buffer_destroy(w->request);
        if (w->received) grpc_byte_buffer_destroy(w->received);
        w->request = w->received = NULL;
        grpc_slice_buffer *unsent = &w->reply.data.raw.slice_buffer;
        if (unsent->count) grpc_slice_buffer_reset_and_unref(unsent);
        if (!w->call.method) {
                grpc_slice_unref(w->details.method);
                grpc_slice_unref(w->details.host);
        }
        grpc_call_unref(w->grpc);
        w->grpc = NULL;
        /* It may lie idle for long: what a large call took goes now. */
        if (w->call.task.arena.bytes_used > OUTSIZED_BYTES) server->had_outsized = true;
        arena_reset(&w->call.task.arena);
        w->next = server->spare;
        server->spare = w;
        server->spare_count++;
        server->counts.open--;
        server->counts.finished++;
        if (server->stopping) server_check_drained(server);
}

static void batch_ended(wire_call *w)
{
        w->batches--;
        /* A cancelled handler still cleans up, or its answer is under way. */
        if (w->batches == 0 && w->sent) call_over(w);
}

static void call_sent(loop_tag *tag, bool ok)
{
        (void)ok;
        batch_ended(OF_TAG(tag, sent_tag));
}

static void call_closed(loop_tag *tag, bool ok)
{
        (void)ok;
        wire_call *w = OF_TAG(tag, closed_tag);
        if (w->cancelled && !w->sent) task_interrupt(&w->call.task, FAILURE_CANCELLED);
        batch_ended(w);
}

static grpc_slice slice_of_text(const char *text)
{
        return *text ? grpc_slice_from_copied_string(text) : grpc_empty_slice();
}

/* ---- who has to hear of a cancellation ----
 * Asking core costs a batch of its own, a tenth of a look-up. So a call that waits is asked about
 * when it has waited for a while; until then the question goes with its answer. */

static void unwatched_add(wire_call *w)
{
        rpc_server *server = w->call.server;
        w->unwatched_next = NULL;
        w->unwatched_previous = server->unwatched_last;
        if (server->unwatched_last)
                server->unwatched_last->unwatched_next = w;
        else
                server->unwatched = w;
        server->unwatched_last = w;
}

static void unwatched_remove(wire_call *w)
{
        rpc_server *server = w->call.server;
        if (w->unwatched_previous)
                w->unwatched_previous->unwatched_next = w->unwatched_next;
        else
                server->unwatched = w->unwatched_next;
        if (w->unwatched_next)
                w->unwatched_next->unwatched_previous = w->unwatched_previous;
        else
                server->unwatched_last = w->unwatched_previous;
}

static void close_watch(wire_call *w)
{
        grpc_op op = {.op = GRPC_OP_RECV_CLOSE_ON_SERVER};
        op.data.recv_close_on_server.cancelled = &w->cancelled;
        w->close_posted = true;
        batch_start(w, &op, 1, &w->closed_tag);
}

static void watch_fired(loop_timer *timer)
{
        rpc_server *server = timer->data;
        int64_t now_ms = loop_now_ms(server->loop);
        for (wire_call *w; (w = server->unwatched) && w->watch_at_ms <= now_ms;) {
                unwatched_remove(w);
                close_watch(w);
        }
        if (server->unwatched) loop_timer_start(timer, server->unwatched->watch_at_ms);
}

/* Before its first wait. */
static void call_waits(task *t)
{
        wire_call *w = (wire_call *)t;
        rpc_server *server = w->call.server;
        const dispatch_method *method = w->call.method;
        w->waited = true;
        if (method->row.streams || method->client_streams) { /* it may wait for ever */
                close_watch(w);
                return;
        }
        w->watch_at_ms = loop_now_ms(server->loop) + WATCH_AFTER_MS;
        unwatched_add(w);
        if (!server->watch.sequence) loop_timer_start(&server->watch, w->watch_at_ms);
}

/* ---- the answer ---- */

static size_t trailers_fill(const rpc_call *call, grpc_metadata *trailers)
{
        size_t count = 0;
        for (; count < call->trailer_count; count++) {
                trailers[count].key = grpc_slice_from_copied_string(call->trailers[count].key);
                trailers[count].value = grpc_slice_from_copied_string(call->trailers[count].value);
        }
        if (call->details.length) {
                trailers[count].key = grpc_slice_from_static_string("grpc-status-details-bin");
                trailers[count++].value = grpc_slice_from_copied_buffer(
                        (const char *)call->details.data, call->details.length);
        }
        return count;
}

static void call_send(wire_call *w)
{
        rpc_call *call = &w->call;
        rpc_server *server = call->server;
        grpc_metadata trailers[RPC_TRAILERS_MAX + 1];
        grpc_op ops[4], *op = ops;
        memset(ops, 0, sizeof ops);
        grpc_slice message = slice_of_text(call->message);
        if (!w->metadata_sent) (op++)->op = GRPC_OP_SEND_INITIAL_METADATA;
        if (call->has_reply) {
                op->op = GRPC_OP_SEND_MESSAGE;
                (op++)->data.send_message.send_message = &w->reply;
        }
        op->op = GRPC_OP_SEND_STATUS_FROM_SERVER;
        op->data.send_status_from_server.status = (grpc_status_code)call->status;
        if (call->status) op->data.send_status_from_server.status_details = &message;
        size_t trailer_count = 0;
        if (call->trailer_count || call->details.length)
                trailer_count = trailers_fill(call, trailers);
        op->data.send_status_from_server.trailing_metadata_count = trailer_count;
        (op++)->data.send_status_from_server.trailing_metadata = trailers;
        if (!w->close_posted) { /* it did not wait for long: cancellation could win nothing */
                if (w->waited) unwatched_remove(w);
                op->op = GRPC_OP_RECV_CLOSE_ON_SERVER;
                (op++)->data.recv_close_on_server.cancelled = &w->cancelled;
        }
        w->close_posted = w->sent = w->metadata_sent = true;
        batch_start(w, ops, (size_t)(op - ops), &w->sent_tag);
        for (size_t i = 0; i < trailer_count; i++) {
                grpc_slice_unref(trailers[i].key);
                grpc_slice_unref(trailers[i].value);
        }
        grpc_slice_unref(message);

        server->counts.by_status[call->status]++;
        if (call->status == FAILURE_CANCELLED) server->counts.cancelled++;
        bool own = call->method && !call->method->standard;
        if (server->options.finished && own) server->options.finished(call);
        if (!server->sweep.sequence)
                loop_timer_start(&server->sweep, loop_now_ms(server->loop) + SWEEP_MS);
}

static void replies_send(loop_flush *flush)
{
        rpc_server *server = (rpc_server *)((char *)flush - offsetof(rpc_server, replies_flush));
        wire_call *w = server->replies;
        bool held =
                send_hold_begin(&server->send_hold, server->reply_count, loop_now_ms(server->loop));
        server->replies = NULL;
        server->replies_end = &server->replies;
        server->reply_count = 0;
        for (wire_call *next; w; w = next) {
                next = w->next;
                call_send(w);
        }
        if (held) send_hold_end(&server->send_hold);
}

static void call_answered(wire_call *w)
{
        rpc_server *server = w->call.server;
        assert(w->call.answered);
        w->next = NULL;
        *server->replies_end = w;
        server->replies_end = &w->next;
        server->reply_count++;
        loop_mark_flush(server->loop, &server->replies_flush);
}

/* ---- the beginning ---- */

static void call_run(task *t)
{
        wire_call *w = (wire_call *)t;
        if (w->request) w->call.request_bytes = buffer_bytes(&t->arena, w->request);
        dispatch_run(&w->call);
}

static void call_done(task *t)
{
        wire_call *w = (wire_call *)t;
        /* Those that waited go out together at the end of the turn; those that did not go at once,
         * while their memory is warm. */
        if (w->waited)
                call_answered(w);
        else
                call_send(w);
}

/* Answered without a coroutine, from details that were packed at start. */
static void call_turn_away(wire_call *w, int status, const char *reason, const char *message,
                           const bytes details[2])
{
        rpc_call *call = &w->call;
        bool english = rpc_call_language(call)[0] == 'e';
        bytes none = bytes_of(NULL, 0);
        call_answer_error(call, status, reason, message, details ? details[english] : none);
        call_answered(w);
}

static int64_t deadline_ms_of(const wire_call *w)
{
        const rpc_server *server = w->call.server;
        gpr_timespec deadline = w->deadline;
        if (deadline.tv_sec < INT64_MAX / 2000)
                return deadline.tv_sec * 1000 + deadline.tv_nsec / 1000000;
        if (w->call.method->row.streams) return TASK_NO_DEADLINE;
        return loop_now_ms(server->loop) + server->options.default_deadline_ms;
}

static void call_begin(wire_call *w)
{
        rpc_server *server = w->call.server;
        const dispatch_method *method = w->call.method;
        w->begun = true;
        w->waited = w->close_posted = w->sent = w->metadata_sent = w->streaming = false;
        w->cancelled = w->batches = 0;
        w->call.task.deadline_ms = TASK_NO_DEADLINE;
        w->call.begun_us = loop_turn_us(server->loop);
        w->open_previous = NULL;
        w->open_next = server->open;
        if (w->open_next) w->open_next->open_previous = w;
        server->open = w;
        server->counts.begun++;
        server->counts.open++;

        if (!method) {
                call_turn_away(w, GRPC_STATUS_UNIMPLEMENTED, "METHOD_UNKNOWN",
                               "There is no such method.", server->unknown_details);
        } else if (server->counts.open > server->options.calls_max) {
                server->counts.shed++;
                call_turn_away(w, GRPC_STATUS_RESOURCE_EXHAUSTED, "OVERLOADED",
                               "The server has too many calls; try again soon.",
                               server->shed_details);
        } else if (is_compressed(w->request)) {
                call_turn_away(w, GRPC_STATUS_UNIMPLEMENTED, "COMPRESSION_UNSUPPORTED",
                               "Requests must not be compressed.", NULL);
        } else if (!w->request && !method->client_streams) {
                call_turn_away(w, GRPC_STATUS_INTERNAL, "NO_REQUEST", "The call has no request.",
                               NULL);
        } else if (!task_start(&w->call.task, deadline_ms_of(w), call_run, call_done)) {
                server->counts.shed++;
                call_turn_away(w, GRPC_STATUS_RESOURCE_EXHAUSTED, "OVERLOADED",
                               "No memory for another call; try again soon.", server->shed_details);
        }
}

static void call_requested(loop_tag *tag, bool ok)
{
        wire_call *w = OF_TAG(tag, requested_tag);
        rpc_server *server = w->call.server;
        server->slots_posted--;
        if (!ok) { /* the server goes down */
                w->next = server->spare;
                server->spare = w;
                server->spare_count++;
                server_check_drained(server);
                return;
        }
        wire_slot_post(server, w->call.method); /* first: a slow handler must not take a slot */
        call_begin(w);
}

static wire_call *wire_call_create(rpc_server *server)
{
        wire_call *w = calloc(1, sizeof *w);
        if (!w) abort();
        task_init(&w->call.task, server->loop, w);
        task_before_first_park(&w->call.task, call_waits);
        w->call.server = server;
        w->call.carrier = &wire_carrier;
        w->requested_tag.complete = call_requested;
        w->closed_tag.complete = call_closed;
        w->sent_tag.complete = call_sent;
        w->stream_tag.complete = stream_progress;
        w->reply.type = GRPC_BB_RAW;
        w->reply.data.raw.compression = GRPC_COMPRESS_NONE;
        grpc_slice_buffer_init(&w->reply.data.raw.slice_buffer);
        grpc_metadata_array_init(&w->metadata);
        grpc_call_details_init(&w->details);
        return w;
}

static void wire_call_destroy(wire_call *w)
{
        task_release(&w->call.task, NULL);
        grpc_slice_buffer_destroy(&w->reply.data.raw.slice_buffer);
        grpc_metadata_array_destroy(&w->metadata);
        free(w);
}

static wire_call *wire_call_take(rpc_server *server)
{
        wire_call *w = server->spare;
        if (!w) return wire_call_create(server);
        server->spare = w->next;
        if (--server->spare_count < server->spare_least) server->spare_least = server->spare_count;
        return w;
}

void wire_slot_post(rpc_server *server, const dispatch_method *method)
{
        if (server->stopping) return;
        wire_call *w = wire_call_take(server);
        grpc_completion_queue *queue = loop_queue(server->loop);
        call_reset(&w->call, method);
        w->metadata.count = 0;
        w->begun = false;
        grpc_call_error error;
        if (!method) {
                error = grpc_server_request_call(server->grpc, &w->grpc, &w->details, &w->metadata,
                                                 queue, queue, &w->requested_tag);
        } else {
                error = grpc_server_request_registered_call(
                        server->grpc, server->registered[method->row.index], &w->grpc, &w->deadline,
                        &w->metadata, method->client_streams ? NULL : &w->request, queue, queue,
                        &w->requested_tag);
        }
        assert(error == GRPC_CALL_OK);
        server->slots_posted++;
}

/* ---- housekeeping ---- */

/* What was spare for a whole period is given back; a burst leaves no memory behind. */
static void spare_trim(rpc_server *server)
{
        uint32_t surplus = server->spare_least > SPARE_KEPT ? server->spare_least - SPARE_KEPT : 0;
        bool much = surplus > SPARE_KEPT || server->had_outsized;
        for (; surplus; surplus--) {
                wire_call *w = server->spare;
                server->spare = w->next;
                server->spare_count--;
                wire_call_destroy(w);
        }
        server->spare_least = server->spare_count;
        server->had_outsized = false;
        if (much) malloc_trim(0); /* glibc alone keeps what lies between longer-lived pieces */
}

/* Once a second while there are calls: a client that does not read its answer must not keep a call
 * beyond its deadline. */
static void sweep_fired(loop_timer *timer)
{
        rpc_server *server = timer->data;
        int64_t now_ms = loop_now_ms(server->loop);
        for (wire_call *w = server->open; w; w = w->open_next)
                if (w->sent && w->call.task.deadline_ms <= now_ms && w->call.method)
                        grpc_call_cancel_with_status(w->grpc, GRPC_STATUS_DEADLINE_EXCEEDED,
                                                     "The client does not read.", NULL);
        if (server->trim_at_ms <= now_ms) {
                spare_trim(server);
                server->trim_at_ms = now_ms + TRIM_MS;
        }
        if (server->open || server->spare_count > SPARE_KEPT || server->had_outsized)
                loop_timer_start(timer, now_ms + SWEEP_MS);
}

void wire_streams_interrupt(rpc_server *server)
{
        for (wire_call *w = server->open, *next; w; w = next) {
                next = w->open_next;
                if (w->call.method && w->call.method->row.streams)
                        task_interrupt(&w->call.task, FAILURE_UNAVAILABLE);
        }
}

void wire_calls_init(rpc_server *server)
{
        server->replies_end = &server->replies;
        server->replies_flush = (loop_flush){.run = replies_send, .last = true};
        loop_timer_init(server->loop, &server->sweep, sweep_fired, server);
        loop_timer_init(server->loop, &server->watch, watch_fired, server);
}

void wire_calls_release(rpc_server *server)
{
        assert(!server->open);
        assert(server->slots_posted == 0);
        assert(!server->unwatched);
        loop_timer_close(&server->watch, NULL);
        loop_timer_close(&server->sweep, NULL);
        while (server->spare) {
                wire_call *w = server->spare;
                server->spare = w->next;
                wire_call_destroy(w);
        }
}
