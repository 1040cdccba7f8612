/* A server of the platform alone: sscard.test.v1.EchoService, for tests and benches.
 * Prints "ready PORT" when it serves, drains at SIGTERM and then prints its counts. */
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
        rpc_peer *self; /* for child calls; NULL: not asked for */
} echo_state;

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

static void handle_echo(rpc_call *call, const ProtobufCMessage *message)
{
        const Echo__EchoRequest *request = (const Echo__EchoRequest *)message;
        Echo__EchoResponse response = ECHO__ECHO_RESPONSE__INIT;
        for (uint32_t i = 0; i < request->child_calls && state_of(call)->self; i++)
                if (!call_child(call, request)) return;
        if (request->sleep_ms && !task_sleep(rpc_call_task(call), request->sleep_ms)) return;
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
        response.cancelled = counts.cancelled;
        rpc_reply(call, &response.base);
}

static const rpc_method methods[] = {
        {.name = "Echo", .kind = RPC_OPEN, .handle = handle_echo},
        {.name = "EchoStream", .kind = RPC_OPEN, .handle = handle_echo_stream},
        {.name = "Count", .kind = RPC_OPEN, .handle = handle_count},
};

static void drained(void *argument)
{
        loop_stop(argument);
}

static void terminate(void *argument, int signal_number)
{
        (void)signal_number;
        echo_state *state = argument;
        rpc_server_drain(state->server, drained, state->loop);
}

static int usage(const char *name)
{
        fprintf(stderr,
                "usage: %s [--listen HOST:PORT] [--calls-max N] [--message-bytes-max N]\n"
                "          [--default-deadline-ms N] [--certificate FILE --key FILE "
                "[--client-ca FILE]]\n"
                "          [--drain-grace-ms N] [--drain-limit-ms N] [--self]\n",
                name);
        return 2;
}

static bool options_read(int argc, char **argv, rpc_server_options *o, bool *self)
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
               " stacks %" PRIu32 " stack_bytes %zu\n",
               calls.begun, calls.finished, calls.shed, calls.cancelled, turns.turns, turns.sleeps,
               turns.kicks, turns.uv_runs, turns.stacks, loop_stack_high_water(state->loop));
}

int main(int argc, char **argv)
{
        rpc_server_options options = {.listen = "127.0.0.1:0"};
        bool self = false;
        if (!options_read(argc, argv, &options, &self)) return usage(argv[0]);

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
