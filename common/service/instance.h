/* A running service: everything that hangs on it. Several can live in one process (the simulator
 * runs two in one thread); nothing in the house is global.
 *
 *   service_run (process)  ── options → service_instance_open → rpc server → loop → drain
 *   simulator              ── its own seams → service_instance_open → dispatch of packed bytes */
#ifndef SSCARD_COMMON_SERVICE_INSTANCE_H
#define SSCARD_COMMON_SERVICE_INSTANCE_H

#include "common/cache/connection.h"
#include "common/cache/lease.h"
#include "common/cache/reader.h"
#include "common/commit/read_audit.h"
#include "common/config/config.h"
#include "common/crypto/keyed_hash.h"
#include "common/crypto/keyring.h"
#include "common/federation/route.h"
#include "common/feed/feed.h"
#include "common/identity/token.h"
#include "common/pack/pack_shelf.h"
#include "common/rpc/client.h"
#include "common/service/service.h"
#include "common/telemetry/log.h"

typedef struct service_metrics service_metrics;

/* The keys of a region's services, as files made by the operator (or by development tools). */
typedef struct service_keys {
        keyed_hash *part;        /* HMAC(identity number) -> part; one a region, never rotated */
        keyed_hash *lookup;      /* identity numbers and printed numbers are found by it */
        uint8_t request_key[32]; /* HMAC of requests and cursors */
        keyring *data;           /* personal columns, journal records */
} service_keys;

/* The six seams, chosen by whoever opens the instance. All outlive it. */
typedef struct service_seams {
        loop *loop;                         /* carries clock and random */
        store *store;                       /* NULL: the definition has no schema */
        cache_connection *cache;            /* NULL: no Redis: everything is asked of its owner */
        rpc_peer *peers[SERVICE_PEERS_MAX]; /* as definition->peers; NULL: ABSENT here */
        read_audit *reads;                  /* NULL: no method of the service is audited */
} service_seams;

struct service_instance {
        const service_definition *definition;
        service_seams seams;
        service_keys keys;         /* borrowed from the process */
        route_directory directory; /* which region this is */
        token_verifier *tokens;    /* borrowed */
        pack_shelf *packs;         /* NULL: the definition has no schema of packs */
        commit_engine *commit;     /* NULL without a store */
        feed *feed;
        cache_owner *owner;   /* NULL: no cached record of its own, or no Redis */
        cache_reader *reader; /* of the peers' records; NULL: no Redis */
        struct trust_store *trust;
        struct record_cache *record_cache;
        struct record_copies *copies; /* of peers' records; NULL: without peers */
        timer_job *timers;
        logger *log;
        const config *config; /* with the definition's own options; NULL: not a process */
        service_metrics *metrics;
        struct method_plan *plans; /* by rpc_method.index: what the pipeline computed at start */
        size_t plan_count;
        struct service_credentials *credentials; /* for calls to peers; NULL: without peers */
        struct job_slot *jobs;
        size_t job_count, jobs_running;
        int parts_stopping;
        bool cache_stops; /* jobs and timers are over */
        void (*stopped)(void *argument);
        void *stopped_argument;
        void *app;
};

typedef struct service_instance_options {
        const service_definition *definition;
        service_seams seams;
        const char *region;      /* "330000" */
        const char *regions_dir; /* folder of rule packs; NULL: the tables' national values */
        service_keys keys;       /* borrowed, like all below */
        token_verifier *tokens;
        logger *log;
        const config *config;                    /* NULL: the service's own options are unset */
        service_metrics *metrics;                /* NULL: none */
        struct service_credentials *credentials; /* NULL: calls nobody */
} service_instance_options;

/* The definition's own RPCs and those that every service has (records for its peers). Written into
 * `services`; returns how many. */
enum { SERVICE_RPCS_MAX = 4 };
size_t service_instance_rpcs(const service_definition *definition,
                             rpc_service services[SERVICE_RPCS_MAX]);

/* NULL and `f` set when something does not fit. Pair: service_instance_close(). */
service_instance *service_instance_open(const service_instance_options *options,
                                        failure *f) MUST_CHECK;
/* Starts jobs and timers. */
bool service_instance_start(service_instance *instance, failure *f) MUST_CHECK;
/* Stops jobs, timers, owner and reader; `stopped` on the loop when none is left. */
void service_instance_stop(service_instance *instance, void (*stopped)(void *argument),
                           void *argument);
/* Computes the pipeline's plans, once the server has numbered its methods. */
bool service_instance_prepare(service_instance *instance, const rpc_method *methods, size_t count,
                              failure *f) MUST_CHECK;
/* After it has stopped and no call is open. */
void service_instance_close(service_instance *instance);

/* Index of a peer in definition->peers; the peer, or NULL when it is ABSENT in this deployment. */
rpc_peer *service_instance_peer(const service_instance *instance, const char *name);
/* Can it commit a change now? For readiness. */
bool service_instance_is_ready(const service_instance *instance);

/* The part of a person or of a number: first byte of HMAC(part key, text). */
uint8_t service_part_of_text(const service_instance *instance, const char *text);
/* The keyed hash by which an identity number or a printed number is looked up. */
digest service_lookup_hash(const service_instance *instance, const char *text);

#endif
