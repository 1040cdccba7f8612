/* The metrics of a service. Must never label anything by a person, a resource or a text of a
 * request: methods, codes and parts of the house only. */
#include "common/service/metrics.h"

#include <stdlib.h>

enum { STATUS_COUNT = 17 };

typedef struct method_series {
        metric_value *by_status[STATUS_COUNT]; /* looked up when first seen */
        metric_histogram *duration;
} method_series;

/* What is read off other rooms' counters. */
typedef enum sample_kind {
        SAMPLE_RPC_SERVER_ACTIVE_CALLS,
        SAMPLE_RPC_SERVER_SHED,
        SAMPLE_RPC_SERVER_CANCELLED,
        SAMPLE_LOOP_TURNS,
        SAMPLE_LOOP_SLEEPS,
        SAMPLE_LOOP_COROUTINE_STACKS,
        SAMPLE_LOOP_LONGEST_TURN_MICROSECONDS,
        SAMPLE_STORE_BATCHES,
        SAMPLE_STORE_GROUPS,
        SAMPLE_STORE_CONFLICTS,
        SAMPLE_STORE_FAILURES,
        SAMPLE_STORE_WAL_BYTES,
        SAMPLE_CACHE_UP,
        SAMPLE_CACHE_TRUSTED,
        SAMPLE_CACHE_FENCES,
        SAMPLE_CACHE_PUBLISH_FAILURES,
        SAMPLE_CACHE_FOUND,
        SAMPLE_CACHE_MISSED,
        SAMPLE_CACHE_FENCED,
        SAMPLE_CACHE_DOWN,
        SAMPLE_PACK_RELOADS,
        SAMPLE_PACK_REFUSALS,
        SAMPLE_COUNT,
} sample_kind;

static const metric_declaration SAMPLES[SAMPLE_COUNT] = {
        [SAMPLE_RPC_SERVER_ACTIVE_CALLS] = {.name = "rpc_server_active_calls",
                                            .help = "Calls that are open.",
                                            .type = METRIC_GAUGE},
        [SAMPLE_RPC_SERVER_SHED] = {.name = "rpc_server_shed_total",
                                    .help = "Calls refused at the cap.",
                                    .type = METRIC_COUNTER},
        [SAMPLE_RPC_SERVER_CANCELLED] = {.name = "rpc_server_cancelled_total",
                                         .help = "Calls whose client went away.",
                                         .type = METRIC_COUNTER},
        [SAMPLE_LOOP_TURNS] = {.name = "sscard_loop_turns_total",
                               .help = "Turns of the loop.",
                               .type = METRIC_COUNTER},
        [SAMPLE_LOOP_SLEEPS] = {.name = "sscard_loop_sleeps_total",
                                .help = "Turns that slept.",
                                .type = METRIC_COUNTER},
        [SAMPLE_LOOP_COROUTINE_STACKS] = {.name = "sscard_loop_coroutine_stacks",
                                          .help = "Stacks that exist.",
                                          .type = METRIC_GAUGE},
        [SAMPLE_LOOP_LONGEST_TURN_MICROSECONDS] =
                {.name = "sscard_loop_longest_turn_microseconds",
                 .help = "The longest turn so far, rounded up to a power of two.",
                 .type = METRIC_GAUGE},
        [SAMPLE_STORE_BATCHES] = {.name = "sscard_store_batches_total",
                                  .help = "Transactions.",
                                  .type = METRIC_COUNTER},
        [SAMPLE_STORE_GROUPS] = {.name = "sscard_store_groups_total",
                                 .help = "Commits of the engine.",
                                 .type = METRIC_COUNTER},
        [SAMPLE_STORE_CONFLICTS] = {.name = "sscard_store_conflicts_total",
                                    .help = "Transactions that lost a race.",
                                    .type = METRIC_COUNTER},
        [SAMPLE_STORE_FAILURES] = {.name = "sscard_store_failures_total",
                                   .help = "Transactions that failed.",
                                   .type = METRIC_COUNTER},
        [SAMPLE_STORE_WAL_BYTES] = {.name = "sscard_store_wal_bytes",
                                    .help = "Size of the write-ahead log.",
                                    .type = METRIC_GAUGE},
        [SAMPLE_CACHE_UP] = {.name = "sscard_cache_up",
                             .help = "1 while Redis is connected.",
                             .type = METRIC_GAUGE},
        [SAMPLE_CACHE_TRUSTED] = {.name = "sscard_cache_trusted",
                                  .help = "1 while this owner's records in Redis may be believed.",
                                  .type = METRIC_GAUGE},
        [SAMPLE_CACHE_FENCES] = {.name = "sscard_cache_fences_total",
                                 .help = "Fences taken.",
                                 .type = METRIC_COUNTER},
        [SAMPLE_CACHE_PUBLISH_FAILURES] = {.name = "sscard_cache_publish_failures_total",
                                           .help = "Publications that did not reach Redis.",
                                           .type = METRIC_COUNTER},
        [SAMPLE_CACHE_FOUND] = {.name = "sscard_cache_found_total",
                                .help = "Records found.",
                                .type = METRIC_COUNTER},
        [SAMPLE_CACHE_MISSED] = {.name = "sscard_cache_missed_total",
                                 .help = "Records not found.",
                                 .type = METRIC_COUNTER},
        [SAMPLE_CACHE_FENCED] = {.name = "sscard_cache_fenced_total",
                                 .help = "Records under a fence.",
                                 .type = METRIC_COUNTER},
        [SAMPLE_CACHE_DOWN] = {.name = "sscard_cache_down_total",
                               .help = "Look-ups without a believed lease.",
                               .type = METRIC_COUNTER},
        [SAMPLE_PACK_RELOADS] = {.name = "sscard_pack_reloads_total",
                                 .help = "Rule packs taken in the place of another.",
                                 .type = METRIC_COUNTER},
        [SAMPLE_PACK_REFUSALS] = {.name = "sscard_pack_refusals_total",
                                  .help = "Changed rule packs that were refused.",
                                  .type = METRIC_COUNTER},
};

struct service_metrics {
        metrics *registry;
        const rpc_method *methods;
        method_series *series;
        size_t count;
        metric_family *calls;
        metric_value *samples[SAMPLE_COUNT]; /* looked up when first seen */
};

static const metric_declaration calls_declaration = {
        .name = "rpc_server_calls_total",
        .help = "Calls that are over, by method and gRPC status code.",
        .type = METRIC_COUNTER,
        .labels = {"rpc_method", "rpc_response_status_code"}};

service_metrics *service_metrics_open(metrics *registry, const rpc_method *methods, size_t count,
                                      const char *service, const char *region, const char *version)
{
        static const metric_declaration duration = {
                .name = "rpc_server_call_duration_seconds",
                .help = "Time from the request's arrival to the end of its handler.",
                .type = METRIC_HISTOGRAM,
                .labels = {"rpc_method"},
                .scale = 1e-6,
                .bounds = metric_bounds_call_us,
                .bound_count = METRIC_CALL_BOUNDS};
        static const metric_declaration build = {
                .name = "sscard_build_info",
                .help = "Constant 1; its labels say what runs here.",
                .type = METRIC_GAUGE,
                .labels = {"service", "region", "version"}};
        service_metrics *m = calloc(1, sizeof *m);
        m->registry = registry;
        m->methods = methods;
        m->count = count;
        m->series = calloc(count + 1, sizeof *m->series);
        m->calls = metrics_family(registry, &calls_declaration);
        metric_family *durations = metrics_family(registry, &duration);
        for (size_t i = 0; i < count; i++)
                m->series[i].duration = metric_histogram_series(
                        durations, (const char *const[]){methods[i].full_name});
        metric_set(metric_series(metrics_family(registry, &build),
                                 (const char *const[]){service, region, version}),
                   1);
        return m;
}

metrics *service_metrics_registry(const service_metrics *m)
{
        return m ? m->registry : NULL;
}

void service_metrics_close(service_metrics *m)
{
        if (!m) return;
        free(m->series);
        free(m);
}

void service_metrics_call(service_metrics *m, uint32_t method_index, int status,
                          int64_t duration_us)
{
        if (method_index >= m->count || status < 0 || status >= STATUS_COUNT) return;
        method_series *series = &m->series[method_index];
        if (!series->by_status[status])
                series->by_status[status] = metric_series(
                        m->calls, (const char *const[]){
                                          m->methods[method_index].full_name,
                                          status ? failure_kind_name((failure_kind)status) : "OK"});
        metric_add(series->by_status[status], 1);
        metric_observe(series->duration, duration_us);
}

static void sample(service_metrics *m, sample_kind kind, int64_t number)
{
        if (!m->samples[kind])
                m->samples[kind] = metric_series(metrics_family(m->registry, &SAMPLES[kind]), NULL);
        metric_set(m->samples[kind], number);
}

static void sample_calls(service_metrics *m, const rpc_server *server)
{
        rpc_server_counts counts = rpc_server_count(server);
        sample(m, SAMPLE_RPC_SERVER_ACTIVE_CALLS, counts.open);
        sample(m, SAMPLE_RPC_SERVER_SHED, (int64_t)counts.shed);
        sample(m, SAMPLE_RPC_SERVER_CANCELLED, (int64_t)counts.cancelled);
}

static void sample_loop(service_metrics *m, const loop *l)
{
        loop_counts counts = loop_count(l);
        sample(m, SAMPLE_LOOP_TURNS, (int64_t)counts.turns);
        sample(m, SAMPLE_LOOP_SLEEPS, (int64_t)counts.sleeps);
        sample(m, SAMPLE_LOOP_COROUTINE_STACKS, counts.stacks);
        int64_t longest = 0;
        for (int i = 0; i < LOOP_TURN_BUCKETS; i++)
                if (counts.turn_us[i]) longest = (int64_t)1 << i;
        sample(m, SAMPLE_LOOP_LONGEST_TURN_MICROSECONDS, longest);
}

static void sample_store(service_metrics *m, const store *s)
{
        store_counts counts = store_count(s);
        sample(m, SAMPLE_STORE_BATCHES, (int64_t)counts.batches);
        sample(m, SAMPLE_STORE_GROUPS, (int64_t)counts.groups);
        sample(m, SAMPLE_STORE_CONFLICTS, (int64_t)counts.conflicts);
        sample(m, SAMPLE_STORE_FAILURES, (int64_t)counts.failures);
        sample(m, SAMPLE_STORE_WAL_BYTES, counts.wal_bytes);
}

static void sample_cache(service_metrics *m, const service_metrics_sources *from)
{
        if (from->cache) sample(m, SAMPLE_CACHE_UP, cache_connection_is_up(from->cache));
        if (from->owner) {
                const cache_owner_counts *counts = cache_owner_counts_of(from->owner);
                sample(m, SAMPLE_CACHE_TRUSTED, cache_owner_view_of(from->owner).trusted);
                sample(m, SAMPLE_CACHE_FENCES, (int64_t)counts->fences);
                sample(m, SAMPLE_CACHE_PUBLISH_FAILURES, (int64_t)counts->publish_failures);
        }
        if (from->reader) {
                const cache_reader_counts *counts = cache_reader_counts_of(from->reader);
                sample(m, SAMPLE_CACHE_FOUND, (int64_t)counts->found);
                sample(m, SAMPLE_CACHE_MISSED, (int64_t)counts->missed);
                sample(m, SAMPLE_CACHE_FENCED, (int64_t)counts->fenced);
                sample(m, SAMPLE_CACHE_DOWN, (int64_t)counts->down);
        }
}

void service_metrics_sample(service_metrics *m, const service_metrics_sources *from)
{
        if (from->server) sample_calls(m, from->server);
        if (from->loop) sample_loop(m, from->loop);
        if (from->store) sample_store(m, from->store);
        sample_cache(m, from);
        if (!from->packs) return;
        pack_shelf_counts counts = pack_shelf_count(from->packs);
        sample(m, SAMPLE_PACK_RELOADS, (int64_t)counts.reloads);
        sample(m, SAMPLE_PACK_REFUSALS, (int64_t)counts.refusals);
}
