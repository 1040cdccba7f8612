/* Strong reads of other services' records: one MGET, believed only under their owners' leases.
 *
 * Every 200 ms the reader asks for all leases and how long they live; it believes an epoch until
 * its own monotonic clock, read before asking, plus that. It forgets everything when the connection
 * is replaced. */
#ifndef SSCARD_COMMON_CACHE_READER_H
#define SSCARD_COMMON_CACHE_READER_H

#include "common/base/bytes.h"
#include "common/cache/connection.h"
#include "common/runtime/task.h"

#include <stdint.h>

typedef struct cache_reader cache_reader;

enum { CACHE_READER_SERVICES_MAX = 8 };

typedef struct cache_reader_options {
        cache_connection *connection; /* required, outlives the reader */
        const char *const *services; /* whose records are read; copied; indexes below are of this */
        uint32_t service_count;      /* 1 to CACHE_READER_SERVICES_MAX */
        uint32_t poll_ms;            /* 0: 200 */
} cache_reader_options;

cache_reader *cache_reader_create(loop *l, const cache_reader_options *options) MUST_CHECK;
/* No task may be inside a look-up. Holds the loop until it is gone. `gone` may be NULL. */
void cache_reader_destroy(cache_reader *reader, void (*gone)(void *argument), void *argument);

typedef enum cache_finding {
        CACHE_FOUND,  /* epoch, version, record */
        CACHE_MISS,   /* nothing that counts: ask the owner */
        CACHE_FENCED, /* a write is under way: ask the owner */
        CACHE_DOWN,   /* no lease of that owner is believed, or Redis is away: ask the owner */
} cache_finding;

typedef struct cache_look {
        cache_finding finding;
        uint64_t epoch, version;
        bytes record;     /* in the task's arena */
        int64_t stale_ms; /* 0: a strong read. Else it was true so many milliseconds ago */
} cache_look;

/* Several services' records of one holder, at one moment. `services` are indexes; `looks` has as
 * many. `max_staleness_ms` 0: strong. Above: a record of the epoch believed last on this connection
 * is also taken if that belief ended no longer ago than this.
 * Suspends: once, when anything is worth asking. False: interrupted. Redis away is true with DOWN.
 */
bool cache_reader_look_up(task *t, cache_reader *reader, uint8_t part, const char *holder,
                          const uint32_t *services, uint32_t service_count,
                          int64_t max_staleness_ms, cache_look *looks) MUST_CHECK;

/* Is an epoch of that service believed now? */
bool cache_reader_believes(const cache_reader *reader, uint32_t service);

typedef struct cache_reader_counts {
        uint64_t look_ups, found, missed, fenced, down, stale, polls, poll_failures;
} cache_reader_counts;
const cache_reader_counts *cache_reader_counts_of(const cache_reader *reader);

#endif
