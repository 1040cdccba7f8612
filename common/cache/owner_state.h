/* What lease.c, fence.c and load.c share of an owner. For this room only. */
#ifndef SSCARD_COMMON_CACHE_OWNER_STATE_H
#define SSCARD_COMMON_CACHE_OWNER_STATE_H

#include "common/cache/key.h"
#include "common/cache/lease.h"
#include "common/cache/load.h"
#include "common/cache/ticker.h"

enum { CACHE_SERVICE_BYTES = 32, CACHE_INSTANCE_BYTES = 64, CACHE_ID_DIGITS = 16 };

struct cache_owner {
        loop *loop;
        cache_connection *connection;
        cache_trust_store *trust;
        char instance[CACHE_INSTANCE_BYTES];
        cache_key lease;
        uint32_t life_ms, wait_ms, retrust_ms;

        uint64_t epoch;           /* of the row as last seen; 0: not seen yet */
        int64_t trusted_until_ms; /* of the lease put last */
        uint64_t down_epoch;  /* the row was DOWN when last seen, at this epoch; 0: it was not */
        int64_t down_seen_ms; /* monotonic, when this process first saw that; it is older */

        cache_load *loads; /* that hold a token */
        cache_owner_counts counts;
        cache_ticker ticker;
        void (*gone)(void *argument);
        void *gone_argument;
};

/* Monotonic, read now. */
int64_t cache_owner_now_ms(const cache_owner *owner);
/* Reads the row and notes what it says. Suspends. False: database away, recorded. */
bool cache_owner_row_read(task *t, cache_owner *owner, cache_trust_row *row) MUST_CHECK;
/* Sets DOWN over the row as read. Suspends. False: database away, recorded. True does not say that
 * it was ours: read again. */
bool cache_owner_row_down(task *t, cache_owner *owner, const cache_trust_row *row) MUST_CHECK;
/* TIME, row, lease; and what the row then asks for. Suspends. True: a lease was put. */
bool cache_owner_grant(task *t, cache_owner *owner);
/* 16 random hexadecimal digits and a NUL. */
void cache_owner_random_id(cache_owner *owner, char id[CACHE_ID_DIGITS + 1]);

#endif
