/* A counter, a histogram and a gauge, and the text that is exposed. */
#ifndef SSCARD_TESTS_UNIT_COMMON_TELEMETRY_METRICS_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_TELEMETRY_METRICS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/telemetry/metrics.h"

extern const metric_declaration METRICS_CALLS, METRICS_DURATIONS, METRICS_OPEN_CALLS;

/* Pair: free(). */
char *metrics_exposed(metrics *m);

#endif
