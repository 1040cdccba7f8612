/* From a definition to a process: configuration, seams, server, loop, drain.
 * Must never hold state outside of `process`; must never start half: what fails ends it. */
#include "common/service/call.h"
#include "common/service/credentials.h"
#include "common/service/instance.h"
#include "common/service/metrics.h"
#include "common/service/options.h"
#include "common/service/pipeline.h"
#include "common/service/transport.h"

#include "common/crypto/key_file.h"
#include "common/rpc/core_log.h"
#include "common/runtime/loop_io.h"
#include "common/telemetry/operations.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

extern char **environ;

typedef struct process {
        const service_definition *definition;
        const service_extras *extras; /* NULL: none */
        config *config;
        random_system random;
        loop *loop;
        logger *log;
        metrics *registry;
        operations *operations;
        service_keys keys;
        token_verifier *tokens;
        service_credentials *credentials;
        service_seams seams;
        rpc_server *server;
        service_instance *instance;
        service_metrics *metrics;
        loop_timer heartbeat;
        bool stopping;
} process;

/* ---- opening, in the order in which things stand on each other ---- */

static const char *key_path(process *p, arena *a, const char *file)
{
        return arena_format(a, "%s/%s", config_text(p->config, "keys-dir"), file);
}

static bool open_keys(process *p, failure *f)
{
        SCOPED(arena) a = {0};
        SCOPED(secret_buffer) request_key = {0};
        p->keys.part = keyed_hash_load(key_path(p, &a, "part.key"), f);
        p->keys.lookup = p->keys.part ? keyed_hash_load(key_path(p, &a, "hash.key"), f) : NULL;
        p->keys.data = p->keys.lookup ? keyring_load(key_path(p, &a, "data-keys.json"), f) : NULL;
        if (!p->keys.data || !key_file_read_key(key_path(p, &a, "service.key"), &request_key, f))
                return false;
        if (request_key.length != sizeof p->keys.request_key)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                                   "service.key must hold a key of 32 bytes");
        memcpy(p->keys.request_key, request_key.data, request_key.length);
        return true;
}

static bool open_identity(process *p, failure *f)
{
        SCOPED(arena) a = {0};
        token_verifier_options options = {.jwks_file = key_path(p, &a, "jwks.json"),
                                          .issuer = config_text(p->config, "token-issuer"),
                                          .audience = config_text(p->config, "token-audience"),
                                          .clock = clock_system(),
                                          .identity_hash = p->keys.lookup};
        p->tokens = token_verifier_create(&options, f);
        if (!p->tokens) return false;
        if (!p->definition->peers[0] || !config_is_set(p->config, "service-signing-key"))
                return true;
        service_credentials_options own = {
                .signing_key_file = config_text(p->config, "service-signing-key"),
                .issuer = options.issuer ? options.issuer : "https://services.sscard.invalid",
                .audience = options.audience,
                .service = p->definition->name,
                .region = config_text(p->config, "region"),
                .clock = clock_system()};
        p->credentials = credentials_create(&own, f);
        return p->credentials != NULL;
}

enum { FAST_CACHE_KIB = 64 << 10, FAST_CHECKPOINT_MS = 2000, FAST_WAL_BYTES_MAX = 1 << 29 };

static bool open_store(process *p, failure *f)
{
        SCOPED(arena) a = {0};
        const char *folder = config_text(p->config, "data-dir");
        if (p->definition->schema) {
                store_options options = {.folder = folder,
                                         .name = p->definition->name,
                                         .schemas = {&commit_schema, p->definition->schema},
                                         .cache_kib = config_size_bytes(p->config, "store-cache") /
                                                      1024};
                if (p->extras && p->extras->fast_store) {
                        options.lazy_sync = true;
                        options.checkpoint_interval_ms = FAST_CHECKPOINT_MS;
                        options.wal_bytes_max = FAST_WAL_BYTES_MAX;
                        options.read_cache_kib = FAST_CACHE_KIB;
                        if (options.cache_kib < FAST_CACHE_KIB) options.cache_kib = FAST_CACHE_KIB;
                }
                p->seams.store = store_open(p->loop, &options, f);
                if (!p->seams.store) return false;
        }
        read_audit_options reads = {.loop = p->loop,
                                    .folder = folder,
                                    .stream = arena_format(&a, "%s-reads", p->definition->name)};
        p->seams.reads = read_audit_open(&reads, f);
        return p->seams.reads != NULL;
}

static bool open_cache(process *p, failure *f)
{
        const char *address = config_text(p->config, "redis");
        if (!address || !*address) return true;
        cache_connection_options options = {.address = address};
        p->seams.cache = cache_connection_create(p->loop, &options, f);
        return p->seams.cache != NULL;
}

static bool open_peers(process *p, failure *f)
{
        for (size_t i = 0; i < SERVICE_PEERS_MAX && p->definition->peers[i]; i++) {
                const char *target = config_map_get(p->config, "peer", p->definition->peers[i]);
                if (!target) continue; /* ABSENT in this deployment */
                p->seams.peers[i] = transport_peer_create(p->config, p->loop, target, f);
                if (!p->seams.peers[i]) return false;
                if (!p->credentials)
                        return failure_set(f, FAILURE_FAILED_PRECONDITION, "SIGNING_KEY_MISSING",
                                           "--service-signing-key is needed to call a peer");
        }
        return true;
}

static void on_call_finished(rpc_call *call);

static bool open_server(process *p, failure *f)
{
        rpc_service services[SERVICE_RPCS_MAX];
        size_t count = service_instance_rpcs(p->definition, services);
        rpc_server_options options = {
                .listen = config_text(p->config, "listen"),
                .certificate_file = config_text(p->config, "tls-certificate"),
                .key_file = config_text(p->config, "tls-key"),
                .client_ca_file = config_text(p->config, "tls-client-ca"),
                .calls_max = (uint32_t)config_integer(p->config, "calls-max"),
                .drain_grace_ms = (uint32_t)config_duration_ms(p->config, "drain-grace"),
                .drain_limit_ms = (uint32_t)config_duration_ms(p->config, "drain-limit"),
                .context = p->instance,
                .pipeline = pipeline_run,
                .finished = on_call_finished};
        p->server = rpc_server_create(p->loop, &options, services, count, f);
        if (!p->server) return false;
        const rpc_method *methods = rpc_server_methods(p->server, &count);
        p->metrics = service_metrics_open(p->registry, methods, count, p->definition->name,
                                          config_text(p->config, "region"), SERVICE_VERSION);
        p->instance->metrics = p->metrics;
        return service_instance_prepare(p->instance, methods, count, f);
}

static bool open_instance(process *p, failure *f)
{
        p->seams.loop = p->loop;
        service_instance_options options = {.definition = p->definition,
                                            .seams = p->seams,
                                            .region = config_text(p->config, "region"),
                                            .regions_dir = config_text(p->config, "regions-dir"),
                                            .keys = p->keys,
                                            .tokens = p->tokens,
                                            .log = p->log,
                                            .config = p->config,
                                            .credentials = p->credentials};
        p->instance = service_instance_open(&options, f);
        return p->instance != NULL;
}

/* ---- what each call leaves behind ---- */

static void on_call_finished(rpc_call *call)
{
        service_instance *instance = rpc_call_context(call);
        const rpc_method *method = rpc_call_method(call);
        const service_call *state = rpc_call_state(call);
        int status = rpc_call_status(call);
        int64_t duration_us = rpc_call_duration_us(call);
        if (instance->metrics)
                service_metrics_call(instance->metrics, method->index, status, duration_us);
        bool reading_well = status == 0 && method->kind == RPC_READ;
        log_level level = reading_well ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO;
        if (!logger_has(instance->log, level)) return;
        log_request line = {.method = method->full_name,
                            .status = status,
                            .reason = rpc_call_reason(call),
                            .duration_us = duration_us};
        if (state && state->caller) {
                line.caller = state->caller->subject;
                line.role = policy_role_name(state->who.role);
                line.channel = policy_channel_name(state->who.channel);
                line.replayed = state->replayed;
                line.validate_only = state->context.validate_only;
        }
        logger_write_request(instance->log, &line);
}

static void sample(process *p)
{
        service_metrics_sources sources = {.loop = p->loop,
                                           .server = p->server,
                                           .store = p->seams.store,
                                           .cache = p->seams.cache,
                                           .owner = p->instance->owner,
                                           .reader = p->instance->reader,
                                           .packs = p->instance->packs};
        service_metrics_sample(p->metrics, &sources);
}

static void reload_packs(process *p, bool force)
{
        failure f = {0};
        if (!p->instance->packs) return;
        switch (pack_shelf_reload(p->instance->packs, force, &f)) {
        case PACK_RELOAD_UNCHANGED:
                return;
        case PACK_RELOAD_DONE:
                log_info(p->log, "another rule pack is in force",
                         log_setting("pack", pack_version(pack_shelf_current(p->instance->packs))));
                return;
        case PACK_RELOAD_REFUSED:
                log_warn(p->log, "the rule pack is refused, the old one stays in force",
                         log_failure(&f));
        }
}

enum { HEARTBEAT_MS = 500, HEARTBEAT_MAX_MS = 10000 };

static void on_heartbeat(loop_timer *timer)
{
        process *p = timer->data;
        operations_beat(p->operations);
        failure f = {0};
        if (token_verifier_reload(p->tokens, &f) == TOKEN_RELOAD_FAILED)
                log_warn(p->log, "the token keys could not be reloaded", log_failure(&f));
        reload_packs(p, false);
        if (!p->stopping) {
                bool ready = service_instance_is_ready(p->instance);
                operations_set_state(p->operations, ready ? OPERATIONS_READY : OPERATIONS_BROKEN,
                                     ready ? "" : "CACHE_AWAY");
                rpc_server_set_health(p->server, "", ready);
                sample(p);
        }
        loop_timer_start(timer, clock_monotonic_ms(clock_system()) + HEARTBEAT_MS);
}

/* ---- ending ---- */

static void on_instance_stopped(void *argument)
{
        process *p = argument;
        loop_timer_close(&p->heartbeat, NULL);
        loop_stop(p->loop);
}

static void on_drained(void *argument)
{
        process *p = argument;
        service_instance_stop(p->instance, on_instance_stopped, p);
}

static void on_signal(void *argument, int number)
{
        process *p = argument;
        if (p->stopping) return;
        p->stopping = true;
        log_info(p->log, "draining", log_number("signal", number));
        operations_set_state(p->operations, OPERATIONS_DRAINING, "DRAINING");
        rpc_server_drain(p->server, on_drained, p);
}

/* What gRPC's core has to say is mostly about a peer's mistakes. It has a line's form, never a
 * call's content; a failure's message has long numbers masked. */
static void on_core_message(void *argument, core_log_severity severity, const char *file, int line,
                            const char *message)
{
        process *p = argument;
        char source[96];
        const char *base = strrchr(file, '/');
        snprintf(source, sizeof source, "%s:%d", base ? base + 1 : file, line);
        failure said = {0};
        failure_set(&said, FAILURE_UNKNOWN, "GRPC_CORE", "%s", message);
        if (severity == CORE_LOG_ERROR)
                log_warn(p->log, "gRPC core", log_name("source", source), log_failure(&said));
        else
                log_debug(p->log, "gRPC core", log_name("source", source), log_failure(&said));
}

static void on_hangup(void *argument, int number)
{
        process *p = argument;
        (void)number;
        if (!p->stopping) reload_packs(p, true);
}

static void close_all(process *p)
{
        rpc_server_destroy(p->server);
        service_instance_close(p->instance);
        service_metrics_close(p->metrics);
        for (size_t i = 0; i < SERVICE_PEERS_MAX; i++)
                rpc_peer_destroy(p->seams.peers[i]);
        cache_connection_destroy(p->seams.cache);
        read_audit_close(p->seams.reads);
        store_close(p->seams.store);
        credentials_destroy(p->credentials);
        if (p->tokens) token_verifier_destroy(p->tokens);
        if (p->keys.data) keyring_destroy(p->keys.data);
        if (p->keys.lookup) keyed_hash_destroy(p->keys.lookup);
        if (p->keys.part) keyed_hash_destroy(p->keys.part);
        secret_wipe(p->keys.request_key, sizeof p->keys.request_key);
        if (p->operations) operations_destroy(p->operations);
        if (p->loop) logger_detach(p->log);
        if (p->loop) loop_destroy(p->loop);
        core_log_unset();
        logger_destroy(p->log);
        if (p->registry) metrics_destroy(p->registry);
}

/* ---- the process ---- */

static bool check_configuration(process *p, failure *f)
{
        const char *region = config_text(p->config, "region");
        if (strlen(region) != REGION_CODE_LENGTH ||
            strspn(region, "0123456789") != REGION_CODE_LENGTH)
                return failure_set(f, FAILURE_INVALID_ARGUMENT, "REGION_INVALID",
                                   "--region must be six digits");
        if (!transport_check(p->config, f)) return false;
        if (transport_is_cleartext(p->config))
                log_warn(p->log,
                         "CLEARTEXT: no TLS on this port; for development on loopback only");
        return true;
}

static bool open_all(process *p, failure *f)
{
        const service_extras *extras = p->extras;
        loop_options loop_wishes = {
                .clock = extras ? extras->open_clock(extras->argument, p->config, f)
                                : clock_system(),
                .random = &p->random.base};
        if (!loop_wishes.clock) return false;
        random_system_init(&p->random);
        p->loop = loop_create(&loop_wishes);
        if (!p->loop)
                return failure_set(f, FAILURE_RESOURCE_EXHAUSTED, "NO_LOOP",
                                   "no thread or descriptor for the loop");
        logger_attach(p->log, p->loop);
        operations_options operations = {.listen = config_text(p->config, "operations-listen"),
                                         .metrics = p->registry,
                                         .clock = clock_system(),
                                         .heartbeat_max_ms = HEARTBEAT_MAX_MS};
        p->operations = operations_create(&operations, f);
        return p->operations && check_configuration(p, f) && open_keys(p, f) &&
               open_identity(p, f) && open_store(p, f) && open_cache(p, f) && open_peers(p, f) &&
               open_instance(p, f) && open_server(p, f) && service_instance_start(p->instance, f);
}

static int run(process *p)
{
        failure f = {0};
        if (!open_all(p, &f)) {
                log_error(p->log, "cannot start", log_failure(&f));
                return 1;
        }
        if (!loop_on_signal(p->loop, SIGTERM, on_signal, p) ||
            !loop_on_signal(p->loop, SIGINT, on_signal, p) ||
            !loop_on_signal(p->loop, SIGHUP, on_hangup, p))
                return 1;
        loop_timer_init(p->loop, &p->heartbeat, on_heartbeat, p);
        rpc_server_start(p->server);
        on_heartbeat(&p->heartbeat);
        log_info(p->log, "serving", log_number("port", rpc_server_port(p->server)),
                 log_number("operations_port", operations_port(p->operations)),
                 log_setting("data_dir", config_text(p->config, "data-dir")));
        loop_run(p->loop);
        log_info(p->log, "stopped");
        return 0;
}

int service_run(const service_definition *definition, int argc, char **argv)
{
        return service_run_with(definition, NULL, argc, argv);
}

int service_run_with(const service_definition *definition, const service_extras *extras, int argc,
                     char **argv)
{
        prctl(PR_SET_DUMPABLE, 0);
        /* Core's timers and executor do the loop's work now and then, and what a burst takes would
         * stay in the arena of whose thread it was. */
        mallopt(M_ARENA_MAX, 1);
        char name[64];
        snprintf(name, sizeof name, "sscard-%s", definition->name);
        config_program program = {.name = name,
                                  .version = SERVICE_VERSION,
                                  .summary = "A service of SSCard.",
                                  .tables = {service_options(), definition->options,
                                             extras ? extras->options : (config_table){0}}};
        process p = {.definition = definition, .extras = extras};
        config_input input = {.argc = argc, .argv = argv, .envp = environ};
        config_outcome outcome = config_load(&program, &input, &p.config);
        if (outcome != CONFIG_READY) {
                fputs(config_message(p.config), outcome == CONFIG_PRINT ? stdout : stderr);
                config_destroy(p.config);
                return outcome == CONFIG_PRINT ? 0 : 2;
        }
        logger_options log = {.fd = 2,
                              .level = (log_level)(config_choice(p.config, "log-level") + 1),
                              .format = (log_format)config_choice(p.config, "log-format"),
                              .clock = clock_system(),
                              .service = definition->name,
                              .region = config_text(p.config, "region")};
        p.log = logger_create(&log);
        core_log_set(on_core_message, &p,
                     log.level == LOG_LEVEL_DEBUG ? CORE_LOG_INFO : CORE_LOG_ERROR);
        p.registry = metrics_create();
        int code = run(&p);
        close_all(&p);
        config_destroy(p.config);
        return code;
}
