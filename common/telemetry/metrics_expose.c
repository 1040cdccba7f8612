/* Prometheus text format 0.0.4.
 * Must never hold up a writer: numbers are read one by one, atomically. */
#include "common/telemetry/metrics_internal.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void put_escaped(FILE *to, const char *text, bool is_label)
{
        for (; *text; text++) {
                if (*text == '\\')
                        fputs("\\\\", to);
                else if (*text == '\n')
                        fputs("\\n", to);
                else if (*text == '"' && is_label)
                        fputs("\\\"", to);
                else
                        fputc(*text, to);
        }
}

static void put_labels(FILE *to, const metric_family *family, const metric_series_node *series,
                       const char *bound)
{
        if (family->label_count == 0 && !bound) return;
        fputc('{', to);
        for (size_t i = 0; i < family->label_count; i++) {
                fprintf(to, "%s%s=\"", i ? "," : "", family->declaration->labels[i]);
                put_escaped(to, series->values[i], true);
                fputc('"', to);
        }
        if (bound) fprintf(to, "%sle=\"%s\"", family->label_count ? "," : "", bound);
        fputc('}', to);
}

static void put_scaled(FILE *to, const metric_family *family, int64_t number)
{
        double scale = family->declaration->scale;
        if (scale == 0 || scale == 1)
                fprintf(to, " %" PRId64 "\n", number);
        else
                fprintf(to, " %.10g\n", (double)number * scale);
}

static void put_value(FILE *to, const metric_family *family, const metric_series_node *series)
{
        fputs(family->declaration->name, to);
        put_labels(to, family, series, NULL);
        put_scaled(to, family, metric_get(&series->value));
}

static void put_histogram(FILE *to, const metric_family *family, const metric_series_node *series)
{
        const metric_declaration *declaration = family->declaration;
        const metric_histogram *histogram = &series->histogram;
        double scale = declaration->scale == 0 ? 1 : declaration->scale;
        uint64_t count = 0;
        for (size_t i = 0; i <= declaration->bound_count; i++) {
                count += __atomic_load_n(&histogram->buckets[i], __ATOMIC_RELAXED);
                char bound[32] = "+Inf";
                if (i < declaration->bound_count)
                        snprintf(bound, sizeof bound, "%.10g",
                                 (double)declaration->bounds[i] * scale);
                fprintf(to, "%s_bucket", declaration->name);
                put_labels(to, family, series, bound);
                fprintf(to, " %" PRIu64 "\n", count);
        }
        fprintf(to, "%s_sum", declaration->name);
        put_labels(to, family, series, NULL);
        put_scaled(to, family, __atomic_load_n(&histogram->sum, __ATOMIC_RELAXED));
        fprintf(to, "%s_count", declaration->name);
        put_labels(to, family, series, NULL);
        fprintf(to, " %" PRIu64 "\n", count);
}

static void put_family(FILE *to, const metric_family *family)
{
        static const char *const types[] = {
                [METRIC_COUNTER] = "counter",
                [METRIC_GAUGE] = "gauge",
                [METRIC_HISTOGRAM] = "histogram",
        };
        const metric_declaration *declaration = family->declaration;
        fprintf(to, "# HELP %s ", declaration->name);
        put_escaped(to, declaration->help, false);
        fprintf(to, "\n# TYPE %s %s\n", declaration->name, types[declaration->type]);
        for (const metric_series_node *series = family->series; series; series = series->next) {
                if (declaration->type == METRIC_HISTOGRAM)
                        put_histogram(to, family, series);
                else
                        put_value(to, family, series);
        }
}

char *metrics_expose(metrics *m, size_t *length)
{
        char *text = NULL;
        FILE *to = open_memstream(&text, length);
        if (!to) abort();
        pthread_mutex_lock(&m->lock);
        for (const metric_family *family = m->families; family; family = family->next)
                put_family(to, family);
        pthread_mutex_unlock(&m->lock);
        if (fclose(to) != 0) abort();
        return text;
}
