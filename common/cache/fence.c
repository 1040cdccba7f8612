/* Fences and publishes. Must never return true from cache_publish() unless the record stands in a
 * Redis that is believed, or no Redis is believed any more. */
#include "common/cache/fence.h"

#include "common/cache/owner_state.h"
#include "common/cache/scripts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 24 };

static bytes number_format(char text[NUMBER_BYTES], uint64_t number)
{
        return bytes_of(text, (size_t)snprintf(text, NUMBER_BYTES, "%" PRIu64, number));
}

static bytes run_id_of(const cache_owner *o)
{
        return bytes_of(cache_connection_run_id(o->connection), CACHE_RUN_ID_BYTES);
}

void cache_fence_take(task *t, cache_owner *o, const cache_key *key, uint64_t base_version,
                      cache_fence *fence)
{
        TASK_MAY_SUSPEND(t);
        fence->taken = false;
        if (o->down_epoch || !cache_connection_is_up(o->connection)) {
                o->counts.fences_missed++;
                return;
        }
        cache_owner_random_id(o, fence->id);
        char base[NUMBER_BYTES], life[NUMBER_BYTES];
        bytes keys[] = {cache_key_bytes(&o->lease), cache_key_bytes(key)};
        bytes arguments[] = {run_id_of(o), bytes_of(fence->id, CACHE_FENCE_ID_BYTES),
                             number_format(base, base_version),
                             number_format(life, CACHE_FENCE_LIFE_MS)};
        const cache_reply *reply;
        fence->taken = cache_script_call(t, o->connection, CACHE_SCRIPT_FENCE, keys, 2, arguments,
                                         ARRAY_LENGTH(arguments), &reply) &&
                       cache_reply_is(reply, "FENCED");
        if (fence->taken)
                o->counts.fences++;
        else
                o->counts.fences_missed++;
}

/* True: it stands, or what stands is as new, or the key is empty; all under a live lease. */
static bool publish_once(task *t, cache_owner *o, const cache_key *key, const cache_fence *fence,
                         uint64_t version, const bytes *record)
{
        if (!cache_connection_is_up(o->connection)) return false;
        char number[NUMBER_BYTES];
        bytes keys[] = {cache_key_bytes(&o->lease), cache_key_bytes(key)};
        bytes arguments[] = {
                run_id_of(o),
                bytes_of(fence ? fence->id : "", fence ? strlen(fence->id) : 0),
                number_format(number, version),
                bytes_of(record ? "SET" : "DEL", 3),
                record ? *record : bytes_of("", 0),
        };
        const cache_reply *reply;
        if (!cache_script_call(t, o->connection, CACHE_SCRIPT_PUBLISH, keys, 2, arguments,
                               ARRAY_LENGTH(arguments), &reply))
                return false;
        bool published = cache_reply_is(reply, "PUBLISHED"), left = cache_reply_is(reply, "LEFT"),
             erased = cache_reply_is(reply, "ERASED");
        o->counts.published += published;
        o->counts.left += left;
        o->counts.erased += erased;
        return published || left || erased;
}

/* DOWN was seen: after W, counted from then, no lease lives that was granted before. */
static bool down_wait(task *t, cache_owner *o)
{
        int64_t left_ms = o->down_seen_ms + o->wait_ms - cache_owner_now_ms(o);
        if (left_ms <= 0) return true;
        o->counts.down_waits++;
        return task_sleep(t, left_ms);
}

/* Not published. Reads the row, after the commit, and does what it takes to make OK true. */
static bool settle(task *t, cache_owner *o, const cache_key *key, const cache_fence *fence,
                   uint64_t version, const bytes *record)
{
        bool tried_again = false;
        for (;;) {
                cache_trust_row row;
                if (!cache_owner_row_read(t, o, &row)) return false;
                if (!row.exists) return true; /* nobody was ever told to believe anything */
                if (!row.trusted) return down_wait(t, o);
                if (!tried_again && cache_connection_is_up(o->connection)) {
                        /* The lease may just have run out, while this process stood still. */
                        tried_again = true;
                        o->counts.publish_retries++;
                        if (cache_owner_grant(t, o) &&
                            publish_once(t, o, key, fence, version, record))
                                return true;
                        if (task_is_interrupted(t)) return false;
                        continue;
                }
                if (!cache_owner_row_down(t, o, &row)) return false;
        }
}

bool cache_publish(task *t, cache_owner *o, const cache_key *key, const cache_fence *fence,
                   uint64_t version, const bytes *record)
{
        TASK_MAY_SUSPEND(t);
        if (!o->down_epoch && publish_once(t, o, key, fence, version, record)) return true;
        if (task_is_interrupted(t)) return false;
        o->counts.publish_failures++;
        return settle(t, o, key, fence, version, record);
}
