/* Binds commit's idea of a cache to the fence protocol. Must never answer OK by itself: publish()
 * says true only when no strong read can see an older record. */
#include "common/service/record_cache.h"

#include "common/cache/fence.h"

#include <string.h>

_Static_assert(sizeof((commit_fence){0}.id) == CACHE_FENCE_ID_BYTES, "one fence, two rooms");

static cache_key key_of(const record_cache *cache, uint8_t part, const ulid *holder)
{
        char text[ULID_TEXT_BYTES + 1];
        cache_key key;
        ulid_format(*holder, text);
        cache_key_of_record(&key, part, cache->service, text);
        return key;
}

static void fence(commit_cache *base, task *t, uint8_t part, const ulid *holder,
                  int64_t base_version, commit_fence *taken)
{
        TASK_MAY_SUSPEND(t);
        record_cache *cache = (record_cache *)base;
        cache_key key = key_of(cache, part, holder);
        cache_fence f = {0};
        cache_fence_take(t, cache->owner, &key, (uint64_t)base_version, &f);
        taken->taken = f.taken;
        taken->base_version = base_version;
        memcpy(taken->id, f.id, sizeof taken->id);
}

static bool publish(commit_cache *base, task *t, uint8_t part, const ulid *holder, int64_t version,
                    bytes record, const commit_fence *taken)
{
        TASK_MAY_SUSPEND(t);
        record_cache *cache = (record_cache *)base;
        cache_key key = key_of(cache, part, holder);
        cache_fence f = {0};
        if (taken && taken->taken) {
                f.taken = true;
                memcpy(f.id, taken->id, sizeof taken->id);
        }
        return cache_publish(t, cache->owner, &key, &f, (uint64_t)version,
                             record.data ? &record : NULL);
}

void record_cache_init(record_cache *cache, cache_owner *owner, const char *service)
{
        static const commit_cache_functions functions = {.fence = fence, .publish = publish};
        cache->base.functions = &functions;
        cache->owner = owner;
        cache->service = service;
}
