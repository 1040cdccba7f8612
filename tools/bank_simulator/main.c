/* The simulator of banks: sscard.port.v1.BankGateway as its behaviour says, and the service that
 * sets the behaviour. Prints "ready PORT" when it serves, ends at SIGTERM. */
#include "common/rpc/error.h"
#include "common/rpc/server.h"
#include "common/runtime/loop_io.h"
#include "tools/bank_simulator/report.h"

#include "proto/bank_simulator_descriptors_embedded.h"
#include "proto/port_bank_descriptors_embedded.h"
#include "sscard/dev/v1/bank_simulator_service.pb-c.h"
#include "sscard/port/v1/bank_gateway.pb-c.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct simulator {
        loop *loop;
        rpc_server *server;
        accounts *accounts;
        reporter reporter;
        BankSimulator__BankBehaviour behaviour;
        uint32_t delay_ms;
        char reason[64];
} simulator;

#define IS(name) BANK_SIMULATOR__BANK_BEHAVIOUR__BANK_BEHAVIOUR_##name

static simulator *simulator_of(rpc_call *call)
{
        return rpc_call_context(call);
}

/* ---- the port ---- */

static void reply(rpc_call *call, const Port__BankGatewayRequest *request,
                  const account_request *noted, Port__BankVerdict verdict)
{
        Port__BankGatewayResponse response = PORT__BANK_GATEWAY_RESPONSE__INIT;
        bool wrong = simulator_of(call)->behaviour == IS(WRONG);
        response.reference = wrong ? "00000000000000000000000000" : request->reference;
        response.bank_code = request->bank_code;
        response.verdict = verdict;
        if (verdict == PORT__BANK_VERDICT__BANK_VERDICT_DONE)
                response.account_reference = noted->account;
        response.reason =
                verdict == PORT__BANK_VERDICT__BANK_VERDICT_PENDING ? "IN_PROGRESS" : noted->reason;
        rpc_reply(call, &response.base);
}

static void answer(rpc_call *call, const Port__BankGatewayRequest *request,
                   const account_request *noted)
{
        reply(call, request, noted,
              noted->carried_out ? PORT__BANK_VERDICT__BANK_VERDICT_DONE
                                 : PORT__BANK_VERDICT__BANK_VERDICT_REFUSED);
}

static void fail(rpc_call *call)
{
        rpc_reply_error(call, &(rpc_error){.status = FAILURE_UNAVAILABLE,
                                           .reason = "BANK_AWAY",
                                           .message = "the simulated bank is away"});
}

static void behave(rpc_call *call, const Port__BankGatewayRequest *request, account_request *noted)
{
        simulator *s = simulator_of(call);
        BankSimulator__BankBehaviour behaviour = s->behaviour;
        uint32_t wait_ms = behaviour == IS(SLOW)     ? s->delay_ms
                           : behaviour == IS(SILENT) ? 600000
                                                     : 0;
        if (wait_ms && !task_sleep(rpc_call_task(call), wait_ms)) return;
        switch (behaviour) {
        case IS(AWAY):
                fail(call);
                return;
        case IS(NONSENSE):
                reply(call, request, noted, PORT__BANK_VERDICT__BANK_VERDICT_UNSPECIFIED);
                return;
        case IS(REFUSES):
                accounts_refuse(noted, s->reason);
                break;
        case IS(LATE):
                if (noted->decided) break;
                if (noted->attempts == 1) reporter_send(&s->reporter, noted, s->delay_ms, 1);
                reply(call, request, noted, PORT__BANK_VERDICT__BANK_VERDICT_PENDING);
                return;
        case IS(TWICE):
                if (!noted->decided) reporter_send(&s->reporter, noted, s->delay_ms, 2);
                break;
        case IS(FORGETFUL):
                if (noted->decided) break;
                accounts_carry_out(s->accounts, noted);
                fail(call);
                return;
        default:
                break;
        }
        accounts_carry_out(s->accounts, noted);
        answer(call, request, noted);
}

static void take(rpc_call *call, const ProtobufCMessage *message, account_wish wish)
{
        const Port__BankGatewayRequest *request = (const Port__BankGatewayRequest *)message;
        account_request *noted = accounts_note(simulator_of(call)->accounts, wish,
                                               request->reference, request->name);
        if (noted)
                behave(call, request, noted);
        else
                fail(call);
}

static void pre_open(rpc_call *call, const ProtobufCMessage *request)
{
        take(call, request, ACCOUNT_OPEN);
}

static void activate(rpc_call *call, const ProtobufCMessage *request)
{
        take(call, request, ACCOUNT_ACTIVATE);
}

static void confirm_loss(rpc_call *call, const ProtobufCMessage *request)
{
        take(call, request, ACCOUNT_STOP);
}

static void close_account(rpc_call *call, const ProtobufCMessage *request)
{
        bool at_counter = ((const Port__BankGatewayRequest *)request)->at_counter;
        take(call, request, at_counter ? ACCOUNT_CLOSE_AT_COUNTER : ACCOUNT_CLOSE);
}

static const rpc_method GATEWAY[] = {
        {.name = "PreOpenAccount", .kind = RPC_OPEN, .handle = pre_open},
        {.name = "ActivateAccount", .kind = RPC_OPEN, .handle = activate},
        {.name = "ConfirmLoss", .kind = RPC_OPEN, .handle = confirm_loss},
        {.name = "CloseAccount", .kind = RPC_OPEN, .handle = close_account},
};

/* ---- the behaviour ---- */

enum { DELAY_MAX_MS = 600000 };

static void set_behaviour(rpc_call *call, const ProtobufCMessage *message)
{
        const BankSimulator__SetBehaviourRequest *request =
                (const BankSimulator__SetBehaviourRequest *)message;
        simulator *s = simulator_of(call);
        if (request->behaviour == IS(UNSPECIFIED) || request->delay_milliseconds > DELAY_MAX_MS) {
                rpc_reply_invalid(call, "behaviour", "BEHAVIOUR_REQUIRED", NULL,
                                  "behaviour must be set, delay_milliseconds at most 600000");
                return;
        }
        s->behaviour = request->behaviour;
        s->delay_ms = request->delay_milliseconds;
        snprintf(s->reason, sizeof s->reason, "%s",
                 *request->reason ? request->reason : "NOT_TODAY");
        BankSimulator__SetBehaviourResponse response = BANK_SIMULATOR__SET_BEHAVIOUR_RESPONSE__INIT;
        rpc_reply(call, &response.base);
}

static void list_requests(rpc_call *call, const ProtobufCMessage *message)
{
        static const char *const methods[] = {"PreOpenAccount", "ActivateAccount", "ConfirmLoss",
                                              "CloseAccount", "CloseAccount"};
        (void)message;
        arena *a = rpc_call_arena(call);
        const accounts *all = simulator_of(call)->accounts;
        size_t count = accounts_count(all);
        BankSimulator__ListRequestsResponse response = BANK_SIMULATOR__LIST_REQUESTS_RESPONSE__INIT;
        response.requests = arena_alloc(a, (count + 1) * sizeof *response.requests);
        for (size_t i = 0; i < count; i++) {
                const account_request *request = accounts_at(all, i);
                BankSimulator__SimulatedRequest *one = arena_alloc(a, sizeof *one);
                bank_simulator__simulated_request__init(one);
                one->method = methods[request->wish];
                one->link = request->link;
                one->reference = request->reference;
                one->attempts = request->attempts;
                one->carried_out = request->carried_out;
                response.requests[response.n_requests++] = one;
        }
        rpc_reply(call, &response.base);
}

static const rpc_method CONTROL[] = {
        {.name = "SetBehaviour", .kind = RPC_OPEN, .handle = set_behaviour},
        {.name = "ListRequests", .kind = RPC_OPEN, .handle = list_requests},
};

/* ---- the process ---- */

static void drained(void *argument)
{
        simulator *s = argument;
        loop_stop(s->loop);
}

static void terminate(void *argument, int number)
{
        (void)number;
        simulator *s = argument;
        if (rpc_server_is_draining(s->server)) return;
        reporter_interrupt(&s->reporter);
        rpc_server_drain(s->server, drained, s);
}

typedef struct options {
        const char *listen, *bank, *signing_key, *behaviour;
        uint32_t delay_ms;
} options;

static bool options_read(int argc, char **argv, options *o)
{
        static const struct option names[] = {{"listen", required_argument, NULL, 'l'},
                                              {"bank", required_argument, NULL, 'b'},
                                              {"signing-key", required_argument, NULL, 'k'},
                                              {"behaviour", required_argument, NULL, 'B'},
                                              {"delay-ms", required_argument, NULL, 'd'},
                                              {0}};
        for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
                if (option == 'l')
                        o->listen = optarg;
                else if (option == 'b')
                        o->bank = optarg;
                else if (option == 'k')
                        o->signing_key = optarg;
                else if (option == 'B')
                        o->behaviour = optarg;
                else if (option == 'd')
                        o->delay_ms = (uint32_t)strtoul(optarg, NULL, 10);
                else
                        return false;
        }
        return optind == argc && (!o->bank || o->signing_key);
}

/* "SILENT" as on the wire; UNSPECIFIED: no such behaviour. */
static BankSimulator__BankBehaviour behaviour_of(const char *name)
{
        char full[80];
        snprintf(full, sizeof full, "BANK_BEHAVIOUR_%s", name);
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(
                &bank_simulator__bank_behaviour__descriptor, full);
        return value ? (BankSimulator__BankBehaviour)value->value : IS(UNSPECIFIED);
}

static bool open_server(simulator *s, const options *o, failure *f)
{
        rpc_server_options server = {.listen = o->listen,
                                     .drain_limit_ms = 200,
                                     .default_deadline_ms = 600000,
                                     .context = s};
        const rpc_service services[] = {
                {.descriptor = &port__bank_gateway__descriptor,
                 .methods = GATEWAY,
                 .method_count = ARRAY_LENGTH(GATEWAY),
                 .descriptor_set = port_bank_descriptors,
                 .descriptor_set_bytes = port_bank_descriptors_bytes},
                {.descriptor = &bank_simulator__bank_simulator_service__descriptor,
                 .methods = CONTROL,
                 .method_count = ARRAY_LENGTH(CONTROL),
                 .descriptor_set = bank_simulator_descriptors,
                 .descriptor_set_bytes = bank_simulator_descriptors_bytes}};
        s->server = rpc_server_create(s->loop, &server, services, ARRAY_LENGTH(services), f);
        return s->server != NULL;
}

static bool open_reporter(simulator *s, const options *o, random_source *random, failure *f)
{
        s->reporter = (reporter){.loop = s->loop, .accounts = s->accounts, .random = random};
        if (!o->bank) return true;
        rpc_peer_options peer = {.target = o->bank};
        s->reporter.signer = token_signer_load(o->signing_key, f);
        if (!s->reporter.signer) return false;
        s->reporter.peer = rpc_peer_create(s->loop, &peer, f);
        return s->reporter.peer != NULL;
}

int main(int argc, char **argv)
{
        options o = {.listen = "127.0.0.1:0", .behaviour = "NORMAL"};
        if (!options_read(argc, argv, &o) || behaviour_of(o.behaviour) == IS(UNSPECIFIED)) {
                fprintf(stderr,
                        "usage: %s [--listen HOST:PORT] [--bank HOST:PORT --signing-key FILE]\n"
                        "          [--behaviour NORMAL|SLOW|SILENT|AWAY|WRONG|NONSENSE|"
                        "REFUSES|LATE|TWICE|FORGETFUL] [--delay-ms N]\n",
                        argv[0]);
                return 2;
        }
        random_system random;
        random_system_init(&random);
        const loop_options wishes = {.clock = clock_system(), .random = &random.base};
        simulator s = {.loop = loop_create(&wishes),
                       .accounts = accounts_create(),
                       .behaviour = behaviour_of(o.behaviour),
                       .delay_ms = o.delay_ms,
                       .reason = "NOT_TODAY"};
        failure f = {0};
        if (!s.loop || !open_reporter(&s, &o, &random.base, &f) || !open_server(&s, &o, &f) ||
            !loop_on_signal(s.loop, SIGTERM, terminate, &s) ||
            !loop_on_signal(s.loop, SIGINT, terminate, &s)) {
                fprintf(stderr, "%s: %s\n", f.reason ? f.reason : "NO_LOOP", f.message);
                return 1;
        }
        rpc_server_start(s.server);
        printf("ready %u\n", rpc_server_port(s.server));
        fflush(stdout);
        loop_run(s.loop);
        rpc_server_destroy(s.server);
        rpc_peer_destroy(s.reporter.peer);
        token_signer_destroy(s.reporter.signer);
        loop_destroy(s.loop);
        accounts_destroy(s.accounts);
        return 0;
}
