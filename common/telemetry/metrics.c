/* The registry: families and series under one lock that changing a number never takes.
 * Must never lose or move a series: callers keep the pointer. */
#include "common/telemetry/metrics.h"

#include "common/telemetry/metrics_internal.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const int64_t metric_bounds_call_us[] = {100,     250,     500,     1000,    2500,   5000,
                                         10000,   25000,   50000,   100000,  250000, 500000,
                                         1000000, 2500000, 5000000, 10000000};
const size_t metric_bounds_call_count =
        sizeof metric_bounds_call_us / sizeof *metric_bounds_call_us;
const int64_t metric_bounds_turn_us[] = {10,   25,   50,    100,   250,   500,    1000,
                                         2500, 5000, 10000, 25000, 50000, 100000, 1000000};
const size_t metric_bounds_turn_count =
        sizeof metric_bounds_turn_us / sizeof *metric_bounds_turn_us;

metrics *metrics_create(void)
{
        metrics *m = calloc(1, sizeof *m);
        if (!m) abort();
        pthread_mutex_init(&m->lock, NULL);
        return m;
}

static void family_destroy(metric_family *family)
{
        metric_series_node *series = family->series;
        while (series) {
                metric_series_node *next = series->next;
                free(series);
                series = next;
        }
        free(family);
}

void metrics_destroy(metrics *m)
{
        if (!m) return;
        metric_family *family = m->families;
        while (family) {
                metric_family *next = family->next;
                family_destroy(family);
                family = next;
        }
        pthread_mutex_destroy(&m->lock);
        free(m);
}

static void check_declaration(const metric_declaration *d)
{
        assert(d->name && d->help);
        assert(d->type >= METRIC_COUNTER && d->type <= METRIC_HISTOGRAM);
        assert((d->type == METRIC_HISTOGRAM) == (d->bounds != NULL));
        assert(d->bound_count <= METRIC_BUCKETS_MAX);
        for (size_t i = 1; d->bounds && i < d->bound_count; i++)
                assert(d->bounds[i] > d->bounds[i - 1]);
        size_t length = strlen(d->name);
        bool ends_in_total = length > 6 && strcmp(d->name + length - 6, "_total") == 0;
        assert(ends_in_total == (d->type == METRIC_COUNTER));
}

static bool declares_the_same(const metric_declaration *a, const metric_declaration *b)
{
        if (a->type != b->type || a->scale != b->scale || a->bound_count != b->bound_count)
                return false;
        for (size_t i = 0; i <= METRIC_LABELS_MAX; i++) {
                if (!a->labels[i] || !b->labels[i]) return a->labels[i] == b->labels[i];
                if (strcmp(a->labels[i], b->labels[i]) != 0) return false;
        }
        return true;
}

metric_family *metrics_family(metrics *m, const metric_declaration *declaration)
{
        check_declaration(declaration);
        pthread_mutex_lock(&m->lock);
        metric_family **place = &m->families;
        while (*place && strcmp((*place)->declaration->name, declaration->name) < 0)
                place = &(*place)->next;
        metric_family *family = *place;
        if (family && strcmp(family->declaration->name, declaration->name) == 0) {
                assert(declares_the_same(family->declaration, declaration));
        } else {
                family = calloc(1, sizeof *family);
                if (!family) abort();
                family->registry = m;
                family->declaration = declaration;
                while (declaration->labels[family->label_count])
                        family->label_count++;
                family->next = *place;
                *place = family;
        }
        pthread_mutex_unlock(&m->lock);
        return family;
}

static bool has_values(const metric_series_node *series, const char *const *values, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (strcmp(series->values[i], values[i]) != 0) return false;
        return true;
}

static metric_series_node *series_new(const metric_family *family, const char *const *values)
{
        size_t bytes = 0;
        for (size_t i = 0; i < family->label_count; i++)
                bytes += strlen(values[i]) + 1;
        metric_series_node *series = calloc(1, sizeof *series + bytes);
        if (!series) abort();
        char *to = series->text;
        for (size_t i = 0; i < family->label_count; i++) {
                size_t length = strlen(values[i]) + 1;
                memcpy(to, values[i], length);
                series->values[i] = to;
                to += length;
        }
        if (family->declaration->type == METRIC_HISTOGRAM) {
                series->histogram.bounds = family->declaration->bounds;
                series->histogram.bound_count = family->declaration->bound_count;
        }
        return series;
}

static metric_series_node *find_or_add(metric_family *family, const char *const *values)
{
        static const char *const other[] = {"other", "other", "other", "other"};
        _Static_assert(sizeof other / sizeof *other == METRIC_LABELS_MAX, "one for each label");
        for (int attempt = 0;; attempt++) {
                metric_series_node **place = &family->series;
                while (*place && !has_values(*place, values, family->label_count))
                        place = &(*place)->next;
                if (*place) return *place;
                if (family->series_count < METRIC_SERIES_MAX || attempt == 1) {
                        *place = series_new(family, values);
                        family->series_count++;
                        return *place;
                }
                values = other; /* bounded, whatever callers do */
        }
}

static metric_series_node *series_of(metric_family *family, const char *const *values)
{
        assert(values || family->label_count == 0);
        pthread_mutex_lock(&family->registry->lock);
        metric_series_node *series = find_or_add(family, values);
        pthread_mutex_unlock(&family->registry->lock);
        return series;
}

metric_value *metric_series(metric_family *family, const char *const *values)
{
        assert(family->declaration->type != METRIC_HISTOGRAM);
        return &series_of(family, values)->value;
}

metric_histogram *metric_histogram_series(metric_family *family, const char *const *values)
{
        assert(family->declaration->type == METRIC_HISTOGRAM);
        return &series_of(family, values)->histogram;
}
