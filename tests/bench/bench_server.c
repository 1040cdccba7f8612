/* Our side of the bench rows on the platform alone: EchoService with its pipeline off, bytes in and
 * bytes out, as its peers do. `--mode echo` gives the request back; `--mode lookup` reads four keys
 * of Redis in one MGET and answers with a fixed number of bytes. */
#include "common/cache/connection.h"
#include "common/rpc/server.h"
#include "common/runtime/loop_io.h"

#include "proto/echo_descriptors_embedded.h"
#include "sscard/test/v1/echo_service.pb-c.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 4, HOLDERS = 1000, REPLY_BYTES = 200, KEY_BYTES = 32 };

typedef struct bench_state {
        loop *loop;
        rpc_server *server;
        cache_connection *cache;
        int next;
        char key_texts[HOLDERS * KEYS][KEY_BYTES];
        bytes keys[HOLDERS * KEYS];
} bench_state;

static void handle_echo(rpc_call *call, const ProtobufCMessage *none)
{
        (void)none;
        rpc_reply_bytes(call, rpc_call_request_bytes(call));
}

static void handle_lookup(rpc_call *call, const ProtobufCMessage *none)
{
        (void)none;
        bench_state *state = rpc_call_context(call);
        const bytes *keys = &state->keys[KEYS * state->next];
        state->next = (state->next + 1) % HOLDERS;
        const cache_reply *values;
        if (!cache_mget(rpc_call_task(call), state->cache, keys, KEYS, &values)) {
                (void)task_fail(rpc_call_task(call), FAILURE_UNAVAILABLE, "CACHE_AWAY",
                                "Redis is away.");
                return;
        }
        const cache_reply *first = values->elements;
        if (first->kind != CACHE_REPLY_TEXT || first->text.length < REPLY_BYTES) {
                (void)task_fail(rpc_call_task(call), FAILURE_NOT_FOUND, "NO_KEY", "No such key.");
                return;
        }
        rpc_reply_bytes(call, bytes_of(first->text.data, REPLY_BYTES));
}

static void handle_nothing(rpc_call *call, const ProtobufCMessage *none)
{
        (void)none;
        (void)task_fail(rpc_call_task(call), FAILURE_UNIMPLEMENTED, "NOT_HERE", "Not in a bench.");
}

static void keys_make(bench_state *state)
{
        for (int i = 0; i < HOLDERS * KEYS; i++) {
                snprintf(state->key_texts[i], KEY_BYTES, "bench:%d:%c", i / KEYS, 'a' + i % KEYS);
                state->keys[i] = bytes_of_text(state->key_texts[i]);
        }
}

static void drained(void *argument)
{
        bench_state *state = argument;
        cache_connection_destroy(state->cache);
        loop_stop(state->loop);
}

static void terminate(void *argument, int signal_number)
{
        (void)signal_number;
        bench_state *state = argument;
        rpc_server_drain(state->server, drained, state);
}

int main(int argc, char **argv)
{
        bool lookup = argc > 3 && !strcmp(argv[1], "--lookup");
        if (argc != 2 && !lookup) {
                fprintf(stderr, "usage: %s --echo | --lookup --redis SOCKET\n", argv[0]);
                return 2;
        }
        static bench_state state;
        random_system random;
        random_system_init(&random);
        const loop_options options = {.clock = clock_system(), .random = &random.base};
        state.loop = loop_create(&options);
        if (!state.loop) return 1;
        keys_make(&state);
        failure f = {0};
        if (lookup) {
                const cache_connection_options redis = {.address = argv[3]};
                state.cache = cache_connection_create(state.loop, &redis, &f);
        }
        const rpc_method methods[] = {
                {.name = "Echo",
                 .kind = RPC_OPEN,
                 .handle = lookup ? handle_lookup : handle_echo,
                 .raw = true},
                {.name = "EchoStream", .kind = RPC_OPEN, .handle = handle_nothing},
                {.name = "Count", .kind = RPC_OPEN, .handle = handle_nothing},
        };
        const rpc_service service = {
                .descriptor = &echo__echo_service__descriptor,
                .methods = methods,
                .method_count = ARRAY_LENGTH(methods),
                .descriptor_set = echo_descriptors,
                .descriptor_set_bytes = echo_descriptors_bytes,
        };
        const rpc_server_options server = {
                .listen = "127.0.0.1:0", .context = &state, .drain_limit_ms = 5000};
        if (!f.kind) state.server = rpc_server_create(state.loop, &server, &service, 1, &f);
        if (f.kind || !loop_on_signal(state.loop, SIGTERM, terminate, &state)) {
                fprintf(stderr, "%s\n", f.message);
                return 1;
        }
        rpc_server_start(state.server);
        printf("ready %u\n", rpc_server_port(state.server));
        fflush(stdout);
        loop_run(state.loop);
        rpc_server_destroy(state.server);
        loop_destroy(state.loop);
        return 0;
}
