/* The operations port: /metrics, /healthz (liveness), /readyz, on its own port and thread.
 * Reads only atomics; never touches the loop. */
#ifndef SSCARD_COMMON_TELEMETRY_OPERATIONS_H
#define SSCARD_COMMON_TELEMETRY_OPERATIONS_H

#include "common/base/clock.h"
#include "common/base/failure.h"
#include "common/telemetry/metrics.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum operations_state {
        OPERATIONS_STARTING = 0,  /* 503 */
        OPERATIONS_READY = 1,     /* 200: can commit a change */
        OPERATIONS_READ_ONLY = 2, /* 200, DEGRADED: answers reads */
        OPERATIONS_DRAINING = 3,  /* 503 */
        OPERATIONS_BROKEN = 4,    /* 503 */
} operations_state;

typedef struct operations operations;

typedef struct operations_options {
        const char *listen;        /* "127.0.0.1:9301", "0.0.0.0:0"; port 0: any */
        metrics *metrics;          /* outlives the port */
        const clock_source *clock; /* outlives the port */
        int64_t heartbeat_max_ms;  /* /healthz fails when the last beat is older; 0: no beat */
} operations_options;

/* NULL and `f` set when the port cannot be had. Pair: operations_destroy(), which ends its thread.
 */
operations *operations_create(const operations_options *options, failure *f) MUST_CHECK;
void operations_destroy(operations *o);
uint16_t operations_port(const operations *o);

/* `why` is an UPPER_SNAKE literal shown to probes ("STORE_READ_ONLY"); "" for none. Any thread. */
void operations_set_state(operations *o, operations_state state, const char *why);
/* The loop is alive: call it from a timer, twice a heartbeat_max. Any thread. */
void operations_beat(operations *o);

#endif
