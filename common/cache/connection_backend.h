/* The seam under a connection: what moves the bytes. Two implementations: a socket on libuv
 * (redis_connection.c) and the simulator's server (tests/sim). Nobody else includes this. */
#ifndef SSCARD_COMMON_CACHE_CONNECTION_BACKEND_H
#define SSCARD_COMMON_CACHE_CONNECTION_BACKEND_H

#include "common/cache/connection.h"
#include "common/cache/scripts.h"
#include "common/runtime/loop.h"

/* All are called on the loop. */
typedef struct cache_backend_functions {
        /* Output stands in `output`; take it soon, at best at the end of the turn. Called once
         * until cache_connection_took_output(). */
        void (*output_waits)(cache_connection *connection);
        /* Closes the transport, then calls cache_connection_lost(). Never called from a coroutine.
         */
        void (*drop)(cache_connection *connection);
        /* Closes the transport without a word and frees the whole, maybe in a later turn. */
        void (*destroy)(cache_connection *connection);
} cache_backend_functions;

/* Whoever waits for one answer. `reply` is NULL when the connection was lost before it came. */
typedef struct cache_wait {
        void (*answered)(struct cache_wait *wait, const cache_reply *reply);
        uint64_t sequence;
} cache_wait;

typedef enum cache_connection_state {
        CACHE_CONNECTION_AWAY, /* no transport */
        CACHE_CONNECTION_OPEN, /* asking who it is */
        CACHE_CONNECTION_UP,
} cache_connection_state;

/* First member of every implementation. */
struct cache_connection {
        const cache_backend_functions *functions;
        loop *loop;
        cache_connection_state state;
        uint64_t generation;
        char run_id[CACHE_RUN_ID_BYTES + 1];
        int64_t away_since_ms;
        uint32_t stall_ms, pending_max, output_bytes_max;

        char *output; /* formatted commands that the transport has not taken */
        size_t output_bytes, output_room;
        bool output_is_announced;

        /* Who waits for which answer, a ring in the order of the commands. An abandoned command
         * keeps its place with nobody in it. */
        cache_wait **waits;
        uint32_t wait_room; /* a power of two */
        uint64_t wait_first, wait_end;

        cache_wait greeting; /* INFO, SCRIPT LOAD … of a new connection */
        uint32_t greetings_due;
        char script_sha[CACHE_SCRIPT_COUNT][41];

        loop_timer watchdog;
        uint64_t watched_first;
        uint32_t watched_ticks;
        cache_connection_counts counts;
        void (*closed)(struct cache_connection *connection);
};

/* For implementations. `options` is already complete with its defaults. */
void cache_connection_init(cache_connection *connection, loop *l,
                           const cache_backend_functions *functions,
                           const cache_connection_options *options);
/* Pair of init; `closed` is called, maybe later, when the memory may go. */
void cache_connection_close(cache_connection *connection,
                            void (*closed)(cache_connection *connection));
/* The transport is there: greets the server; up when it has answered. */
void cache_connection_opened(cache_connection *connection);
/* The answer to the oldest command. */
void cache_connection_deliver(cache_connection *connection, const cache_reply *reply);
/* The transport is gone: everybody who waits is told. */
void cache_connection_lost(cache_connection *connection);
/* The first `count` bytes of the output are on their way. */
void cache_connection_took_output(cache_connection *connection, size_t count);
bool cache_connection_is_waited_for(const cache_connection *connection);

#endif
