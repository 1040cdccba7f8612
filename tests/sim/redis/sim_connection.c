/* Moves commands and answers in virtual time. Must keep the order of one connection, as TCP does,
 * and may lose only a tail of it. */
#include "tests/sim/redis/sim_connection.h"

#include "common/cache/connection_backend.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
        STALL_MS = 500,
        PENDING_MAX = 65536,
        OUTPUT_MAX = 8 << 20,
        RECONNECT_MS = 20,
        LATE_MS_MAX = 3000,
        WORDS_MAX = 32
};

/* Bytes on the wire, to the server: whatever one turn has sent. */
typedef struct parcel {
        struct parcel *next;
        int64_t arrives_ms;
        size_t count;
        char bytes[];
} parcel;

/* An answer on the way back. Its memory is its own arena. */
typedef struct answer {
        struct answer *next;
        int64_t arrives_ms;
        arena arena;
        cache_reply reply;
} answer;

/* One TCP stream; it may outlive the connection's interest in it. */
typedef struct sim_stream {
        struct sim_connection *owner; /* NULL: cut; commands that still arrive run unanswered */
        sim_wire *wire;
        redisReader *reader; /* the server's, of commands */
        parcel *parcels, **parcels_end;
        answer *answers, **answers_end;
        int64_t last_arrival_ms, last_answer_ms;
        loop_timer timer;
        struct sim_stream *previous, *next;
} stream;

typedef struct sim_connection {
        cache_connection base;
        sim_wire *wire;
        stream *stream; /* NULL: not connected */
        loop_flush flush;
        loop_timer retry;
        bool destroyed;
        struct sim_connection *previous, *next;
} sim_connection;

static int64_t some_delay(sim_wire *w)
{
        return (int64_t)(random_u64(w->random) % (w->delay_ms_max + 1));
}

static int64_t later(int64_t a, int64_t b)
{
        return a > b ? a : b;
}

/* ---- the stream ---- */

static void stream_timer_closed(loop_timer *timer)
{
        stream *s = timer->data;
        redisReaderFree(s->reader);
        for (parcel *p = s->parcels, *next; p; p = next) {
                next = p->next;
                free(p);
        }
        for (answer *a = s->answers, *next; a; a = next) {
                next = a->next;
                arena_release(&a->arena);
                free(a);
        }
        free(s);
}

static void stream_free(stream *s)
{
        if (s->previous)
                s->previous->next = s->next;
        else
                s->wire->streams = s->next;
        if (s->next) s->next->previous = s->previous;
        loop_timer_close(&s->timer, stream_timer_closed);
}

static void stream_look_again(stream *s)
{
        int64_t at = INT64_MAX;
        if (s->parcels && !s->wire->stalled) at = s->parcels->arrives_ms;
        if (s->answers && s->answers->arrives_ms < at) at = s->answers->arrives_ms;
        if (at != INT64_MAX) loop_timer_start(&s->timer, at);
}

static void tell_of_script(sim_wire *w, bytes command, bool has_run)
{
        if (!w->script_arrives || has_run != w->script_runs_first) return;
        if (command.length < 4 || strncasecmp((const char *)command.data, "EVAL", 4) != 0) return;
        void (*arrives)(void *argument) = w->script_arrives;
        w->script_arrives = NULL;
        arrives(w->script_argument);
}

static void server_answers(stream *s, const redisReply *sent)
{
        bytes words[WORDS_MAX];
        assert(sent->type == REDIS_REPLY_ARRAY && sent->elements <= WORDS_MAX);
        for (size_t i = 0; i < sent->elements; i++)
                words[i] = bytes_of(sent->element[i]->str, sent->element[i]->len);
        answer *a = calloc(1, sizeof *a);
        if (!a) abort();
        tell_of_script(s->wire, words[0], false);
        sim_redis_run(s->wire->redis, &a->arena, words, sent->elements, &a->reply);
        tell_of_script(s->wire, words[0], true);
        int64_t now = loop_now_ms(s->wire->loop);
        a->arrives_ms = s->last_answer_ms = later(s->last_answer_ms, now + some_delay(s->wire));
        *s->answers_end = a;
        s->answers_end = &a->next;
}

static void server_reads(stream *s, int64_t now)
{
        while (s->parcels && s->parcels->arrives_ms <= now && !s->wire->stalled) {
                parcel *p = s->parcels;
                s->parcels = p->next;
                if (!s->parcels) s->parcels_end = &s->parcels;
                if (redisReaderFeed(s->reader, p->bytes, p->count) != REDIS_OK) abort();
                free(p);
                for (void *sent = NULL;; freeReplyObject(sent)) {
                        if (redisReaderGetReply(s->reader, &sent) != REDIS_OK) abort();
                        if (!sent) break;
                        server_answers(s, sent);
                }
        }
}

static void client_reads(stream *s, int64_t now)
{
        while (s->answers && s->answers->arrives_ms <= now) {
                answer *a = s->answers;
                s->answers = a->next;
                if (!s->answers) s->answers_end = &s->answers;
                if (s->owner) cache_connection_deliver(&s->owner->base, &a->reply);
                arena_release(&a->arena);
                free(a);
        }
}

static void stream_fire(loop_timer *timer)
{
        stream *s = timer->data;
        int64_t now = loop_now_ms(s->wire->loop);
        server_reads(s, now);
        client_reads(s, now); /* may cut this very stream */
        if (!s->owner && !s->parcels)
                stream_free(s);
        else
                stream_look_again(s);
}

static stream *stream_create(sim_connection *c)
{
        stream *s = calloc(1, sizeof *s);
        if (!s) abort();
        s->owner = c;
        s->wire = c->wire;
        s->reader = redisReaderCreate();
        s->parcels_end = &s->parcels;
        s->answers_end = &s->answers;
        loop_timer_init(c->wire->loop, &s->timer, stream_fire, s);
        s->next = s->wire->streams;
        if (s->next) s->next->previous = s;
        s->wire->streams = s;
        return s;
}

typedef enum cut_kind { CUT_BY_US, CUT_NETWORK, CUT_SERVER_DIED } cut_kind;

/* Only the first `kept` parcels will arrive. */
static void parcels_lose(stream *s, uint64_t kept)
{
        parcel **at = &s->parcels;
        for (; *at && kept; kept--)
                at = &(*at)->next;
        for (parcel *p = *at, *next; p; p = next) {
                next = p->next;
                free(p);
        }
        *at = NULL;
        s->parcels_end = at;
}

/* What was sent and not lost may arrive long after a new line has been made. */
static void stream_cut(stream *s, cut_kind kind)
{
        sim_wire *w = s->wire;
        if (kind == CUT_SERVER_DIED) parcels_lose(s, 0);
        if (kind == CUT_NETWORK) parcels_lose(s, random_u64(w->random) % 4);
        int64_t late_ms = (int64_t)(random_u64(w->random) % LATE_MS_MAX);
        for (parcel *p = s->parcels; p; p = p->next)
                p->arrives_ms += late_ms;
        s->owner = NULL;
        loop_timer_start(&s->timer, loop_now_ms(s->wire->loop)); /* goes when it has nothing left */
}

/* ---- the connection ---- */

static void connection_drop(sim_connection *c, cut_kind kind)
{
        if (!c->stream) return;
        stream_cut(c->stream, kind);
        c->stream = NULL;
        cache_connection_lost(&c->base);
        if (!c->destroyed) loop_timer_start(&c->retry, loop_now_ms(c->wire->loop) + RECONNECT_MS);
}

static void sim_drop(cache_connection *base)
{
        connection_drop((sim_connection *)base, CUT_BY_US);
}

static void flush_run(loop_flush *flush)
{
        sim_connection *c = (sim_connection *)((char *)flush - offsetof(sim_connection, flush));
        stream *s = c->stream;
        if (!s || !c->base.output_bytes) return;
        parcel *p = malloc(sizeof *p + c->base.output_bytes);
        if (!p) abort();
        p->next = NULL;
        p->count = c->base.output_bytes;
        memcpy(p->bytes, c->base.output, p->count);
        cache_connection_took_output(&c->base, p->count);
        int64_t now = loop_now_ms(c->wire->loop);
        p->arrives_ms = s->last_arrival_ms = later(s->last_arrival_ms, now + some_delay(c->wire));
        *s->parcels_end = p;
        s->parcels_end = &p->next;
        stream_look_again(s);
}

static void sim_output_waits(cache_connection *base)
{
        sim_connection *c = (sim_connection *)base;
        loop_mark_flush(base->loop, &c->flush);
}

static void retry_fire(loop_timer *timer)
{
        sim_connection *c = timer->data;
        if (c->wire->refuses) {
                loop_timer_start(timer, loop_now_ms(c->wire->loop) + RECONNECT_MS);
                return;
        }
        c->stream = stream_create(c);
        cache_connection_opened(&c->base);
}

static void retry_closed(loop_timer *timer)
{
        free(timer->data);
}

static void base_closed(cache_connection *base)
{
        sim_connection *c = (sim_connection *)base;
        loop_timer_close(&c->retry, retry_closed);
}

static void destroy_later(void *connection)
{
        cache_connection_close(connection, base_closed);
}

static void sim_destroy(cache_connection *base)
{
        sim_connection *c = (sim_connection *)base;
        c->destroyed = true;
        loop_timer_stop(&c->retry);
        loop_unmark_flush(base->loop, &c->flush);
        connection_drop(c, CUT_BY_US);
        if (c->previous)
                c->previous->next = c->next;
        else
                c->wire->connections = c->next;
        if (c->next) c->next->previous = c->previous;
        loop_post(base->loop, destroy_later, c);
}

cache_connection *sim_connection_create(sim_wire *wire)
{
        static const cache_backend_functions backend = {sim_output_waits, sim_drop, sim_destroy};
        static const cache_connection_options options = {
                .stall_ms = STALL_MS, .pending_max = PENDING_MAX, .output_bytes_max = OUTPUT_MAX};
        sim_connection *c = calloc(1, sizeof *c);
        if (!c) abort();
        c->wire = wire;
        cache_connection_init(&c->base, wire->loop, &backend, &options);
        c->flush.run = flush_run;
        loop_timer_init(wire->loop, &c->retry, retry_fire, c);
        c->next = wire->connections;
        if (c->next) c->next->previous = c;
        wire->connections = c;
        loop_timer_start(&c->retry, loop_now_ms(wire->loop));
        return &c->base;
}

/* ---- the wire ---- */

void sim_wire_init(sim_wire *wire, loop *l, sim_redis *redis, random_source *random)
{
        *wire = (sim_wire){.loop = l, .redis = redis, .random = random, .delay_ms_max = 3};
}

void sim_wire_release(sim_wire *wire)
{
        assert(!wire->connections);
        while (wire->streams)
                stream_free(wire->streams);
}

void sim_wire_cut(sim_wire *wire, bool none_arrives)
{
        for (sim_connection *c = wire->connections; c; c = c->next)
                connection_drop(c, none_arrives ? CUT_SERVER_DIED : CUT_NETWORK);
        if (!none_arrives) return;
        for (stream *s = wire->streams; s; s = s->next)
                parcels_lose(s, 0); /* of lines that were cut before, too */
}

void sim_wire_cut_one(sim_wire *wire)
{
        size_t count = 0;
        for (sim_connection *c = wire->connections; c; c = c->next)
                count++;
        if (!count) return;
        size_t skip = random_u64(wire->random) % count;
        sim_connection *c = wire->connections;
        while (skip--)
                c = c->next;
        connection_drop(c, CUT_NETWORK);
}

void sim_wire_stall(sim_wire *wire, bool stalled)
{
        wire->stalled = stalled;
        for (stream *s = wire->streams; s; s = s->next)
                stream_look_again(s);
}
