/* A server of the platform alone: sscard.test.v1.EchoService, for tests and benches.
 * Prints "ready PORT" when it serves, drains at SIGTERM and then prints its counts. */
#include "common/cache/connection.h"
#include "common/rpc/client.h"
#include "common/rpc/error.h"
#include "common/rpc/server.h"
#include "common/runtime/loop_io.h"

#include "proto/echo_descriptors_embedded.h"
#include "sscard/test/v1/echo_service.pb-c.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct echo_state {
        loop *loop;
        rpc_server *server;
        rpc_peer *self;          /* for child calls; NULL: not asked for */
        cache_connection *cache; /* NULL: not asked for */
        uint64_t promised, kept; /* echoes begun, and cleaned up after */
} echo_state;

/* What a call promises to put back: counted when taken and when put back by its clean-up. */
typedef struct promise {
        uint64_t *kept;
} promise;

static void promise_release(promise *p)
{
        ++*p->kept;
}

static echo_state *state_of(rpc_call *call)
{
        return rpc_call_context(call);
}

static bool fail_as_told(rpc_call *call, int code)
{
        if (code == 0) return false;
        const rpc_error error = {
                .status = code,
                .reason = "AS_YOU_WISH",
                .message = "The request asked for this failure.",
                .rule = "R0",
                .text = {.zh = "按要求失败。", .en = "Failed as asked."},
                .details = {{"code", "asked"}},
                .detail_count = 1,
                .retry_after_ms = code == FAILURE_UNAVAILABLE ? 1500 : 0,
        };
        rpc_reply_error(call, &error);
        return true;
}

static bool call_child(rpc_call *call, const Echo__EchoRequest *request)
{
        Echo__EchoRequest child = ECHO__ECHO_REQUEST__INIT;
        ProtobufCMessage *reply;
        child.sleep_ms = request->sleep_ms;
        return rpc_peer_call_message(state_of(call)->self, rpc_call_task(call),
                                     "sscard.test.v1.EchoService/Echo", &child.base,
                                     &echo__echo_response__descriptor, NULL, 0, &reply);
}

/* Lengths of the values in Redis; -1 where there is none or Redis is away. */
static bool read_values(rpc_call *call, const Echo__EchoRequest *request,
                        Echo__EchoResponse *response)
{
        size_t count = request->n_read_keys;
        if (!count) return true;
        task *t = rpc_call_task(call);
        bytes *keys = arena_alloc(rpc_call_arena(call), count * sizeof *keys);
        response->value_bytes =
                arena_alloc(rpc_call_arena(call), count * sizeof *response->value_bytes);
        response->n_value_bytes = count;
        for (size_t i = 0; i < count; i++)
                keys[i] = bytes_of_text(request->read_keys[i]);
        const cache_reply *values = NULL;
        cache_connection *cache = state_of(call)->cache;
        bool read = cache && cache_mget(t, cache, keys, count, &values);
        if (!read && task_is_interrupted(t)) return false;
        for (size_t i = 0; i < count; i++) {
                bool there = read && values->elements[i].kind == CACHE_REPLY_TEXT;
                response->value_bytes[i] = there ? (int32_t)values->elements[i].text.length : -1;
        }
        return true;
}

static void work(void *argument)
{
        ++*(int *)argument;
}

/* An odd sleep begins with a job on a worker thread. */
static bool work_and_sleep(rpc_call *call, uint32_t sleep_ms)
{
        int worked = 0;
        if (sleep_ms % 2 && !task_offload(rpc_call_task(call), work, &worked)) return false;
        return !sleep_ms || task_sleep(rpc_call_task(call), sleep_ms);
}

static void handle_echo(rpc_call *call, const ProtobufCMessage *message)
{
        state_of(call)->promised++;
        SCOPED(promise) p = {.kept = &state_of(call)->kept};
        const Echo__EchoRequest *request = (const Echo__EchoRequest *)message;
        Echo__EchoResponse response = ECHO__ECHO_RESPONSE__INIT;
        for (uint32_t i = 0; i < request->child_calls && state_of(call)->self; i++)
                if (!call_child(call, request)) return;
        if (!read_values(call, request, &response)) return;
        if (!work_and_sleep(call, request->sleep_ms)) return;
        if (fail_as_told(call, request->fail_code)) return;
        response.text = request->text;
        response.payload = request->payload;
        if (request->reply_bytes > response.payload.len) {
                uint8_t *padded = arena_zalloc(rpc_call_arena(call), request->reply_bytes);
                if (response.payload.len)
                        memcpy(padded, response.payload.data, response.payload.len);
                response.payload =
                        (ProtobufCBinaryData){.len = request->reply_bytes, .data = padded};
        }
        rpc_reply(call, &response.base);
}

static void handle_echo_stream(rpc_call *call, const ProtobufCMessage *message)
{
        const Echo__EchoStreamRequest *request = (const Echo__EchoStreamRequest *)message;
        Echo__EchoStreamResponse response = ECHO__ECHO_STREAM_RESPONSE__INIT;
        response.text = request->text;
        response.payload = request->payload;
        for (uint32_t i = 0; request->count == 0 || i < request->count; i++) {
                if (i > 0 && request->interval_ms &&
                    !task_sleep(rpc_call_task(call), request->interval_ms))
                        return;
                response.index = i;
                if (!rpc_stream_send(call, &response.base)) return;
        }
        if (!fail_as_told(call, request->fail_code)) rpc_stream_end(call);
}

static void handle_count(rpc_call *call, const ProtobufCMessage *message)
{
        (void)message;
        rpc_server_counts counts = rpc_server_count(state_of(call)->server);
        Echo__CountResponse response = ECHO__COUNT_RESPONSE__INIT;
        response.begun = counts.begun;
        response.finished = counts.finished;
        response.cancelled =
                counts.by_status[FAILURE_CANCELLED] + counts.by_status[FAILURE_DEADLINE_EXCEEDED];
        rpc_reply(call, &response.base);
}

static const rpc_method methods[] = {
        {.name = "Echo", .kind = RPC_OPEN, .handle = handle_echo},
        {.name = "EchoStream", .kind = RPC_OPEN, .handle = handle_echo_stream},
        {.name = "Count", .kind = RPC_OPEN, .handle = handle_count},
};

static void drained(void *argument)
{
        echo_state *state = argument;
        cache_connection_destroy(state->cache);
        loop_stop(state->loop);
}

static void terminate(void *argument, int signal_number)
{
        (void)signal_number;
        echo_state *state = argument;
        rpc_server_drain(state->server, drained, state);
}

static int usage(const char *name)
{
        fprintf(stderr,
                "usage: %s [--listen HOST:PORT] [--calls-max N] [--message-bytes-max N]\n"
                "          [--default-deadline-ms N] [--certificate FILE --key FILE "
                "[--client-ca FILE]]\n"
                "          [--drain-grace-ms N] [--drain-limit-ms N] [--self] [--redis ADDRESS]\n",
                name);
        return 2;
}

static bool options_read(int argc, char **argv, rpc_server_options *o, bool *self,
                         const char **redis)
{
        static const struct option names[] = {
                {"listen", required_argument, NULL, 'l'},
                {"calls-max", required_argument, NULL, 'c'},
                {"message-bytes-max", required_argument, NULL, 'm'},
                {"default-deadline-ms", required_argument, NULL, 'd'},
                {"certificate", required_argument, NULL, 'C'},
                {"key", required_argument, NULL, 'K'},
                {"client-ca", required_argument, NULL, 'A'},
                {"drain-grace-ms", required_argument, NULL, 'g'},
                {"drain-limit-ms", required_argument, NULL, 'G'},
                {"self", no_argument, NULL, 's'},
                {"redis", required_argument, NULL, 'r'},
                {0},
        };
        for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
                uint32_t number = optarg ? (uint32_t)strtoul(optarg, NULL, 10) : 0;
                switch (option) {
                case 'l':
                        o->listen = optarg;
                        break;
                case 'c':
                        o->calls_max = number;
                        break;
                case 'm':
                        o->message_bytes_max = number;
                        break;
                case 'd':
                        o->default_deadline_ms = number;
                        break;
                case 'C':
                        o->certificate_file = optarg;
                        break;
                case 'K':
                        o->key_file = optarg;
                        break;
                case 'A':
                        o->client_ca_file = optarg;
                        break;
                case 'g':
                        o->drain_grace_ms = number;
                        break;
                case 'G':
                        o->drain_limit_ms = number;
                        break;
                case 's':
                        *self = true;
                        break;
                case 'r':
                        *redis = optarg;
                        break;
                default:
                        return false;
                }
        }
        return optind == argc;
}

static void counts_print(const echo_state *state)
{
        rpc_server_counts calls = rpc_server_count(state->server);
        loop_counts turns = loop_count(state->loop);
        printf("begun %" PRIu64 " finished %" PRIu64 " shed %" PRIu64 " cancelled %" PRIu64
               " turns %" PRIu64 " sleeps %" PRIu64 " kicks %" PRIu64 " uv_runs %" PRIu64
               " stacks %" PRIu32 " spare %" PRIu32 " stack_bytes %zu promised %" PRIu64
               " kept %" PRIu64 "\n",
               calls.begun, calls.finished, calls.shed, calls.cancelled, turns.turns, turns.sleeps,
               turns.kicks, turns.uv_runs, turns.stacks, turns.stacks_spare,
               loop_stack_high_water(state->loop), state->promised, state->kept);
}

int main(int argc, char **argv)
{
        rpc_server_options options = {
                .listen = "127.0.0.1:0", .drain_grace_ms = 200, .drain_limit_ms = 5000};
        bool self = false;
        const char *redis = NULL;
        if (!options_read(argc, argv, &options, &self, &redis)) return usage(argv[0]);

        random_system random;
        random_system_init(&random);
        const loop_options loop_options_ = {.clock = clock_system(), .random = &random.base};
        echo_state state = {.loop = loop_create(&loop_options_)};
        if (!state.loop) return 1;
        options.context = &state;
        const rpc_service service = {
                .descriptor = &echo__echo_service__descriptor,
                .methods = methods,
                .method_count = ARRAY_LENGTH(methods),
                .descriptor_set = echo_descriptors,
                .descriptor_set_bytes = echo_descriptors_bytes,
        };
        failure f = {0};
        state.server = rpc_server_create(state.loop, &options, &service, 1, &f);
        if (!state.server) {
                fprintf(stderr, "%s: %s\n", f.reason, f.message);
                return 1;
        }
        if (self) {
                char target[32];
                snprintf(target, sizeof target, "127.0.0.1:%u", rpc_server_port(state.server));
                const rpc_peer_options peer = {.target = target};
                state.self = rpc_peer_create(state.loop, &peer, &f);
        }
        if (redis) {
                const cache_connection_options cache = {.address = redis};
                state.cache = cache_connection_create(state.loop, &cache, &f);
                if (!state.cache) return 1;
        }
        if (!loop_on_signal(state.loop, SIGTERM, terminate, &state)) return 1;
        if (!loop_on_signal(state.loop, SIGINT, terminate, &state)) return 1;
        rpc_server_start(state.server);
        printf("ready %u\n", rpc_server_port(state.server));
        fflush(stdout);
        loop_run(state.loop);
        counts_print(&state);
        rpc_peer_destroy(state.self);
        rpc_server_destroy(state.server);
        loop_destroy(state.loop);
        return 0;
}
