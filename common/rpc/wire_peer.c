/* A peer on the wire: one channel, all six operations of a call in one batch, breaker and limit.
 * A call that its task has given up lives on until core gives it back; it must not touch the task.
 */
#include "common/rpc/breaker.h"
#include "common/rpc/client.h"
#include "common/rpc/tls.h"
#include "common/runtime/loop_io.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
        CALLS_MAX_DEFAULT = 1000,
        BREAKER_FAILURES_DEFAULT = 20,
        BREAKER_OPEN_MS_DEFAULT = 1000,
        WINDOW_BYTES = 64 << 10,
        MESSAGE_BYTES_MAX = 4 << 20,
        BACKOFF_FIRST_MS = 100,
        BACKOFF_MAX_MS = 2000,
        CONNECT_MS = 5000, /* what core calls the least backoff is also the time to connect */
        KEEPALIVE_MS = 30000,
        KEEPALIVE_TIMEOUT_MS = 10000,
        METADATA_MAX = 16,
};

typedef struct wire_peer wire_peer;

typedef struct peer_call {
        loop_tag tag;
        wire_peer *peer;
        task *task; /* NULL: given up */
        grpc_call *grpc;
        grpc_byte_buffer request; /* embedded: core takes its slices */
        grpc_byte_buffer *reply;
        grpc_metadata_array initial, trailing;
        grpc_status_code status;
        grpc_slice details;
        struct peer_call *next;
} peer_call;

struct wire_peer {
        rpc_peer base; /* first */
        loop *loop;
        grpc_channel *channel;
        uint32_t calls, calls_max;
        breaker breaker;
        peer_call *spare;
        bool destroyed; /* freed when the last call comes back */
};

static void peer_free(wire_peer *p)
{
        assert(p->calls == 0);
        while (p->spare) {
                peer_call *c = p->spare;
                p->spare = c->next;
                grpc_metadata_array_destroy(&c->initial);
                grpc_metadata_array_destroy(&c->trailing);
                grpc_slice_buffer_destroy(&c->request.data.raw.slice_buffer);
                free(c);
        }
        grpc_channel_destroy(p->channel);
        free(p);
}

static void peer_destroy(rpc_peer *peer)
{
        wire_peer *p = (wire_peer *)peer;
        p->destroyed = true;
        if (p->calls == 0) peer_free(p);
}

/* Gives back what core gave; metadata slices belong to the call and go with it. */
static void call_put(peer_call *c)
{
        wire_peer *p = c->peer;
        if (c->reply) grpc_byte_buffer_destroy(c->reply);
        c->reply = NULL;
        grpc_slice_buffer_reset_and_unref(&c->request.data.raw.slice_buffer);
        grpc_slice_unref(c->details);
        c->initial.count = c->trailing.count = 0;
        grpc_call_unref(c->grpc);
        c->next = p->spare;
        p->spare = c;
        p->calls--;
        if (p->destroyed && p->calls == 0) peer_free(p);
}

static void call_completed(loop_tag *tag, bool ok)
{
        (void)ok;
        peer_call *c = (peer_call *)((char *)tag - offsetof(peer_call, tag));
        if (c->task)
                task_resume(c->task); /* which takes the answer and puts the call back */
        else
                call_put(c);
}

static peer_call *call_take(wire_peer *p)
{
        peer_call *c = p->spare;
        p->calls++;
        if (c) {
                p->spare = c->next;
                return c;
        }
        c = calloc(1, sizeof *c);
        if (!c) abort();
        c->peer = p;
        c->tag.complete = call_completed;
        c->request.type = GRPC_BB_RAW;
        c->request.data.raw.compression = GRPC_COMPRESS_NONE;
        grpc_slice_buffer_init(&c->request.data.raw.slice_buffer);
        grpc_metadata_array_init(&c->initial);
        grpc_metadata_array_init(&c->trailing);
        return c;
}

/* On the task's stack: a call that was given up may be somebody else's when the task goes on. */
typedef struct call_wait {
        peer_call *call;
        bool given_up;
} call_wait;

static void call_give_up(task *t)
{
        call_wait *wait = t->waits_for;
        wait->given_up = true;
        wait->call->task = NULL;
        grpc_call_cancel(wait->call->grpc, NULL);
}

static gpr_timespec deadline_of(const task *t)
{
        if (t->deadline_ms == TASK_NO_DEADLINE) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
        return (gpr_timespec){t->deadline_ms / 1000, (int32_t)(t->deadline_ms % 1000) * 1000000,
                              GPR_CLOCK_MONOTONIC};
}

static void call_start(peer_call *c, const char *full_method, bytes request,
                       const rpc_metadata *metadata, size_t metadata_count)
{
        grpc_slice path = grpc_slice_malloc(strlen(full_method) + 1);
        GRPC_SLICE_START_PTR(path)[0] = '/';
        memcpy(GRPC_SLICE_START_PTR(path) + 1, full_method, strlen(full_method));
        c->grpc = grpc_channel_create_call(c->peer->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                           loop_queue(c->peer->loop), path, NULL,
                                           deadline_of(c->task), NULL);
        grpc_slice_unref(path);
        grpc_slice_buffer_add(
                &c->request.data.raw.slice_buffer,
                grpc_slice_from_copied_buffer((const char *)request.data, request.length));

        assert(metadata_count <= METADATA_MAX);
        grpc_metadata headers[METADATA_MAX];
        for (size_t i = 0; i < metadata_count; i++) {
                headers[i].key = grpc_slice_from_copied_string(metadata[i].key);
                headers[i].value = grpc_slice_from_copied_string(metadata[i].value);
        }
        grpc_op ops[6];
        memset(ops, 0, sizeof ops);
        ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
        ops[0].data.send_initial_metadata.count = metadata_count;
        ops[0].data.send_initial_metadata.metadata = headers;
        ops[1].op = GRPC_OP_SEND_MESSAGE;
        ops[1].data.send_message.send_message = &c->request;
        ops[2].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
        ops[3].op = GRPC_OP_RECV_INITIAL_METADATA;
        ops[3].data.recv_initial_metadata.recv_initial_metadata = &c->initial;
        ops[4].op = GRPC_OP_RECV_MESSAGE;
        ops[4].data.recv_message.recv_message = &c->reply;
        ops[5].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
        ops[5].data.recv_status_on_client.trailing_metadata = &c->trailing;
        ops[5].data.recv_status_on_client.status = &c->status;
        ops[5].data.recv_status_on_client.status_details = &c->details;
        grpc_call_error error =
                grpc_call_start_batch(c->grpc, ops, ARRAY_LENGTH(ops), &c->tag, NULL);
        assert(error == GRPC_CALL_OK);
        for (size_t i = 0; i < metadata_count; i++) {
                grpc_slice_unref(headers[i].key);
                grpc_slice_unref(headers[i].value);
        }
}

static bytes slice_copy(arena *a, grpc_slice slice)
{
        size_t length = GRPC_SLICE_LENGTH(slice);
        return bytes_of(arena_copy(a, GRPC_SLICE_START_PTR(slice), length), length);
}

static bytes reply_copy(arena *a, const grpc_byte_buffer *buffer)
{
        const grpc_slice_buffer *slices = &buffer->data.raw.slice_buffer;
        uint8_t *copy = arena_alloc(a, slices->length), *to = copy;
        for (size_t i = 0; i < slices->count; i++) {
                size_t length = GRPC_SLICE_LENGTH(slices->slices[i]);
                memcpy(to, GRPC_SLICE_START_PTR(slices->slices[i]), length);
                to += length;
        }
        return bytes_of(copy, slices->length);
}

static void answer_fill(rpc_answer *answer, arena *a, const peer_call *c)
{
        answer->status = (int)c->status;
        answer->message = (const char *)slice_copy(a, c->details).data;
        for (size_t i = 0; i < c->trailing.count; i++) {
                const grpc_metadata *entry = &c->trailing.metadata[i];
                if (grpc_slice_str_cmp(entry->key, "grpc-status-details-bin") == 0)
                        answer->details = slice_copy(a, entry->value);
        }
        if (answer->status == 0 && c->reply) answer->reply = reply_copy(a, c->reply);
        if (answer->status == 0 && !c->reply) {
                answer->status = FAILURE_INTERNAL;
                answer->message = "The peer gave no message.";
        }
}

static bool answer_unsent(rpc_answer *answer, failure_kind status, const char *message)
{
        answer->status = (int)status;
        answer->message = message;
        return true;
}

static bool peer_call_run(rpc_peer *peer, task *t, const char *full_method, bytes request,
                          const rpc_metadata *metadata, size_t metadata_count, rpc_answer *answer)
{
        wire_peer *p = (wire_peer *)peer;
        assert(!p->destroyed);
        if (p->calls >= p->calls_max)
                return answer_unsent(answer, FAILURE_RESOURCE_EXHAUSTED,
                                     "Too many calls to this peer.");
        if (!breaker_allows(&p->breaker, loop_now_ms(p->loop)))
                return answer_unsent(answer, FAILURE_UNAVAILABLE, "The peer does not answer.");
        peer_call *c = call_take(p);
        c->task = t;
        call_start(c, full_method, request, metadata, metadata_count);
        call_wait wait = {.call = c};
        bool undisturbed = task_park(t, &wait, call_give_up);
        if (wait.given_up) {
                if (t->interrupted == FAILURE_DEADLINE_EXCEEDED)
                        breaker_note(&p->breaker, false, loop_now_ms(p->loop));
                else
                        breaker_forget(&p->breaker);
                return false;
        }
        answer_fill(answer, &t->arena, c);
        call_put(c);
        bool good = answer->status != FAILURE_UNAVAILABLE &&
                    answer->status != FAILURE_DEADLINE_EXCEEDED;
        breaker_note(&p->breaker, good, loop_now_ms(p->loop));
        return undisturbed;
}

static grpc_channel *channel_create(const char *target, grpc_channel_credentials *credentials)
{
        const struct {
                const char *key;
                int value;
        } numbers[] = {
                {GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1 << GRPC_COMPRESS_NONE},
                {GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0},
                {GRPC_ARG_HTTP2_BDP_PROBE, 0},
                {GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, WINDOW_BYTES},
                {GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1},
                {GRPC_ARG_ENABLE_RETRIES, 0},
                {GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0}, /* the task's own timer cancels */
                {GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1},
                {GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, MESSAGE_BYTES_MAX},
                {GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, BACKOFF_FIRST_MS},
                {GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, CONNECT_MS},
                {GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, BACKOFF_MAX_MS},
                {GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_MS},
                {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS},
        };
        grpc_arg items[ARRAY_LENGTH(numbers) + 1];
        size_t count = 0;
        for (; count < ARRAY_LENGTH(numbers); count++)
                items[count] = (grpc_arg){.type = GRPC_ARG_INTEGER,
                                          .key = (char *)numbers[count].key,
                                          .value.integer = numbers[count].value};
        items[count++] = (grpc_arg){.type = GRPC_ARG_STRING,
                                    .key = (char *)GRPC_ARG_LB_POLICY_NAME,
                                    .value.string = (char *)"round_robin"};
        const grpc_channel_args args = {.num_args = count, .args = items};
        return grpc_channel_create(target, credentials, &args);
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
        return value ? value : otherwise;
}

rpc_peer *rpc_peer_create(loop *l, const rpc_peer_options *options, failure *f)
{
        static const rpc_peer_functions functions = {.call = peer_call_run,
                                                     .destroy = peer_destroy};
        assert(!loop_is_virtual(l));
        grpc_channel_credentials *credentials = tls_channel_credentials(options, f);
        if (!credentials) return NULL;
        wire_peer *p = calloc(1, sizeof *p);
        if (!p) abort();
        p->base.functions = &functions;
        p->loop = l;
        p->calls_max = or_default(options->calls_max, CALLS_MAX_DEFAULT);
        p->breaker.failures_max = or_default(options->breaker_failures, BREAKER_FAILURES_DEFAULT);
        p->breaker.open_ms = or_default(options->breaker_open_ms, BREAKER_OPEN_MS_DEFAULT);
        p->channel = channel_create(options->target, credentials);
        grpc_channel_credentials_release(credentials);
        return &p->base;
}
