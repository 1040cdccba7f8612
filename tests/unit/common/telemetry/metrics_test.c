/* Metrics: what is counted is shown, in Prometheus's words, and never without bound. */
#include "tests/unit/common/telemetry/metrics_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_same_labels_are_the_same_series(void **state)
{
        (void)state;
        metrics *m = metrics_create();
        metric_family *family = metrics_family(m, &METRICS_CALLS);
        assert_ptr_equal(family, metrics_family(m, &METRICS_CALLS));
        metric_value *first = metric_series(family, (const char *[]){"GetCard", "OK"});
        assert_ptr_equal(first, metric_series(family, (const char *[]){"GetCard", "OK"}));
        assert_ptr_not_equal(first, metric_series(family, (const char *[]){"GetCard", "ABORTED"}));
        metric_set(first, 7);
        assert_int_equal(metric_get(first), 7);
        metrics_destroy(m);
}

static void label_values_without_end_share_one_series(void **state)
{
        (void)state;
        metrics *m = metrics_create();
        metric_family *family = metrics_family(m, &METRICS_CALLS);
        metric_value *last = NULL;
        for (int i = 0; i < METRIC_SERIES_MAX + 50; i++) {
                char value[16];
                snprintf(value, sizeof value, "m%d", i);
                last = metric_series(family, (const char *[]){value, "OK"});
                metric_add(last, 1);
        }
        assert_int_equal(metric_get(last), 50);
        char *text = metrics_exposed(m);
        assert_non_null(
                strstr(text, "{rpc_method=\"other\",rpc_response_status_code=\"other\"} 50\n"));
        size_t lines = 0;
        for (char *at = text; (at = strchr(at, '\n')); at++)
                lines++;
        assert_int_equal(lines, 2 + METRIC_SERIES_MAX + 1);
        free(text);
        metrics_destroy(m);
}

static void *add_many(void *argument)
{
        metric_family *family = metrics_family(argument, &METRICS_DURATIONS);
        metric_histogram *h = metric_histogram_series(family, (const char *[]){"GetCard"});
        metric_value *value = metric_series(metrics_family(argument, &METRICS_OPEN_CALLS), NULL);
        for (int i = 0; i < 20000; i++) {
                metric_add(value, 1);
                metric_observe(h, i);
        }
        return NULL;
}

static void nothing_is_lost_between_threads_and_a_reader(void **state)
{
        (void)state;
        metrics *m = metrics_create();
        pthread_t threads[3];
        for (int i = 0; i < 3; i++)
                assert_int_equal(pthread_create(&threads[i], NULL, add_many, m), 0);
        for (int i = 0; i < 50; i++)
                free(metrics_exposed(m));
        for (int i = 0; i < 3; i++)
                assert_int_equal(pthread_join(threads[i], NULL), 0);
        char *text = metrics_exposed(m);
        assert_non_null(strstr(text, "rpc_server_calls_open 60000\n"));
        assert_non_null(strstr(text, "le=\"+Inf\"} 60000\n"));
        assert_non_null(strstr(text, "le=\"0.001\"} 3003\n"));
        free(text);
        metrics_destroy(m);
}

static void the_common_bounds_rise(void **state)
{
        (void)state;
        for (size_t i = 1; i < metric_bounds_call_count; i++)
                assert_true(metric_bounds_call_us[i] > metric_bounds_call_us[i - 1]);
        for (size_t i = 1; i < metric_bounds_turn_count; i++)
                assert_true(metric_bounds_turn_us[i] > metric_bounds_turn_us[i - 1]);
        assert_true(metric_bounds_call_count <= METRIC_BUCKETS_MAX);
        assert_true(metric_bounds_turn_count <= METRIC_BUCKETS_MAX);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_same_labels_are_the_same_series),
                cmocka_unit_test(label_values_without_end_share_one_series),
                cmocka_unit_test(nothing_is_lost_between_threads_and_a_reader),
                cmocka_unit_test(the_common_bounds_rise),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
