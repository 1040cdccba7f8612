/* Follows the feed through crashes (S8). Must never forgive a gap: versions of a thing come one
 * after the other, whatever dies, and the last one is the trail's. */
#include "tests/sim/region/sim_world.h"

#include "sscard/common/v1/watch.pb-c.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAUSE_MS_MAX = 1500, PATIENCE_MS = 2000, ROUNDS_MAX = 100 };

static bytes bytes_kept(bytes b)
{
        uint8_t *copy = malloc(b.length + 1);
        if (!copy) abort();
        if (b.length) memcpy(copy, b.data, b.length);
        return bytes_of(copy, b.length);
}

static void bytes_replace(bytes *kept, bytes with)
{
        bytes copy = bytes_kept(with);
        free((void *)kept->data);
        *kept = copy;
}

static void event_take(sim_watcher *watcher, const Common__WatchEvent *event)
{
        sim_world *w = watcher->world;
        sim_summary *s = w->summary;
        uint32_t thing = sim_thing(w, event->name);
        uint64_t expected = watcher->seen[thing] + 1;
        if ((uint64_t)event->version != expected && !*s->lie)
                snprintf(s->lie, sizeof s->lie,
                         "the feed shows version %" PRId64 " of %s after version %" PRIu64,
                         event->version, event->name, expected - 1);
        watcher->seen[thing] = (uint64_t)event->version;
        s->events++;
}

static void message_take(sim_watcher *watcher, bytes packed)
{
        Common__WatchResponse *response = (Common__WatchResponse *)protobuf_c_message_unpack(
                &common__watch_response__descriptor, NULL, packed.length, packed.data);
        assert(response);
        for (size_t i = 0; i < response->n_events; i++)
                event_take(watcher, response->events[i]);
        watcher->caught_up = response->caught_up;
        bytes_replace(&watcher->cursor, bytes_of(response->cursor.data, response->cursor.len));
        common__watch_response__free_unpacked(response, NULL);
}

/* One message: it connects, takes what there is, and goes. */
static void watch(task *t)
{
        sim_watcher *watcher = t->owner;
        sim_world *w = watcher->world;
        Common__WatchRequest request = COMMON__WATCH_REQUEST__INIT;
        request.name = "regions/330000";
        request.from_beginning = true;
        request.cursor.data = (uint8_t *)watcher->cursor.data;
        request.cursor.len = watcher->cursor.length;
        uint8_t *packed = arena_alloc(&t->arena, common__watch_request__get_packed_size(&request));
        size_t length = common__watch_request__pack(&request, packed);
        rpc_metadata metadata = {
                "authorization",
                arena_format(&t->arena, "Bearer %s", sim_token(w, POLICY_ROLE_SYSTEM, 0, NULL))};
        rpc_answer answer;
        if (rpc_peer_call(w->to_card, t, "sscard.card.v1.CardService/Watch",
                          bytes_of(packed, length), &metadata, 1, &answer) &&
            answer.status == 0)
                message_take(watcher, answer.reply);
}

/* Sometimes it dies with what it has read since its cursor was last put down. */
static void put_down_or_forget(sim_watcher *watcher)
{
        sim_world *w = watcher->world;
        switch (sim_random(&w->client_random, 4)) {
        case 0:
                bytes_replace(&watcher->cursor, watcher->kept);
                memcpy(watcher->seen, watcher->kept_seen, sizeof watcher->seen);
                w->summary->resumptions++;
                break;
        case 1:
                bytes_replace(&watcher->kept, watcher->cursor);
                memcpy(watcher->kept_seen, watcher->seen, sizeof watcher->seen);
                break;
        default:
                break;
        }
}

static void watched(task *t)
{
        sim_watcher *watcher = t->owner;
        sim_world *w = watcher->world;
        watcher->over = w->ending;
        if (watcher->over) return;
        put_down_or_forget(watcher);
        loop_timer_start(&watcher->pause,
                         loop_now_ms(w->loop) +
                                 (int64_t)sim_random(&w->client_random, PAUSE_MS_MAX));
}

static void watch_again(loop_timer *timer)
{
        sim_watcher *watcher = timer->data;
        loop *l = watcher->world->loop;
        if (!task_start(&watcher->task, loop_now_ms(l) + PATIENCE_MS, watch, watched)) abort();
}

void sim_watcher_start(sim_world *w)
{
        sim_watcher *watcher = &w->watcher;
        watcher->world = w;
        task_init(&watcher->task, w->loop, watcher);
        loop_timer_init(w->loop, &watcher->pause, watch_again, watcher);
        loop_timer_start(&watcher->pause, loop_now_ms(w->loop));
}

static void nothing_more(task *t)
{
        (void)t;
}

void sim_watcher_finish(sim_world *w)
{
        sim_watcher *watcher = &w->watcher;
        sim_summary *s = w->summary;
        assert(watcher->over);
        watcher->caught_up = false;
        for (int round = 0; !watcher->caught_up && round < ROUNDS_MAX; round++) {
                if (!task_start(&watcher->task, loop_now_ms(w->loop) + PATIENCE_MS, watch,
                                nothing_more))
                        abort();
                sim_world_run(w, PATIENCE_MS + 1);
                assert(task_is_over(&watcher->task));
        }
        for (uint32_t i = 0; i < w->thing_count && !*s->lie; i++)
                if (watcher->seen[i] != w->known[i].version)
                        snprintf(s->lie, sizeof s->lie,
                                 "the feed ends with version %" PRIu64
                                 " of %s, the trail with %" PRIu64,
                                 watcher->seen[i], w->things[i], w->known[i].version);
}

void sim_watcher_release(sim_world *w)
{
        sim_watcher *watcher = &w->watcher;
        if (!watcher->world) return;
        task_release(&watcher->task, NULL);
        loop_timer_close(&watcher->pause, NULL);
        free((void *)watcher->cursor.data);
        free((void *)watcher->kept.data);
}
