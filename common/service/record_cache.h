/* What an owner does for its holders' records in the shared cache, behind the functions that commit
 * calls: fence before the batch, publish after it, install at a cold load. */
#ifndef SSCARD_COMMON_SERVICE_RECORD_CACHE_H
#define SSCARD_COMMON_SERVICE_RECORD_CACHE_H

#include "common/cache/lease.h"
#include "common/commit/commit.h"

/* Embedded; nothing to release. Borrows owner and service name. */
typedef struct record_cache {
        commit_cache base;
        cache_owner *owner;
        const char *service;
} record_cache;

void record_cache_init(record_cache *cache, cache_owner *owner, const char *service);

#endif
