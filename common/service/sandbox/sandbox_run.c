/* Puts a clock under a service, and the service that moves it beside it. */
#include "common/service/sandbox/sandbox_run.h"

#include "common/base/scoped.h"
#include "common/service/instance.h"
#include "common/service/sandbox/sandbox_service.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct sandbox {
        sandbox_clock clock;
        sandbox_clock_use use;
        rpc_service rpcs[SERVICE_RPCS_MAX];
        policy_access_row *access; /* the definition's and ours */
} sandbox;

static void sandbox_release(sandbox *s)
{
        sandbox_clock_release(&s->clock);
        free(s->access);
}

static const clock_source *open_clock(void *argument, const config *c, failure *f)
{
        sandbox *s = argument;
        const char *path = config_text(c, "sandbox-clock");
        return sandbox_clock_open(&s->clock, path, s->use, f) ? &s->clock.base : NULL;
}

static void add_service(sandbox *s, service_definition *definition)
{
        policy_access_span ours = sandbox_service_access();
        size_t theirs = definition->access_count;
        assert(definition->rpc_count < SERVICE_RPCS_MAX);
        assert(definition->fire_timer);
        memcpy(s->rpcs, definition->rpc, definition->rpc_count * sizeof *s->rpcs);
        s->rpcs[definition->rpc_count] = sandbox_service_rpc();
        s->access = calloc(theirs + ours.count, sizeof *s->access);
        memcpy(s->access, definition->access, theirs * sizeof *s->access);
        memcpy(s->access + theirs, ours.rows, ours.count * sizeof *s->access);
        definition->rpc = s->rpcs;
        definition->rpc_count++;
        definition->access = s->access;
        definition->access_count = theirs + ours.count;
}

int sandbox_run(const service_definition *definition, sandbox_clock_use use, int argc, char **argv)
{
        static const config_option options[] = {
                {.name = "sandbox-clock",
                 .type = CONFIG_TEXT,
                 .required = true,
                 .value_name = "FILE",
                 .help = "Clock that the processes of a sandbox region share; made when missing."},
        };
        SCOPED(sandbox) s = {.use = use};
        service_definition sandboxed = *definition;
        if (use == SANDBOX_CLOCK_MOVE) add_service(&s, &sandboxed);
        const service_extras extras = {.options = {options, ARRAY_LENGTH(options)},
                                       .fast_store = true,
                                       .open_clock = open_clock,
                                       .argument = &s};
        return service_run_with(&sandboxed, &extras, argc, argv);
}
