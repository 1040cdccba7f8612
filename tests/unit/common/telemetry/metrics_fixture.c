/* What the tests of metrics stand on. */
#include "tests/unit/common/telemetry/metrics_fixture.h"

#include <string.h>

const metric_declaration METRICS_CALLS = {
        .name = "rpc_server_calls_total",
        .help = "Calls that ended,\nby method.",
        .type = METRIC_COUNTER,
        .labels = {"rpc_method", "rpc_response_status_code"},
};
static const int64_t bounds_us[] = {1000, 10000};
const metric_declaration METRICS_DURATIONS = {
        .name = "rpc_server_call_duration_seconds",
        .help = "How long calls took.",
        .type = METRIC_HISTOGRAM,
        .labels = {"rpc_method"},
        .scale = 1e-6,
        .bounds = bounds_us,
        .bound_count = 2,
};
const metric_declaration METRICS_OPEN_CALLS = {
        .name = "rpc_server_calls_open", .help = "Calls in flight.", .type = METRIC_GAUGE};

char *metrics_exposed(metrics *m)
{
        size_t length = 0;
        char *text = metrics_expose(m, &length);
        assert_int_equal(strlen(text), length);
        return text;
}
