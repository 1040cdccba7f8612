/* The metrics of a service. Must never label anything by a person, a resource or a text of a
 * request: methods, codes and parts of the house only. */
#include "common/service/metrics.h"

#include <stdlib.h>

enum { STATUS_COUNT = 17 };

typedef struct method_series {
        metric_value *by_status[STATUS_COUNT]; /* looked up when first seen */
        metric_histogram *duration;
} method_series;

struct service_metrics {
        metrics *registry;
        const rpc_method *methods;
        method_series *series;
        size_t count;
        metric_family *calls;
};

static const metric_declaration calls_declaration = {
        .name = "rpc_server_calls_total",
        .help = "Calls that are over, by method and gRPC status code.",
        .type = METRIC_COUNTER,
        .labels = {"rpc_method", "rpc_response_status_code"}};

service_metrics *service_metrics_open(metrics *registry, const rpc_method *methods, size_t count,
                                      const char *service, const char *region, const char *version)
{
        static const char *const duration_labels[] = {"rpc_method"};
        metric_declaration duration = {
                .name = "rpc_server_call_duration_seconds",
                .help = "Time from the request's arrival to the end of its handler.",
                .type = METRIC_HISTOGRAM,
                .labels = {duration_labels[0]},
                .scale = 1e-6,
                .bounds = metric_bounds_call_us,
                .bound_count = metric_bounds_call_count};
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

static void sample(service_metrics *m, metric_type type, const char *name, const char *help,
                   int64_t number)
{
        metric_declaration declaration = {.name = name, .help = help, .type = type};
        metric_set(metric_series(metrics_family(m->registry, &declaration), NULL), number);
}

static void sample_calls(service_metrics *m, const rpc_server *server)
{
        rpc_server_counts counts = rpc_server_count(server);
        sample(m, METRIC_GAUGE, "rpc_server_active_calls", "Calls that are open.", counts.open);
        sample(m, METRIC_COUNTER, "rpc_server_shed_total", "Calls refused at the cap.",
               (int64_t)counts.shed);
        sample(m, METRIC_COUNTER, "rpc_server_cancelled_total", "Calls whose client went away.",
               (int64_t)counts.cancelled);
}

static void sample_loop(service_metrics *m, const loop *l)
{
        loop_counts counts = loop_count(l);
        sample(m, METRIC_COUNTER, "sscard_loop_turns_total", "Turns of the loop.",
               (int64_t)counts.turns);
        sample(m, METRIC_COUNTER, "sscard_loop_sleeps_total", "Turns that slept.",
               (int64_t)counts.sleeps);
        sample(m, METRIC_GAUGE, "sscard_loop_coroutine_stacks", "Stacks that exist.",
               counts.stacks);
        int64_t longest = 0;
        for (int i = 0; i < LOOP_TURN_BUCKETS; i++)
                if (counts.turn_us[i]) longest = (int64_t)1 << i;
        sample(m, METRIC_GAUGE, "sscard_loop_longest_turn_microseconds",
               "The longest turn so far, rounded up to a power of two.", longest);
}

static void sample_store(service_metrics *m, const store *s)
{
        store_counts counts = store_count(s);
        sample(m, METRIC_COUNTER, "sscard_store_batches_total", "Transactions.",
               (int64_t)counts.batches);
        sample(m, METRIC_COUNTER, "sscard_store_groups_total", "Commits of the engine.",
               (int64_t)counts.groups);
        sample(m, METRIC_COUNTER, "sscard_store_conflicts_total", "Transactions that lost a race.",
               (int64_t)counts.conflicts);
        sample(m, METRIC_COUNTER, "sscard_store_failures_total", "Transactions that failed.",
               (int64_t)counts.failures);
        sample(m, METRIC_GAUGE, "sscard_store_wal_bytes", "Size of the write-ahead log.",
               counts.wal_bytes);
}

static void sample_cache(service_metrics *m, const service_metrics_sources *from)
{
        if (from->cache)
                sample(m, METRIC_GAUGE, "sscard_cache_up", "1 while Redis is connected.",
                       cache_connection_is_up(from->cache));
        if (from->owner) {
                const cache_owner_counts *counts = cache_owner_counts_of(from->owner);
                sample(m, METRIC_GAUGE, "sscard_cache_trusted",
                       "1 while this owner's records in Redis may be believed.",
                       cache_owner_view_of(from->owner).trusted);
                sample(m, METRIC_COUNTER, "sscard_cache_fences_total", "Fences taken.",
                       (int64_t)counts->fences);
                sample(m, METRIC_COUNTER, "sscard_cache_publish_failures_total",
                       "Publications that did not reach Redis.", (int64_t)counts->publish_failures);
        }
        if (from->reader) {
                const cache_reader_counts *counts = cache_reader_counts_of(from->reader);
                sample(m, METRIC_COUNTER, "sscard_cache_found_total", "Records found.",
                       (int64_t)counts->found);
                sample(m, METRIC_COUNTER, "sscard_cache_missed_total", "Records not found.",
                       (int64_t)counts->missed);
                sample(m, METRIC_COUNTER, "sscard_cache_fenced_total", "Records under a fence.",
                       (int64_t)counts->fenced);
                sample(m, METRIC_COUNTER, "sscard_cache_down_total",
                       "Look-ups without a believed lease.", (int64_t)counts->down);
        }
}

void service_metrics_sample(service_metrics *m, const service_metrics_sources *from)
{
        if (from->server) sample_calls(m, from->server);
        if (from->loop) sample_loop(m, from->loop);
        if (from->store) sample_store(m, from->store);
        sample_cache(m, from);
}
