/* The text of metrics: Prometheus's own format. */
#include "tests/unit/common/telemetry/metrics_fixture.h"

#include <stdlib.h>

static void the_text_is_prometheus_format_in_order_of_names(void **state)
{
        (void)state;
        metrics *m = metrics_create();
        metric_add(metric_series(metrics_family(m, &METRICS_OPEN_CALLS), NULL), 5);
        metric_family *family = metrics_family(m, &METRICS_CALLS);
        metric_add(metric_series(family, (const char *[]){"GetCard", "OK"}), 3);
        metric_add(metric_series(family, (const char *[]){"Get\"\\", "x\ny"}), 1);
        metric_histogram *h = metric_histogram_series(metrics_family(m, &METRICS_DURATIONS),
                                                      (const char *[]){"GetCard"});
        metric_observe(h, 1000);
        metric_observe(h, 1001);
        metric_observe(h, 5000000);
        char *text = metrics_exposed(m);
        assert_string_equal(
                text,
                "# HELP rpc_server_call_duration_seconds How long calls took.\n"
                "# TYPE rpc_server_call_duration_seconds histogram\n"
                "rpc_server_call_duration_seconds_bucket{rpc_method=\"GetCard\",le=\"0.001\"} 1\n"
                "rpc_server_call_duration_seconds_bucket{rpc_method=\"GetCard\",le=\"0.01\"} 2\n"
                "rpc_server_call_duration_seconds_bucket{rpc_method=\"GetCard\",le=\"+Inf\"} 3\n"
                "rpc_server_call_duration_seconds_sum{rpc_method=\"GetCard\"} 5.002001\n"
                "rpc_server_call_duration_seconds_count{rpc_method=\"GetCard\"} 3\n"
                "# HELP rpc_server_calls_open Calls in flight.\n"
                "# TYPE rpc_server_calls_open gauge\n"
                "rpc_server_calls_open 5\n"
                "# HELP rpc_server_calls_total Calls that ended,\\nby method.\n"
                "# TYPE rpc_server_calls_total counter\n"
                "rpc_server_calls_total{rpc_method=\"GetCard\",rpc_response_status_code=\"OK\"} 3\n"
                "rpc_server_calls_total{rpc_method=\"Get\\\"\\\\\",rpc_response_status_code="
                "\"x\\ny\"} 1\n");
        free(text);
        metrics_destroy(m);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_text_is_prometheus_format_in_order_of_names),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
