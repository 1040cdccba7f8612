/* Believes leases, looks records up. Must never take a value of an epoch that it does not believe,
 * nor keep a belief longer than the lease can live. */
#include "common/cache/reader.h"

#include "common/cache/key.h"
#include "common/cache/scripts.h"
#include "common/cache/ticker.h"
#include "common/cache/value.h"

#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 200, POLL_PATIENCE_MS = 2000, SERVICE_NAME_BYTES = 32 };

/* What is known of one owner's lease. `until_ms` in the past: nothing is believed now; `epoch` is
 * then the last one that was. */
typedef struct belief {
        uint64_t epoch; /* 0: none on this connection */
        int64_t until_ms;
        uint64_t generation;
} belief;

struct cache_reader {
        loop *loop;
        cache_connection *connection;
        uint32_t service_count;
        char services[CACHE_READER_SERVICES_MAX][SERVICE_NAME_BYTES];
        cache_key leases[CACHE_READER_SERVICES_MAX];
        belief beliefs[CACHE_READER_SERVICES_MAX];
        cache_reader_counts counts;
        cache_ticker ticker;
        void (*gone)(void *argument);
        void *gone_argument;
};

static int64_t now_ms(const cache_reader *r)
{
        return clock_monotonic_ms(loop_clock(r->loop)); /* not the turn's: that may be old */
}

static bool belief_is_of_this_connection(const cache_reader *r, const belief *b)
{
        return b->epoch && cache_connection_is_up(r->connection) &&
               b->generation == cache_connection_generation(r->connection);
}

/* ---- polling ---- */

static void belief_take(cache_reader *r, belief *b, const cache_reply *lease,
                        const cache_reply *ttl, int64_t asked_ms)
{
        uint64_t epoch;
        bytes run_id, server = bytes_of(cache_connection_run_id(r->connection), CACHE_RUN_ID_BYTES);
        if (lease->kind == CACHE_REPLY_TEXT && ttl->kind == CACHE_REPLY_INTEGER &&
            ttl->integer > 0 && cache_lease_parse(lease->text, &epoch, &run_id) &&
            bytes_equal(run_id, server)) {
                *b = (belief){epoch, asked_ms + ttl->integer,
                              cache_connection_generation(r->connection)};
                return;
        }
        int64_t now = now_ms(r);
        if (b->until_ms > now) b->until_ms = now;
}

static void poll_tick(task *t)
{
        cache_reader *r = t->owner;
        if (!cache_connection_is_up(r->connection)) return;
        r->counts.polls++;
        bytes keys[CACHE_READER_SERVICES_MAX];
        for (uint32_t i = 0; i < r->service_count; i++)
                keys[i] = cache_key_bytes(&r->leases[i]);
        int64_t asked_ms = now_ms(r);
        const cache_reply *reply;
        if (!cache_script_call(t, r->connection, CACHE_SCRIPT_LEASES, keys, r->service_count, NULL,
                               0, &reply) ||
            reply->kind != CACHE_REPLY_ARRAY || reply->element_count != 2 * r->service_count) {
                r->counts.poll_failures++;
                return;
        }
        for (uint32_t i = 0; i < r->service_count; i++)
                belief_take(r, &r->beliefs[i], &reply->elements[2 * i], &reply->elements[2 * i + 1],
                            asked_ms);
}

/* ---- looking up ---- */

/* 0: strong; above: how stale what it vouches for is; -1: of no use. */
static int64_t belief_staleness(const cache_reader *r, const belief *b, int64_t now,
                                int64_t max_staleness_ms)
{
        if (!belief_is_of_this_connection(r, b)) return -1;
        if (now < b->until_ms) return 0;
        int64_t stale_ms = now - b->until_ms;
        if (max_staleness_ms <= 0 || stale_ms > max_staleness_ms) return -1;
        return stale_ms > 0 ? stale_ms : 1;
}

static void look_at(cache_reader *r, task *t, uint32_t service, const cache_reply *reply,
                    int64_t now, int64_t max_staleness_ms, cache_look *look)
{
        const belief *b = &r->beliefs[service];
        int64_t stale_ms = belief_staleness(r, b, now, max_staleness_ms);
        if (stale_ms < 0) return;
        cache_value value;
        bool counts = reply->kind == CACHE_REPLY_TEXT && cache_value_parse(reply->text, &value) &&
                      value.epoch == b->epoch;
        if (counts && value.kind == CACHE_VALUE_RECORD) {
                look->finding = CACHE_FOUND;
                look->epoch = value.epoch;
                look->version = value.version;
                look->stale_ms = stale_ms;
                look->record = bytes_of(arena_copy(&t->arena, value.rest.data, value.rest.length),
                                        value.rest.length);
        } else if (stale_ms == 0) {
                look->finding =
                        counts && value.kind == CACHE_VALUE_FENCE ? CACHE_FENCED : CACHE_MISS;
        }
}

static void looks_count(cache_reader *r, const cache_look *looks, uint32_t count)
{
        r->counts.look_ups++;
        for (uint32_t i = 0; i < count; i++) {
                r->counts.found += looks[i].finding == CACHE_FOUND;
                r->counts.missed += looks[i].finding == CACHE_MISS;
                r->counts.fenced += looks[i].finding == CACHE_FENCED;
                r->counts.down += looks[i].finding == CACHE_DOWN;
                r->counts.stale += looks[i].stale_ms > 0;
        }
}

bool cache_reader_look_up(task *t, cache_reader *r, uint8_t part, const char *holder,
                          const uint32_t *services, uint32_t service_count,
                          int64_t max_staleness_ms, cache_look *looks)
{
        TASK_MAY_SUSPEND(t);
        assert(service_count <= CACHE_READER_SERVICES_MAX);
        cache_key keys[CACHE_READER_SERVICES_MAX];
        bytes words[CACHE_READER_SERVICES_MAX];
        uint32_t asked[CACHE_READER_SERVICES_MAX], asked_count = 0;
        int64_t now = now_ms(r);
        for (uint32_t i = 0; i < service_count; i++) {
                assert(services[i] < r->service_count);
                looks[i] = (cache_look){.finding = CACHE_DOWN};
                const belief *b = &r->beliefs[services[i]];
                if (belief_staleness(r, b, now, max_staleness_ms) < 0) continue;
                cache_key_of_record(&keys[asked_count], part, r->services[services[i]], holder);
                words[asked_count] = cache_key_bytes(&keys[asked_count]);
                asked[asked_count++] = i;
        }
        const cache_reply *reply;
        if (asked_count && cache_mget(t, r->connection, words, asked_count, &reply)) {
                if (reply->kind == CACHE_REPLY_ARRAY && reply->element_count == asked_count) {
                        now = now_ms(r);
                        for (uint32_t i = 0; i < asked_count; i++)
                                look_at(r, t, services[asked[i]], &reply->elements[i], now,
                                        max_staleness_ms, &looks[asked[i]]);
                }
        } else if (task_is_interrupted(t)) {
                return false;
        }
        looks_count(r, looks, service_count);
        return true;
}

bool cache_reader_believes(const cache_reader *r, uint32_t service)
{
        assert(service < r->service_count);
        return belief_staleness(r, &r->beliefs[service], now_ms(r), 0) == 0;
}

const cache_reader_counts *cache_reader_counts_of(const cache_reader *r)
{
        return &r->counts;
}

/* ---- beginning and end ---- */

cache_reader *cache_reader_create(loop *l, const cache_reader_options *options)
{
        assert(options->service_count >= 1 && options->service_count <= CACHE_READER_SERVICES_MAX);
        cache_reader *r = calloc(1, sizeof *r);
        if (!r) abort();
        r->loop = l;
        r->connection = options->connection;
        r->service_count = options->service_count;
        for (uint32_t i = 0; i < r->service_count; i++) {
                size_t length = strlen(options->services[i]);
                assert(length < SERVICE_NAME_BYTES);
                memcpy(r->services[i], options->services[i], length + 1);
                cache_key_of_lease(&r->leases[i], options->services[i]);
        }
        cache_ticker_start(&r->ticker, l, options->poll_ms ? options->poll_ms : POLL_MS,
                           POLL_PATIENCE_MS, poll_tick, r);
        return r;
}

static void reader_stopped(void *argument)
{
        cache_reader *r = argument;
        if (r->gone) r->gone(r->gone_argument);
        free(r);
}

void cache_reader_destroy(cache_reader *r, void (*gone)(void *argument), void *argument)
{
        if (!r) {
                if (gone) gone(argument);
                return;
        }
        r->gone = gone;
        r->gone_argument = argument;
        cache_ticker_stop(&r->ticker, reader_stopped);
}
