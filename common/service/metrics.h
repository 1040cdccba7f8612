/* What every service counts: calls by method and code, latency, the loop, store and cache. */
#ifndef SSCARD_COMMON_SERVICE_METRICS_H
#define SSCARD_COMMON_SERVICE_METRICS_H

#include "common/cache/lease.h"
#include "common/cache/reader.h"
#include "common/pack/pack_shelf.h"
#include "common/rpc/server.h"
#include "common/runtime/loop.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"

typedef struct service_metrics service_metrics;

/* One set of series a method, looked up once. `methods` outlive it. Pair: metrics_close(). */
service_metrics *service_metrics_open(metrics *registry, const rpc_method *methods, size_t count,
                                      const char *service, const char *region, const char *version);
void service_metrics_close(service_metrics *m);
/* For series of a service's own. NULL of NULL. */
metrics *service_metrics_registry(const service_metrics *m);

/* A call is over. */
void service_metrics_call(service_metrics *m, uint32_t method_index, int status,
                          int64_t duration_us);

/* What is read off other rooms' counters, twice a second, on the loop. NULL: not part of it. */
typedef struct service_metrics_sources {
        const loop *loop;
        const rpc_server *server;
        const store *store;
        const cache_connection *cache;
        const cache_owner *owner;
        const cache_reader *reader;
        const pack_shelf *packs;
} service_metrics_sources;
void service_metrics_sample(service_metrics *m, const service_metrics_sources *sources);

#endif
