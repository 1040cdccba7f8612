/* Metrics: counters, gauges and histograms of one instance, and their Prometheus text.
 *
 * A family has a name, a help text and label names; a series is a family with label values. Look a
 * series up once and keep the pointer: changing it is one relaxed atomic addition, from any thread,
 * beside a reader. Numbers are integers in the unit they are measured in; `scale` turns them into
 * the unit that is shown (durations: microseconds, scale 1e-6, shown in seconds). */
#ifndef SSCARD_COMMON_TELEMETRY_METRICS_H
#define SSCARD_COMMON_TELEMETRY_METRICS_H

#include <stddef.h>
#include <stdint.h>

typedef struct metrics metrics;
typedef struct metric_family metric_family;

enum { METRIC_LABELS_MAX = 4, METRIC_SERIES_MAX = 500, METRIC_BUCKETS_MAX = 24 };

typedef enum metric_type {
        METRIC_COUNTER = 1, /* only rises; its name ends in _total */
        METRIC_GAUGE = 2,
        METRIC_HISTOGRAM = 3,
} metric_type;

/* Static storage. */
typedef struct metric_declaration {
        const char *name; /* lower_snake with the unit: rpc_server_call_duration_seconds */
        const char *help;
        metric_type type;
        const char *labels[METRIC_LABELS_MAX + 1]; /* names; NULL-terminated */
        double scale;                              /* 0: 1 */
        const int64_t *bounds; /* histogram: upper bounds, rising, in the measured unit */
        size_t bound_count;
} metric_declaration;

/* Bounds in microseconds from 100 us to 10 s: calls, commits, peers. */
enum { METRIC_CALL_BOUNDS = 16 };
extern const int64_t metric_bounds_call_us[METRIC_CALL_BOUNDS];
extern const size_t metric_bounds_call_count;
/* Bounds in microseconds from 10 us to 1 s: turns of the loop, cache round trips. */
extern const int64_t metric_bounds_turn_us[];
extern const size_t metric_bounds_turn_count;

metrics *metrics_create(void); /* never NULL */
void metrics_destroy(metrics *m);

/* Declares a family; the same declaration twice gives the same family, another one under the same
 * name is a bug. Never NULL. Any thread. */
metric_family *metrics_family(metrics *m, const metric_declaration *declaration);

/* One number that is changed by atomic additions. */
typedef struct metric_value {
        int64_t number; /* atomic access only */
} metric_value;
typedef struct metric_histogram {
        const int64_t *bounds;
        size_t bound_count;
        int64_t sum;                              /* atomic access only */
        uint64_t buckets[METRIC_BUCKETS_MAX + 1]; /* atomic access only; the last one: above all */
} metric_histogram;

/* The series with these label values (as many as the family has labels; none: NULL). Never NULL:
 * beyond METRIC_SERIES_MAX all further values share one series whose labels are "other". Values are
 * copied; they come from vocabularies, never from a person or a request's text. Any thread; takes a
 * lock: not for each call. */
metric_value *metric_series(metric_family *family, const char *const *values);
metric_histogram *metric_histogram_series(metric_family *family, const char *const *values);

static inline void metric_add(metric_value *value, int64_t by)
{
        __atomic_fetch_add(&value->number, by, __ATOMIC_RELAXED);
}
static inline void metric_set(metric_value *value, int64_t to)
{
        __atomic_store_n(&value->number, to, __ATOMIC_RELAXED);
}
static inline int64_t metric_get(const metric_value *value)
{
        return __atomic_load_n(&value->number, __ATOMIC_RELAXED);
}
static inline void metric_observe(metric_histogram *histogram, int64_t measured)
{
        size_t i = 0;
        while (i < histogram->bound_count && measured > histogram->bounds[i])
                i++;
        __atomic_fetch_add(&histogram->buckets[i], 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&histogram->sum, measured, __ATOMIC_RELAXED);
}

/* Prometheus text format 0.0.4, families in order of their names. From malloc(); the caller frees.
 * Any thread, beside writers. */
char *metrics_expose(metrics *m, size_t *length);

#endif
