/* Opens, kills and opens again. Must never let an answer out of a process that has died. */
#include "tests/sim/region/sim_process.h"

#include "common/service/credentials.h"
#include "common/service/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAIN_MS = 1, READS_NAME_BYTES = 40 };

static store *store_of(sim_process *p)
{
        failure f = {0};
        store_options options = {.name = p->definition.name,
                                 .schemas = {&commit_schema, p->definition.schema},
                                 .inline_writes = true,
                                 .memory = true};
        store *s = store_open(p->around->loop, &options, &f);
        if (!s) fprintf(stderr, "store: %s\n", f.message);
        assert(s);
        return s;
}

static void open_seams(sim_process *p)
{
        failure f = {0};
        const sim_surroundings *a = p->around;
        char stream[READS_NAME_BYTES];
        snprintf(stream, sizeof stream, "%s-reads", p->definition.name);
        read_audit_options reads = {
                .loop = a->loop, .stream = stream, .inline_writes = true, .memory = true};
        p->reads = read_audit_open(&reads, &f);
        assert(p->reads);
        if (p->definition.schema) p->store = store_of(p);
        p->cache = sim_connection_create(a->wire);
        token_verifier_options tokens = {.jwks_file = a->keys->jwks_file,
                                         .audience = TOKEN_AUDIENCE_DEFAULT,
                                         .clock = loop_clock(a->loop),
                                         .identity_hash = a->keys->keys.lookup};
        p->tokens = token_verifier_create(&tokens, &f);
        assert(p->tokens);
        service_credentials_options own = {.signing_key_file = a->keys->signing_file,
                                           .issuer = "https://services.sscard.invalid",
                                           .audience = TOKEN_AUDIENCE_DEFAULT,
                                           .service = p->definition.name,
                                           .region = "330000",
                                           .clock = loop_clock(a->loop)};
        p->credentials = credentials_create(&own, &f);
        assert(p->credentials);
        for (size_t i = 0; i < SIM_PEERS_MAX; i++)
                p->to_peers[i] = p->peers[i] ? sim_peer_create(p->peers[i]) : NULL;
}

static void open_instance(sim_process *p)
{
        failure f = {0};
        service_instance_options options = {.definition = &p->definition,
                                            .seams = {.loop = p->around->loop,
                                                      .store = p->store,
                                                      .cache = p->cache,
                                                      .reads = p->reads},
                                            .region = "330000",
                                            .keys = p->around->keys->keys,
                                            .tokens = p->tokens,
                                            .log = p->around->log,
                                            .credentials = p->credentials};
        memcpy(options.seams.peers, p->to_peers, sizeof p->to_peers);
        p->instance = service_instance_open(&options, &f);
        if (!p->instance) fprintf(stderr, "%s: %s\n", p->definition.name, f.message);
        assert(p->instance);
}

static void open_server(sim_process *p)
{
        failure f = {0};
        rpc_service services[SERVICE_RPCS_MAX];
        size_t count = service_instance_rpcs(&p->definition, services);
        rpc_server_options options = {.drain_grace_ms = DRAIN_MS,
                                      .drain_limit_ms = DRAIN_MS,
                                      .context = p->instance,
                                      .pipeline = pipeline_run};
        p->server = rpc_server_create(p->around->loop, &options, services, count, &f);
        if (!p->server) fprintf(stderr, "%s: %s\n", p->definition.name, f.message);
        assert(p->server);
        const rpc_method *methods = rpc_server_methods(p->server, &count);
        if (!service_instance_prepare(p->instance, methods, count, &f)) abort();
        p->local = rpc_peer_create_local(p->server);
        assert(p->local);
}

void sim_process_start(sim_process *p)
{
        failure f = {0};
        assert(!p->is_up && !p->instance);
        open_seams(p);
        open_instance(p);
        open_server(p);
        if (!service_instance_start(p->instance, &f)) abort();
        rpc_server_start(p->server);
        p->is_up = true;
}

void sim_process_init(sim_process *p, sim_surroundings *around,
                      const service_definition *definition, sim_process *const *peers)
{
        *p = (sim_process){.around = around, .definition = *definition};
        memcpy(p->peers, peers, sizeof p->peers);
        if (definition->schema) p->guard = store_of(p);
        sim_process_start(p);
}

/* ---- dying ---- */

static void close_all(void *argument)
{
        sim_process *p = argument;
        rpc_peer_destroy(p->local);
        rpc_server_destroy(p->server);
        service_instance_close(p->instance);
        for (size_t i = 0; i < SIM_PEERS_MAX; i++)
                rpc_peer_destroy(p->to_peers[i]);
        cache_connection_destroy(p->cache);
        read_audit_close(p->reads);
        store_close(p->store);
        credentials_destroy(p->credentials);
        token_verifier_destroy(p->tokens);
        p->instance = NULL;
        p->server = NULL;
        p->store = NULL;
        p->gone(p);
}

static void instance_stopped(void *process)
{
        sim_process *p = process;
        loop_post(p->around->loop, close_all, p);
}

static void server_drained(void *process)
{
        sim_process *p = process;
        service_instance_stop(p->instance, instance_stopped, p);
}

void sim_process_die(sim_process *p, void (*gone)(sim_process *process))
{
        assert(p->is_up);
        p->is_up = false;
        p->incarnation++;
        p->gone = gone;
        rpc_server_drain(p->server, server_drained, p);
}

void sim_process_release(sim_process *p)
{
        assert(!p->instance);
        store_close(p->guard);
}
