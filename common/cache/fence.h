/* A write's two sides in the cache: a fence before the commit, the record after it.
 *
 *   load → rules → cache_fence_take → commit → cache_publish → OK
 *
 * Never answer OK before cache_publish() has returned true. */
#ifndef SSCARD_COMMON_CACHE_FENCE_H
#define SSCARD_COMMON_CACHE_FENCE_H

#include "common/base/bytes.h"
#include "common/cache/key.h"
#include "common/cache/lease.h"
#include "common/runtime/task.h"

enum { CACHE_FENCE_ID_BYTES = 16, CACHE_FENCE_LIFE_MS = 30000 };

/* Zero is "none was taken". Nothing to release: an unused fence runs out by itself, and must be
 * left to when the outcome of the commit is in doubt. */
typedef struct cache_fence {
        char id[CACHE_FENCE_ID_BYTES + 1];
        bool taken;
} cache_fence;

/* Before the commit of a change that is based on `base_version` of the holder's record. Best
 * effort: whatever goes wrong, the write goes on and only publishing is dearer. Suspends; a task
 * that was interrupted meanwhile finds out at its next step. */
void cache_fence_take(task *t, cache_owner *owner, const cache_key *key, uint64_t base_version,
                      cache_fence *fence);

/* After the commit of `version`. `record` NULL: the key is erased instead (a case is open, or the
 * holder is gone). `fence` NULL or zero: a repeat that publishes what is current.
 * Suspends: the usual round trip; up to W when Redis is away.
 * True: no strong read shows less than `version` from now on; OK may be said.
 * False: that could not be established (interrupted, past the deadline, database away); the outcome
 * is UNAVAILABLE, the failure is on the task. */
bool cache_publish(task *t, cache_owner *owner, const cache_key *key, const cache_fence *fence,
                   uint64_t version, const bytes *record) MUST_CHECK;

#endif
