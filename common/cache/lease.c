/* Grants leases and keeps the row of trust. Must never put a lease whose end was not reckoned from
 * a TIME that Redis told before the row was read: a late command would outlive the wait of a
 * writer. */
#include "common/cache/lease.h"

#include "common/cache/owner_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        RENEW_MS = 500,
        LIFE_MS = 2000,
        WAIT_MS = 2500,
        RETRUST_MS = 10000,
        GRANT_PATIENCE_MS = 5000,
        LEASE_BYTES = 24 + CACHE_RUN_ID_BYTES,
};

int64_t cache_owner_now_ms(const cache_owner *o)
{
        return clock_monotonic_ms(loop_clock(o->loop));
}

void cache_owner_random_id(cache_owner *o, char id[CACHE_ID_DIGITS + 1])
{
        uint64_t number = random_u64(loop_random(o->loop));
        bytes_to_hex(bytes_of(&number, sizeof number), id);
}

/* ---- the row ---- */

static void row_note(cache_owner *o, const cache_trust_row *row)
{
        o->epoch = row->epoch;
        if (!row->exists || row->trusted) {
                o->down_epoch = 0;
        } else if (o->down_epoch != row->epoch) {
                o->down_epoch = row->epoch;
                o->down_seen_ms =
                        cache_owner_now_ms(o); /* after it was read: later than it was set */
        }
}

bool cache_owner_row_read(task *t, cache_owner *o, cache_trust_row *row)
{
        *row = (cache_trust_row){0};
        if (!o->trust->functions->read(o->trust, t, o->instance, row)) return false;
        row_note(o, row);
        return true;
}

static bool row_change(task *t, cache_owner *o, uint64_t old_epoch, const cache_trust_row *row,
                       bool *changed)
{
        *changed = false;
        if (!o->trust->functions->change(o->trust, t, o->instance, old_epoch, row, changed))
                return false;
        if (*changed) row_note(o, row);
        return true;
}

bool cache_owner_row_down(task *t, cache_owner *o, const cache_trust_row *row)
{
        assert(row->trusted);
        cache_trust_row down = {.exists = true, .epoch = row->epoch + 1};
        bool changed;
        if (!row_change(t, o, row->epoch, &down, &changed)) return false;
        o->counts.downs += changed;
        return true;
}

static bool row_trust(task *t, cache_owner *o, const cache_trust_row *row, const char *run_id)
{
        assert(!row->trusted);
        cache_trust_row trusted = {.exists = true, .epoch = row->epoch + 1, .trusted = true};
        memcpy(trusted.run_id, run_id, CACHE_RUN_ID_BYTES);
        bool changed;
        if (!row_change(t, o, row->epoch, &trusted, &changed)) return false;
        o->counts.trusts += changed;
        return changed;
}

/* ---- granting ---- */

static bool time_ask(task *t, cache_owner *o, int64_t *unix_ms)
{
        bytes word = bytes_of("TIME", 4);
        const cache_reply *reply;
        if (!cache_call(t, o->connection, &word, 1, &reply)) return false;
        if (reply->kind != CACHE_REPLY_ARRAY || reply->element_count != 2) return false;
        char digits[2][24] = {{0}};
        for (int i = 0; i < 2; i++) {
                bytes text = reply->elements[i].text;
                if (text.length == 0 || text.length >= sizeof digits[i]) return false;
                memcpy(digits[i], text.data, text.length);
        }
        *unix_ms = strtoll(digits[0], NULL, 10) * 1000 + strtoll(digits[1], NULL, 10) / 1000;
        return true;
}

static bool lease_put(task *t, cache_owner *o, const cache_trust_row *row, int64_t until_unix_ms)
{
        char lease[LEASE_BYTES], until[24];
        int lease_bytes = snprintf(lease, sizeof lease, "%" PRIu64 ":%s", row->epoch, row->run_id);
        int until_bytes = snprintf(until, sizeof until, "%" PRId64, until_unix_ms);
        bytes words[] = {bytes_of("SET", 3), cache_key_bytes(&o->lease),
                         bytes_of(lease, (size_t)lease_bytes), bytes_of("PXAT", 4),
                         bytes_of(until, (size_t)until_bytes)};
        const cache_reply *reply;
        return cache_call(t, o->connection, words, ARRAY_LENGTH(words), &reply) &&
               cache_reply_is(reply, "OK");
}

/* What one look at the row led to. */
typedef enum grant_step { GRANTED, LOOK_AGAIN, NOT_NOW } grant_step;

static grant_step grant_once(task *t, cache_owner *o)
{
        if (!cache_connection_is_up(o->connection)) return NOT_NOW;
        uint64_t generation = cache_connection_generation(o->connection);
        char run_id[CACHE_RUN_ID_BYTES + 1];
        memcpy(run_id, cache_connection_run_id(o->connection), sizeof run_id);
        int64_t asked_ms = cache_owner_now_ms(o), time_unix_ms;
        cache_trust_row row;
        if (!time_ask(t, o, &time_unix_ms)) return NOT_NOW;
        if (!cache_owner_row_read(t, o, &row)) return NOT_NOW;
        if (!cache_connection_is_up(o->connection) ||
            cache_connection_generation(o->connection) != generation)
                return NOT_NOW;
        if (!row.exists) return row_trust(t, o, &row, run_id) ? LOOK_AGAIN : NOT_NOW;
        if (row.trusted && strcmp(row.run_id, run_id) != 0)
                return cache_owner_row_down(t, o, &row) ? LOOK_AGAIN : NOT_NOW;
        if (!row.trusted) {
                int64_t down_ms = cache_owner_now_ms(o) - o->down_seen_ms;
                if (down_ms < o->wait_ms || down_ms < o->retrust_ms) return NOT_NOW;
                return row_trust(t, o, &row, run_id) ? LOOK_AGAIN : NOT_NOW;
        }
        if (!lease_put(t, o, &row, time_unix_ms + o->life_ms)) return NOT_NOW;
        o->trusted_until_ms = asked_ms + o->life_ms;
        return GRANTED;
}

bool cache_owner_grant(task *t, cache_owner *o)
{
        grant_step step = grant_once(t, o);
        if (step == LOOK_AGAIN)
                step = grant_once(t, o); /* TIME anew: it must be older than the row */
        if (step == GRANTED)
                o->counts.leases++;
        else
                o->counts.lease_failures++;
        return step == GRANTED;
}

static void owner_tick(task *t)
{
        cache_owner_grant(t, t->owner);
}

/* ---- beginning, end, view ---- */

cache_owner *cache_owner_create(loop *l, const cache_owner_options *options)
{
        cache_owner *o = calloc(1, sizeof *o);
        if (!o) abort();
        assert(strlen(options->instance) < sizeof o->instance);
        assert(strlen(options->service) < CACHE_SERVICE_BYTES);
        o->loop = l;
        o->connection = options->connection;
        o->trust = options->trust;
        memcpy(o->instance, options->instance, strlen(options->instance) + 1);
        cache_key_of_lease(&o->lease, options->service);
        o->life_ms = options->life_ms ? options->life_ms : LIFE_MS;
        o->wait_ms = options->wait_ms ? options->wait_ms : WAIT_MS;
        o->retrust_ms = options->retrust_ms ? options->retrust_ms : RETRUST_MS;
        assert(o->life_ms * 6 <= o->wait_ms * 5); /* clocks may run 10 % apart each way */
        cache_ticker_start(&o->ticker, l, options->renew_ms ? options->renew_ms : RENEW_MS,
                           GRANT_PATIENCE_MS, owner_tick, o);
        return o;
}

static void owner_stopped(void *argument)
{
        cache_owner *o = argument;
        assert(!o->loads);
        if (o->gone) o->gone(o->gone_argument);
        free(o);
}

void cache_owner_destroy(cache_owner *o, void (*gone)(void *argument), void *argument)
{
        if (!o) {
                if (gone) gone(argument);
                return;
        }
        o->gone = gone;
        o->gone_argument = argument;
        cache_ticker_stop(&o->ticker, owner_stopped);
}

cache_owner_view cache_owner_view_of(const cache_owner *o)
{
        int64_t now = cache_owner_now_ms(o);
        cache_owner_view view = {
                .trusted = !o->down_epoch && now < o->trusted_until_ms,
                .down = o->down_epoch != 0,
                .epoch = o->epoch,
        };
        if (!view.down) return view;
        uint32_t pause_ms = o->retrust_ms > o->wait_ms ? o->retrust_ms : o->wait_ms;
        int64_t left_ms = o->down_seen_ms + pause_ms - now;
        view.trusted_in_ms = left_ms > 0 ? left_ms : 0;
        return view;
}

const cache_owner_counts *cache_owner_counts_of(const cache_owner *o)
{
        return &o->counts;
}
