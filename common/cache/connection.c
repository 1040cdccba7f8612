/* What every connection has, whatever moves its bytes: the output, who waits for which answer, the
 * greeting of a new server, and the watchdog. Must never look into a record. */
#define _GNU_SOURCE
#include "common/cache/connection.h"

#include "common/cache/connection_backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        OUTPUT_ROOM_MIN = 16 << 10,
        OUTPUT_ROOM_KEPT = 1 << 20,
        WAITS_ROOM_MIN = 256,
        WORD_OVERHEAD_MAX = 16, /* "$4294967295\r\n" and the "\r\n" behind the word */
        WATCHDOG_TICKS = 4,     /* a stall lasts so many looks, however long they really took */
};

/* ---- output ---- */

static char *output_reserve(cache_connection *c, size_t count)
{
        size_t wanted = c->output_bytes + count;
        if (wanted > c->output_room) {
                size_t room = c->output_room ? c->output_room : OUTPUT_ROOM_MIN;
                while (room < wanted)
                        room *= 2;
                c->output = realloc(c->output, room);
                if (!c->output) abort();
                c->output_room = room;
        }
        return c->output + c->output_bytes;
}

static char *put_number(char *at, size_t number)
{
        char digits[20];
        int count = 0;
        do
                digits[count++] = (char)('0' + number % 10);
        while (number /= 10);
        while (count)
                *at++ = digits[--count];
        return at;
}

static char *put_header(char *at, char mark, size_t number)
{
        *at++ = mark;
        at = put_number(at, number);
        *at++ = '\r';
        *at++ = '\n';
        return at;
}

static char *put_word(char *at, bytes word)
{
        at = put_header(at, '$', word.length);
        if (word.length) memcpy(at, word.data, word.length);
        at += word.length;
        *at++ = '\r';
        *at++ = '\n';
        return at;
}

static size_t words_room(const bytes *words, size_t count)
{
        size_t room = WORD_OVERHEAD_MAX;
        for (size_t i = 0; i < count; i++)
                room += words[i].length + WORD_OVERHEAD_MAX;
        return room;
}

static void waits_grow(cache_connection *c)
{
        uint32_t room = c->wait_room ? c->wait_room * 2 : WAITS_ROOM_MIN;
        cache_wait **waits = calloc(room, sizeof *waits);
        if (!waits) abort();
        for (uint64_t s = c->wait_first; s < c->wait_end; s++)
                waits[s & (room - 1)] = c->waits[s & (c->wait_room - 1)];
        free(c->waits);
        c->waits = waits;
        c->wait_room = room;
}

static bool may_send(cache_connection *c, size_t count)
{
        if (c->state == CACHE_CONNECTION_UP && c->wait_end - c->wait_first < c->pending_max &&
            c->output_bytes + count <= c->output_bytes_max)
                return true;
        c->counts.refused++;
        return false;
}

/* The command up to `end` is complete; `wait` (NULL: nobody) gets its answer. */
static void command_queue(cache_connection *c, const char *end, cache_wait *wait)
{
        assert(end > c->output + c->output_bytes);
        assert(end <= c->output + c->output_room);
        c->output_bytes = (size_t)(end - c->output);
        if (c->wait_end - c->wait_first == c->wait_room) waits_grow(c);
        if (wait) wait->sequence = c->wait_end;
        c->waits[c->wait_end++ & (c->wait_room - 1)] = wait;
        c->counts.commands++;
        if (c->output_is_announced) return;
        c->output_is_announced = true;
        c->functions->output_waits(c);
}

static void words_queue(cache_connection *c, const bytes *words, size_t count, cache_wait *wait)
{
        char *at = output_reserve(c, words_room(words, count));
        at = put_header(at, '*', count);
        for (size_t i = 0; i < count; i++)
                at = put_word(at, words[i]);
        command_queue(c, at, wait);
}

void cache_connection_took_output(cache_connection *c, size_t count)
{
        assert(count <= c->output_bytes);
        c->output_bytes -= count;
        if (c->output_bytes) {
                memmove(c->output, c->output + count, c->output_bytes);
                return;
        }
        c->output_is_announced = false;
        if (c->output_room <= OUTPUT_ROOM_KEPT) return;
        free(c->output);
        c->output = NULL;
        c->output_room = 0;
}

/* ---- waiting for an answer ---- */

typedef struct call_wait {
        cache_wait base;
        cache_connection *connection;
        task *task;
        const cache_reply *reply;
} call_wait;

static void call_answered(cache_wait *wait, const cache_reply *reply)
{
        call_wait *w = (call_wait *)wait;
        w->reply = reply;
        task_resume(w->task);
}

/* The command cannot be taken back; its place in the ring outlives this stack. */
static void call_abandon(task *t)
{
        call_wait *w = t->waits_for;
        cache_connection *c = w->connection;
        assert(w->base.sequence >= c->wait_first);
        c->waits[w->base.sequence & (c->wait_room - 1)] = NULL;
}

static bool call_wait_for(task *t, call_wait *w, const cache_reply **reply)
{
        if (!task_park(t, w, call_abandon)) return false;
        if (!w->reply) return false;
        *reply = w->reply;
        return true;
}

bool cache_call(task *t, cache_connection *c, const bytes *words, size_t word_count,
                const cache_reply **reply)
{
        TASK_MAY_SUSPEND(t);
        if (!may_send(c, words_room(words, word_count))) return false;
        call_wait w = {.base.answered = call_answered, .connection = c, .task = t};
        words_queue(c, words, word_count, &w.base);
        return call_wait_for(t, &w, reply);
}

bool cache_mget(task *t, cache_connection *c, const bytes *keys, size_t key_count,
                const cache_reply **reply)
{
        TASK_MAY_SUSPEND(t);
        size_t room = words_room(keys, key_count) + WORD_OVERHEAD_MAX;
        if (!may_send(c, room)) return false;
        call_wait w = {.base.answered = call_answered, .connection = c, .task = t};
        char *at = put_header(output_reserve(c, room), '*', key_count + 1);
        at = put_word(at, bytes_of("MGET", 4));
        for (size_t i = 0; i < key_count; i++)
                at = put_word(at, keys[i]);
        command_queue(c, at, &w.base);
        return call_wait_for(t, &w, reply);
}

bool cache_send(cache_connection *c, const bytes *words, size_t word_count)
{
        if (!may_send(c, words_room(words, word_count))) return false;
        words_queue(c, words, word_count, NULL);
        return true;
}

void cache_connection_deliver(cache_connection *c, const cache_reply *reply)
{
        assert(reply);
        if (c->wait_first == c->wait_end) { /* an answer that nobody asked for */
                c->functions->drop(c);
                return;
        }
        c->counts.replies++;
        cache_wait *wait = c->waits[c->wait_first++ & (c->wait_room - 1)];
        if (wait) wait->answered(wait, reply);
}

bool cache_connection_is_waited_for(const cache_connection *c)
{
        return c->wait_first != c->wait_end;
}

/* ---- coming and going ---- */

static bool run_id_find(const cache_reply *info, char run_id[CACHE_RUN_ID_BYTES + 1])
{
        static const char name[] = "run_id:";
        if (info->kind != CACHE_REPLY_TEXT) return false;
        const char *at = memmem(info->text.data, info->text.length, name, sizeof name - 1);
        if (!at) return false;
        at += sizeof name - 1;
        const char *end = (const char *)info->text.data + info->text.length;
        if (end - at < CACHE_RUN_ID_BYTES) return false;
        for (int i = 0; i < CACHE_RUN_ID_BYTES; i++)
                if (!strchr("0123456789abcdef", at[i]) || !at[i]) return false;
        memcpy(run_id, at, CACHE_RUN_ID_BYTES);
        run_id[CACHE_RUN_ID_BYTES] = 0;
        return true;
}

static bool greeting_take(cache_connection *c, const cache_reply *reply)
{
        uint32_t index = 1 + CACHE_SCRIPT_COUNT - c->greetings_due--;
        if (index == 0) return run_id_find(reply, c->run_id);
        if (reply->kind != CACHE_REPLY_TEXT || reply->text.length != 40) return false;
        memcpy(c->script_sha[index - 1], reply->text.data, 40);
        return true;
}

static void greeting_answered(cache_wait *wait, const cache_reply *reply)
{
        cache_connection *c =
                (cache_connection *)((char *)wait - offsetof(cache_connection, greeting));
        if (!reply) return;
        if (!greeting_take(c, reply)) { /* still loading, wants a password, is no Redis */
                c->functions->drop(c);
                return;
        }
        if (c->greetings_due) return;
        c->state = CACHE_CONNECTION_UP;
        c->generation++;
        c->counts.connects++;
}

void cache_connection_opened(cache_connection *c)
{
        assert(c->state == CACHE_CONNECTION_AWAY);
        assert(c->wait_first == c->wait_end);
        c->state = CACHE_CONNECTION_OPEN;
        c->greetings_due = 1 + CACHE_SCRIPT_COUNT;
        bytes info[] = {bytes_of("INFO", 4), bytes_of("server", 6)};
        words_queue(c, info, 2, &c->greeting);
        for (cache_script s = 0; s < CACHE_SCRIPT_COUNT; s++) {
                bytes load[] = {bytes_of("SCRIPT", 6), bytes_of("LOAD", 4), cache_script_text(s)};
                words_queue(c, load, 3, &c->greeting);
        }
        c->watched_ticks = 0;
        c->watched_first = c->wait_first;
        loop_timer_start(&c->watchdog, loop_now_ms(c->loop) + c->stall_ms / WATCHDOG_TICKS);
}

void cache_connection_lost(cache_connection *c)
{
        if (c->state == CACHE_CONNECTION_AWAY) return;
        if (c->state == CACHE_CONNECTION_UP) {
                c->counts.losses++;
                c->away_since_ms = loop_now_ms(c->loop);
        }
        c->state = CACHE_CONNECTION_AWAY; /* first: whoever is resumed must not send again */
        c->run_id[0] = 0;
        loop_timer_stop(&c->watchdog);
        if (c->output_bytes) cache_connection_took_output(c, c->output_bytes);
        c->output_is_announced = false;
        uint64_t end = c->wait_end;
        while (c->wait_first < end) {
                cache_wait *wait = c->waits[c->wait_first++ & (c->wait_room - 1)];
                if (wait) wait->answered(wait, NULL);
        }
        assert(c->wait_end == end);
}

/* Counts looks, not time: a process that was itself stopped for seconds has not seen a stall. */
static void watchdog_fire(loop_timer *timer)
{
        cache_connection *c = timer->data;
        if (c->wait_first != c->watched_first || c->wait_first == c->wait_end) c->watched_ticks = 0;
        c->watched_first = c->wait_first;
        if (c->wait_first != c->wait_end && ++c->watched_ticks > WATCHDOG_TICKS) {
                c->counts.stalls++;
                c->functions->drop(c);
                return;
        }
        loop_timer_start(timer, loop_now_ms(c->loop) + c->stall_ms / WATCHDOG_TICKS);
}

void cache_connection_init(cache_connection *c, loop *l, const cache_backend_functions *functions,
                           const cache_connection_options *options)
{
        assert(options->stall_ms >= WATCHDOG_TICKS);
        *c = (cache_connection){
                .functions = functions,
                .loop = l,
                .stall_ms = options->stall_ms,
                .pending_max = options->pending_max,
                .output_bytes_max = options->output_bytes_max,
                .away_since_ms = loop_now_ms(l),
                .greeting.answered = greeting_answered,
        };
        loop_timer_init(l, &c->watchdog, watchdog_fire, c);
}

static void watchdog_closed(loop_timer *timer)
{
        cache_connection *c = timer->data;
        c->closed(c);
}

void cache_connection_close(cache_connection *c, void (*closed)(cache_connection *connection))
{
        cache_connection_lost(c);
        free(c->output);
        free(c->waits);
        c->output = NULL;
        c->waits = NULL;
        c->closed = closed;
        loop_timer_close(&c->watchdog, watchdog_closed);
}

void cache_connection_destroy(cache_connection *c)
{
        if (c) c->functions->destroy(c);
}

bool cache_connection_is_up(const cache_connection *c)
{
        return c->state == CACHE_CONNECTION_UP;
}

uint64_t cache_connection_generation(const cache_connection *c)
{
        return c->generation;
}

const char *cache_connection_run_id(const cache_connection *c)
{
        assert(c->state == CACHE_CONNECTION_UP);
        return c->run_id;
}

int64_t cache_connection_away_ms(const cache_connection *c)
{
        return c->state == CACHE_CONNECTION_UP ? 0 : loop_now_ms(c->loop) - c->away_since_ms;
}

const cache_connection_counts *cache_connection_counts_of(const cache_connection *c)
{
        return &c->counts;
}
