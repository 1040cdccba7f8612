/* Follows the feeds of other services: what may follow later than the truth (S6 never waits for
 * it). Effect and cursor go into one transaction, so that an event takes effect once, whatever dies
 * in between. An event that fails stops its part alone, and is tried again. */
#ifndef SSCARD_COMMON_SERVICE_CONSUMER_H
#define SSCARD_COMMON_SERVICE_CONSUMER_H

#include "common/service/instance.h"

/* One event of the other service. In the task's arena. */
typedef struct consumer_event {
        const char *name; /* resource name */
        int64_t version;
        const char *type; /* "order.paid" */
        int64_t at_ms;    /* business time */
        const char *kind; /* of the thing; "order" */
        bytes after;      /* its packed record; empty: gone or erased */
        ulid holder;      /* whose thing it is; zero: erased */
} consumer_event;

typedef enum consumer_verdict {
        CONSUMER_DONE = 1, /* committed, with `consumes` in the same commit_request */
        CONSUMER_NOTHING,  /* has no effect here */
        CONSUMER_AGAIN,    /* failed for now */
} consumer_verdict;

/* Takes one event over, as a command of SYSTEM: load, decide, commit with `consumes`. Suspends. */
typedef consumer_verdict consumer_take(task *t, service_instance *instance,
                                       const consumer_event *event,
                                       const commit_consumes *consumes);

/* Static; service_definition.consumers. */
struct service_consumer {
        const char *source;        /* one of the definition's peers */
        const char *const *events; /* types, NULL-ended */
        consumer_take *take;
};

/* The job that follows all sources of a definition. */
extern const service_job CONSUMER_JOB;

#endif
