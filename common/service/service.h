/* What a service is made of, and service_run(), which turns that into a process. A service's
 * methods.c names its parts here and does nothing else. Knows nothing about what the services are
 * for. */
#ifndef SSCARD_COMMON_SERVICE_SERVICE_H
#define SSCARD_COMMON_SERVICE_SERVICE_H

#include "common/base/ulid.h"
#include "common/commit/commit.h"
#include "common/commit/timer.h"
#include "common/config/config.h"
#include "common/pack/pack.h"
#include "common/policy/access.h"
#include "common/rpc/server.h"
#include "common/store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct service_instance service_instance;

enum { SERVICE_PEERS_MAX = 8 };

/* How the pipeline finds the part (the distribution column) of a request before its handler runs:
 * idempotency is looked up there. False: the call has been answered (INVALID_ARGUMENT, …). */
typedef bool (*service_part_of)(rpc_call *call, const ProtobufCMessage *request, uint8_t *part);

/* rpc_method.declaration: what the pipeline must know of a method beyond its kind. */
typedef struct service_method {
        service_part_of part_of; /* NULL: the last byte of the ULID in `name` or `parent` */
        bool audited;            /* reads personal data: read_audit before the reply */
} service_method;

/* A row of a service's methods: SERVICE_METHOD("GetThing", READ, handle_get_thing, &AUDITED). */
#define SERVICE_METHOD(method, what, handler, said)                                                \
        {                                                                                          \
                .name = (method), .kind = RPC_##what, .handle = (handler), .declaration = (said)   \
        }

/* Background work that starts with the service and ends with it. */
typedef struct service_job {
        const char *name;
        void (*run)(task *t, service_instance *instance); /* loops until interrupted */
} service_job;

/* Settles what is open of a holder, by repeating its calls. `*settled`: something was; `*open`:
 * something still is. Suspends. False: the store, or interrupted. */
typedef bool service_settle(service_instance *instance, task *t, const ulid *holder, bool *settled,
                            bool *open);

/* Follows another service's feed: consumer.h. */
typedef struct service_consumer service_consumer;

typedef struct service_definition {
        const char *name; /* "orders": part of cache keys, metrics, the data file's name */
        const rpc_service *rpc;
        size_t rpc_count;
        const policy_access_row *access; /* default: deny; a method without a row does not start */
        size_t access_count;
        const store_schema *schema;           /* of the service's own tables; NULL: no database */
        const char *peers[SERVICE_PEERS_MAX]; /* names of services that it may call; NULL ends */
        const service_job *jobs;
        size_t job_count;
        const service_consumer *consumers;
        size_t consumer_count;
        /* Options of the service's own, beside those that all have; empty: none. */
        config_table options;
        /* Makes the service's own state (service_instance_app()) after everything else stands. */
        void *(*open)(service_instance *instance, failure *f);
        void (*close)(void *app);
        /* The owner of a cached record: keeps the lease, fences, publishes. NULL: has none. Its
         * first argument is the app. */
        commit_load_record *load_record;
        /* Brings to its end what waits for other services, before a record is given to anyone.
         * NULL: the service has no cases. */
        service_settle *settle;
        /* Fires a durable timer; NULL: the service has none. First argument: the app. */
        timer_fire *fire_timer;
        const char *const *timer_kinds; /* NULL-ended */
        /* What the region's rule pack may say; NULL: the service judges by no pack. */
        const pack_schema *packs;
} service_definition;

/* Runs the service until SIGTERM or SIGINT; returns the exit code (0 drained, 2 bad
 * configuration, 1 could not start). */
int service_run(const service_definition *definition, int argc, char **argv);

/* What another kind of binary brings along: a clock of its own, and options that say which. */
typedef struct service_extras {
        config_table options;
        /* The loop's clock; it outlives service_run_with(). NULL and `f` set: do not start. */
        const clock_source *(*open_clock)(void *argument, const config *config, failure *f);
        void *argument;
        /* The data are synthetic: survive a kill, not a loss of power, and memory is not counted.
         */
        bool fast_store;
} service_extras;
int service_run_with(const service_definition *definition, const service_extras *extras, int argc,
                     char **argv);

#endif
