/* Peers' records as they were read a while ago, for reads that allow max_staleness when neither the
 * cache nor the owner can say more. Kept only for who asks that way: a strong read neither fills
 * nor looks at it. Bounded; what is older than an hour is of no use to anybody and goes first.
 * Loop thread only. */
#ifndef SSCARD_COMMON_SERVICE_RECORD_COPIES_H
#define SSCARD_COMMON_SERVICE_RECORD_COPIES_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/base/ulid.h"

typedef struct record_copies record_copies;

/* The longest staleness that a read may allow. */
enum { RECORD_COPIES_AGE_MAX_MS = 3600 * 1000 };

/* Never NULL. Pair: record_copies_destroy(), which takes NULL too. */
record_copies *record_copies_create(size_t entries_max, size_t bytes_max);
void record_copies_destroy(record_copies *c);

/* Remembers what a strong read that began at `at_ms` (monotonic) has found. An older version, or a
 * record larger than there is room for, is not taken. */
void record_copies_keep(record_copies *c, uint32_t service, const ulid *holder, int64_t version,
                        bytes record, int64_t at_ms);

/* The copy, if it is at most `staleness_ms` old at `now_ms`: into the arena. `stale_ms` is at least
 * 1: it is never taken for a strong read. */
bool record_copies_find(record_copies *c, arena *a, uint32_t service, const ulid *holder,
                        int64_t now_ms, int64_t staleness_ms, int64_t *version, bytes *record,
                        int64_t *stale_ms);

typedef struct record_copies_counts {
        size_t entries, bytes;
        uint64_t hits, misses;
} record_copies_counts;
record_copies_counts record_copies_count(const record_copies *c);

#endif
