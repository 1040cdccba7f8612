/* A vendor of face checks: sscard.port.v1.FaceMatch, as a process of its own. It has no eyes; the
 * reference of the live picture says what it sees:
 *
 *   face-of:PHOTO   the person of that photo: a match if it is the one compared with
 *   stranger        somebody else            dark            a picture that cannot be judged
 *   slow:MS         answers after so long    fail            answers UNAVAILABLE
 *   wrong-id, no-verdict, wild-score         answers that nobody may believe
 *
 * Anything else is a match. Prints "ready PORT" when it serves, and how often it was asked. */
#include "common/rpc/error.h"
#include "common/rpc/server.h"
#include "common/runtime/loop_io.h"

#include "proto/port_face_match_descriptors_embedded.h"
#include "sscard/port/v1/face_match.pb-c.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct simulator {
        loop *loop;
        rpc_server *server;
        uint64_t compared;
} simulator;

static bool says(const char *capture, const char *what)
{
        return strcmp(capture, what) == 0;
}

/* What follows "name:", or NULL. */
static const char *after(const char *capture, const char *name)
{
        size_t length = strlen(name);
        return strncmp(capture, name, length) == 0 && capture[length] == ':' ? capture + length + 1
                                                                             : NULL;
}

static Port__MatchVerdict see(const char *capture, const char *photo)
{
        const char *whose = after(capture, "face-of");
        if (says(capture, "no-verdict")) return PORT__MATCH_VERDICT__MATCH_VERDICT_UNSPECIFIED;
        if (says(capture, "dark")) return PORT__MATCH_VERDICT__MATCH_VERDICT_UNUSABLE;
        if (says(capture, "stranger") || (whose && strcmp(whose, photo) != 0))
                return PORT__MATCH_VERDICT__MATCH_VERDICT_MISMATCH;
        return PORT__MATCH_VERDICT__MATCH_VERDICT_MATCH;
}

enum { LIKE = 964, UNLIKE = 113, WILD = 40000, SLOW_MS_MAX = 60000 };

static bool wait_as_told(rpc_call *call, const char *capture)
{
        const char *slow = after(capture, "slow");
        long ms = slow ? strtol(slow, NULL, 10) : 0;
        if (ms > SLOW_MS_MAX) ms = SLOW_MS_MAX;
        return ms <= 0 || task_sleep(rpc_call_task(call), ms);
}

static void handle_compare(rpc_call *call, const ProtobufCMessage *message)
{
        const Port__CompareRequest *request = (const Port__CompareRequest *)message;
        simulator *s = rpc_call_context(call);
        printf("compared %" PRIu64 "\n", ++s->compared);
        fflush(stdout);
        if (!wait_as_told(call, request->live_capture)) return;
        if (says(request->live_capture, "fail")) {
                rpc_reply_error(call, &(rpc_error){.status = FAILURE_UNAVAILABLE,
                                                   .reason = "CAMERA_ROOM_CLOSED",
                                                   .message = "The simulator was told to fail."});
                return;
        }
        Port__CompareResponse response = PORT__COMPARE_RESPONSE__INIT;
        response.check_id = says(request->live_capture, "wrong-id") ? "another" : request->check_id;
        response.verdict = see(request->live_capture, request->reference_photo);
        response.score =
                response.verdict == PORT__MATCH_VERDICT__MATCH_VERDICT_MATCH ? LIKE : UNLIKE;
        if (says(request->live_capture, "wild-score")) response.score = WILD;
        rpc_reply(call, &response.base);
}

static const rpc_method methods[] = {
        {.name = "Compare", .kind = RPC_OPEN, .handle = handle_compare},
};

static void drained(void *argument)
{
        simulator *s = argument;
        loop_stop(s->loop);
}

static void terminate(void *argument, int signal_number)
{
        (void)signal_number;
        simulator *s = argument;
        rpc_server_drain(s->server, drained, s);
}

static int run(simulator *s)
{
        if (!loop_on_signal(s->loop, SIGTERM, terminate, s) ||
            !loop_on_signal(s->loop, SIGINT, terminate, s))
                return 1;
        rpc_server_start(s->server);
        printf("ready %u\n", rpc_server_port(s->server));
        fflush(stdout);
        loop_run(s->loop);
        return 0;
}

int main(int argc, char **argv)
{
        static const struct option names[] = {{"listen", required_argument, NULL, 'l'}, {0}};
        rpc_server_options options = {
                .listen = "127.0.0.1:0", .drain_grace_ms = 1, .drain_limit_ms = 1000};
        for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
                if (option != 'l') {
                        fprintf(stderr, "usage: %s [--listen HOST:PORT]\n", argv[0]);
                        return 2;
                }
                options.listen = optarg;
        }
        random_system random;
        random_system_init(&random);
        const loop_options own = {.clock = clock_system(), .random = &random.base};
        simulator s = {.loop = loop_create(&own)};
        if (!s.loop) return 1;
        options.context = &s;
        const rpc_service service = {.descriptor = &port__face_match__descriptor,
                                     .methods = methods,
                                     .method_count = ARRAY_LENGTH(methods),
                                     .descriptor_set = port_face_match_descriptors,
                                     .descriptor_set_bytes = port_face_match_descriptors_bytes};
        failure f = {0};
        s.server = rpc_server_create(s.loop, &options, &service, 1, &f);
        if (!s.server) {
                fprintf(stderr, "%s: %s\n", f.reason, f.message);
                return 1;
        }
        int code = run(&s);
        rpc_server_destroy(s.server);
        loop_destroy(s.loop);
        return code;
}
