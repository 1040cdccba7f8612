/* The real backend: a non-blocking socket watched by libuv, hiredis' parser, one write a turn.
 * Must never ask for WRITABLE unless the socket was full: that toggling costs a system call a turn.
 */
#include "common/cache/connection_backend.h"
#include "common/runtime/loop_io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

enum { INPUT_BYTES = 16 << 10, CONNECT_TIMEOUT_MS = 2000, CLOSED = -1 };

typedef struct redis_connection {
        cache_connection base;
        struct sockaddr_storage address;
        socklen_t address_bytes;
        uint32_t reconnect_min_ms, reconnect_max_ms, pause_ms;

        int socket;      /* CLOSED, or connecting, or connected */
        uv_poll_t *poll; /* its own allocation: libuv gives it back later than we need a new one */
        bool connecting; /* WRITABLE will tell */
        bool output_stuck; /* the socket is full; WRITABLE will tell */
        bool answers_expected;
        bool destroyed;
        loop_flush flush;
        loop_timer retry; /* away: the next try; connecting: the end of patience */

        redisReader *reader;
        arena replies; /* the reply that is being read or delivered */
        char input[INPUT_BYTES];
} redis_connection;

/* ---- replies: hiredis parses, the nodes are ours and live in an arena until delivered ---- */

static cache_reply *reply_place(const redisReadTask *at)
{
        if (at->parent) return &((cache_reply *)at->parent->obj)->elements[at->idx];
        return arena_alloc(at->privdata, sizeof(cache_reply));
}

static void *reply_text(const redisReadTask *at, char *text, size_t length)
{
        cache_reply *reply = reply_place(at);
        cache_reply_kind kind = at->type == REDIS_REPLY_ERROR    ? CACHE_REPLY_ERROR
                                : at->type == REDIS_REPLY_STATUS ? CACHE_REPLY_STATUS
                                                                 : CACHE_REPLY_TEXT;
        *reply = (cache_reply){.kind = kind};
        reply->text = bytes_of(arena_copy(at->privdata, text, length), length);
        return reply;
}

static void *reply_array(const redisReadTask *at, int count)
{
        cache_reply *reply = reply_place(at);
        *reply = (cache_reply){.kind = CACHE_REPLY_ARRAY};
        reply->element_count = (size_t)count;
        reply->elements = arena_zalloc(at->privdata, (size_t)count * sizeof(cache_reply));
        return reply;
}

static void *reply_integer(const redisReadTask *at, long long value)
{
        cache_reply *reply = reply_place(at);
        *reply = (cache_reply){.kind = CACHE_REPLY_INTEGER, .integer = value};
        return reply;
}

static void *reply_nil(const redisReadTask *at)
{
        cache_reply *reply = reply_place(at);
        *reply = (cache_reply){.kind = CACHE_REPLY_NIL};
        return reply;
}

static void reply_forget(void *reply)
{
        (void)reply; /* the arena's */
}

static redisReplyObjectFunctions reply_functions = {
        reply_text, reply_array, reply_integer, reply_nil, reply_forget,
};

/* ---- the socket ---- */

static void retry_later(redis_connection *r)
{
        r->pause_ms = r->pause_ms ? r->pause_ms * 2 : r->reconnect_min_ms;
        if (r->pause_ms > r->reconnect_max_ms) r->pause_ms = r->reconnect_max_ms;
        uint32_t jitter = (uint32_t)(random_u64(loop_random(r->base.loop)) % (r->pause_ms / 2 + 1));
        loop_timer_start(&r->retry, loop_now_ms(r->base.loop) + r->pause_ms / 2 + jitter);
}

static void answers_expect(redis_connection *r, bool expected)
{
        if (expected == r->answers_expected) return;
        r->answers_expected = expected;
        if (expected)
                loop_answer_expected(r->base.loop);
        else
                loop_answer_came(r->base.loop);
}

static void poll_closed(uv_handle_t *handle)
{
        free(handle);
}

/* Safe when closed already, and inside a delivery: then the reader is freed by who reads. */
static void socket_close(redis_connection *r)
{
        if (r->socket == CLOSED) return;
        uv_close((uv_handle_t *)r->poll, poll_closed); /* stops watching now, so before the close */
        loop_uv_changed(r->base.loop);
        close(r->socket);
        r->poll = NULL;
        r->socket = CLOSED;
        r->connecting = r->output_stuck = false;
        answers_expect(r, false);
}

static void redis_drop(cache_connection *c)
{
        redis_connection *r = (redis_connection *)c;
        if (r->socket == CLOSED) return;
        if (c->state == CACHE_CONNECTION_UP) r->pause_ms = 0;
        socket_close(r);
        cache_connection_lost(c);
        if (!r->destroyed) retry_later(r);
}

static void on_socket(uv_poll_t *poll, int status, int events);

static void socket_watch(redis_connection *r, int events)
{
        if (uv_poll_start(r->poll, events, on_socket) < 0) abort();
        loop_uv_changed(r->base.loop);
}

static void socket_write(redis_connection *r)
{
        cache_connection *c = &r->base;
        if (r->socket == CLOSED || r->connecting || r->output_stuck || !c->output_bytes) return;
        ssize_t written = send(r->socket, c->output, c->output_bytes, MSG_NOSIGNAL);
        c->counts.writes++;
        if (written < 0 && errno != EAGAIN && errno != EINTR) return; /* reading will tell why */
        if (written > 0) cache_connection_took_output(c, (size_t)written);
        answers_expect(r, cache_connection_is_waited_for(c));
        if (!c->output_bytes) return;
        r->output_stuck = true;
        socket_watch(r, UV_READABLE | UV_WRITABLE);
}

static void flush_run(loop_flush *flush)
{
        socket_write((redis_connection *)((char *)flush - offsetof(redis_connection, flush)));
}

static void redis_output_waits(cache_connection *c)
{
        redis_connection *r = (redis_connection *)c;
        loop_mark_flush(c->loop, &r->flush);
}

static bool replies_deliver(redis_connection *r)
{
        for (;;) {
                void *reply = NULL;
                if (redisReaderGetReply(r->reader, &reply) != REDIS_OK) return false;
                if (!reply) return true;
                cache_connection_deliver(&r->base, reply);
                if (r->socket == CLOSED) return false;
                arena_reset(&r->replies);
        }
}

static void socket_read(redis_connection *r)
{
        for (;;) {
                ssize_t count = recv(r->socket, r->input, sizeof r->input, 0);
                r->base.counts.reads++;
                if (count < 0 && (errno == EAGAIN || errno == EINTR)) break;
                if (count <= 0 || redisReaderFeed(r->reader, r->input, (size_t)count) != REDIS_OK ||
                    !replies_deliver(r)) {
                        redis_drop(&r->base);
                        return;
                }
                if (count < (ssize_t)sizeof r->input) break;
        }
        answers_expect(r, cache_connection_is_waited_for(&r->base));
}

static void reader_renew(redis_connection *r)
{
        if (r->reader) redisReaderFree(r->reader);
        arena_reset(&r->replies);
        r->reader = redisReaderCreateWithFunctions(&reply_functions);
        if (!r->reader) abort();
        r->reader->privdata = &r->replies;
        r->reader->maxbuf = 0; /* keep the buffer however idle */
}

static void socket_connected(redis_connection *r)
{
        r->connecting = false;
        loop_timer_stop(&r->retry);
        socket_watch(r, UV_READABLE);
        cache_connection_opened(&r->base);
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
        redis_connection *r = poll->data;
        if (r->connecting) {
                int error = 0;
                socklen_t bytes = sizeof error;
                getsockopt(r->socket, SOL_SOCKET, SO_ERROR, &error, &bytes);
                if (error == 0 && status == 0) {
                        socket_connected(r);
                        return;
                }
                socket_close(r);
                retry_later(r);
                return;
        }
        if (status < 0 || events & UV_READABLE) socket_read(r);
        if (r->poll != poll || !(events & UV_WRITABLE)) return; /* reading may have closed it */
        r->output_stuck = false;
        socket_watch(r, UV_READABLE);
        socket_write(r);
}

static void connect_begin(redis_connection *r)
{
        reader_renew(r);
        int family = r->address.ss_family;
        r->socket = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (r->socket < 0) {
                r->socket = CLOSED;
                retry_later(r);
                return;
        }
        int one = 1;
        if (family != AF_UNIX) setsockopt(r->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        int result = connect(r->socket, (struct sockaddr *)&r->address, r->address_bytes);
        if (result < 0 && errno != EINPROGRESS) {
                close(r->socket);
                r->socket = CLOSED;
                retry_later(r);
                return;
        }
        r->poll = calloc(1, sizeof *r->poll);
        if (!r->poll || uv_poll_init(loop_uv(r->base.loop), r->poll, r->socket) < 0) abort();
        r->poll->data = r;
        if (result == 0) {
                socket_connected(r);
                return;
        }
        r->connecting = true;
        socket_watch(r, UV_WRITABLE);
        loop_timer_start(&r->retry, loop_now_ms(r->base.loop) + CONNECT_TIMEOUT_MS);
}

static void retry_fire(loop_timer *timer)
{
        redis_connection *r = timer->data;
        socket_close(r); /* one that took too long to connect */
        connect_begin(r);
}

/* ---- beginning and end ---- */

static void retry_closed(loop_timer *timer)
{
        redis_connection *r = timer->data;
        loop *l = r->base.loop;
        redisReaderFree(r->reader);
        arena_release(&r->replies);
        free(r);
        loop_release_hold(l);
}

static void base_closed(cache_connection *c)
{
        redis_connection *r = (redis_connection *)c;
        loop_timer_close(&r->retry, retry_closed);
}

static void destroy_later(void *connection)
{
        cache_connection_close(connection, base_closed);
}

/* Perhaps from inside a delivery, so nothing goes away in this turn. */
static void redis_destroy(cache_connection *c)
{
        redis_connection *r = (redis_connection *)c;
        r->destroyed = true;
        loop_timer_stop(&r->retry);
        loop_unmark_flush(c->loop, &r->flush);
        loop_hold(c->loop);
        socket_close(r);
        cache_connection_lost(c);
        loop_post(c->loop, destroy_later, c);
}

static const cache_backend_functions redis_backend = {redis_output_waits, redis_drop,
                                                      redis_destroy};

static bool address_parse(const char *text, redis_connection *r)
{
        if (text[0] == '/') {
                struct sockaddr_un *unix_address = (struct sockaddr_un *)&r->address;
                if (strlen(text) >= sizeof unix_address->sun_path) return false;
                unix_address->sun_family = AF_UNIX;
                memcpy(unix_address->sun_path, text, strlen(text) + 1);
                r->address_bytes = sizeof *unix_address;
                return true;
        }
        const char *colon = strrchr(text, ':');
        char host[INET6_ADDRSTRLEN];
        if (!colon || (size_t)(colon - text) >= sizeof host) return false;
        memcpy(host, text, (size_t)(colon - text));
        host[colon - text] = 0;
        char *end;
        long port = strtol(colon + 1, &end, 10);
        if (*end || end == colon + 1 || port < 1 || port > 65535) return false;
        if (uv_ip4_addr(host, (int)port, (struct sockaddr_in *)&r->address) == 0)
                r->address_bytes = sizeof(struct sockaddr_in);
        else if (uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)&r->address) == 0)
                r->address_bytes = sizeof(struct sockaddr_in6);
        else
                return false;
        return true;
}

cache_connection *cache_connection_create(loop *l, const cache_connection_options *options,
                                          failure *f)
{
        redis_connection *r = calloc(1, sizeof *r);
        if (!r) abort();
        if (!address_parse(options->address, r)) {
                free(r);
                failure_set(f, FAILURE_INVALID_ARGUMENT, "CACHE_ADDRESS",
                            "the address of Redis is neither /a/socket (107 bytes) nor host:port");
                return NULL;
        }
        cache_connection_options o = *options;
        if (!o.stall_ms) o.stall_ms = 500;
        if (!o.pending_max) o.pending_max = 65536;
        if (!o.output_bytes_max) o.output_bytes_max = 8 << 20;
        cache_connection_init(&r->base, l, &redis_backend, &o);
        r->reconnect_min_ms = o.reconnect_min_ms ? o.reconnect_min_ms : 20;
        r->reconnect_max_ms = o.reconnect_max_ms ? o.reconnect_max_ms : 1000;
        r->socket = CLOSED;
        r->flush.run = flush_run;
        loop_timer_init(l, &r->retry, retry_fire, r);
        connect_begin(r);
        return &r->base;
}
