/* An owner's hold on one Redis instance: it grants the lease under which the service's records
 * there may be believed, and takes trust away when a write could not be published.
 *
 *   no row ──▶ TRUSTED(run id) ──another run id, or a publish failed──▶ DOWN ──▶ TRUSTED …
 *                                                   (epoch + 1)   after 10 s   (epoch + 1)
 *
 * Every 500 ms: TIME → row → lease until TIME + 2 s. Nothing else in the house puts a lease. */
#ifndef SSCARD_COMMON_CACHE_LEASE_H
#define SSCARD_COMMON_CACHE_LEASE_H

#include "common/cache/connection.h"
#include "common/cache/trust.h"
#include "common/runtime/loop.h"

typedef struct cache_owner cache_owner;

typedef struct cache_owner_options {
        cache_connection *connection; /* required, outlives the owner */
        cache_trust_store *trust;     /* required, outlives the owner */
        const char *service;          /* "orders"; copied */
        const char *instance;         /* which Redis, as in the row; "" is one; copied */
        /* For tests; 0 means the protocol's figure. life < wait by more than 20 %. */
        uint32_t renew_ms;   /* 500 */
        uint32_t life_ms;    /* 2 000: L */
        uint32_t wait_ms;    /* 2 500: W, how long DOWN must have been seen until no lease lives */
        uint32_t retrust_ms; /* 10 000: from DOWN to the next trust, at the soonest */
} cache_owner_options;

/* Begins to grant at once. Pair: cache_owner_destroy(). */
cache_owner *cache_owner_create(loop *l, const cache_owner_options *options) MUST_CHECK;
/* Stops granting (a lease that lives just runs out). No task may be inside fence, publish or load.
 * Holds the loop until it is gone. `gone` may be NULL. NULL owner is allowed. */
void cache_owner_destroy(cache_owner *owner, void (*gone)(void *argument), void *argument);

/* What it saw last; for metrics, readiness and `status`. */
typedef struct cache_owner_view {
        bool trusted; /* a lease was put less than L ago */
        bool down;    /* the row says DOWN */
        uint64_t epoch;
        int64_t trusted_in_ms; /* DOWN: until the next trust, at the soonest; else 0 */
} cache_owner_view;
cache_owner_view cache_owner_view_of(const cache_owner *owner);

typedef struct cache_owner_counts {
        uint64_t leases, lease_failures, downs, trusts;
        uint64_t fences, fences_missed;
        uint64_t published, left, erased, publish_failures, publish_retries, down_waits;
        uint64_t tokens, installs;
} cache_owner_counts;
const cache_owner_counts *cache_owner_counts_of(const cache_owner *owner);

#endif
