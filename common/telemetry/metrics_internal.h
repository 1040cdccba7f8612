/* What the registry holds, for metrics.c and metrics_expose.c. */
#ifndef SSCARD_COMMON_TELEMETRY_METRICS_INTERNAL_H
#define SSCARD_COMMON_TELEMETRY_METRICS_INTERNAL_H

#include "common/telemetry/metrics.h"

#include <pthread.h>

typedef struct metric_series_node {
        struct metric_series_node *next;
        union {
                metric_value value;
                metric_histogram histogram;
        };
        const char *values[METRIC_LABELS_MAX];
        char text[];
} metric_series_node;

struct metric_family {
        metrics *registry;
        metric_family *next; /* by name */
        const metric_declaration *declaration;
        size_t label_count, series_count;
        metric_series_node *series; /* in order of their making */
};

struct metrics {
        pthread_mutex_t lock; /* of the lists, never of the numbers */
        metric_family *families;
};

#endif
