/* A connection to one Redis: commands go out together at the end of a turn, replies come back in
 * order. It reconnects by itself and never queues anything for a server that is away.
 *
 * What is believed about the server's content is not its business (reader.h, lease.h). */
#ifndef SSCARD_COMMON_CACHE_CONNECTION_H
#define SSCARD_COMMON_CACHE_CONNECTION_H

#include "common/base/bytes.h"
#include "common/base/failure.h"
#include "common/cache/reply.h"
#include "common/runtime/task.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct cache_connection cache_connection;

enum { CACHE_RUN_ID_BYTES = 40 };

typedef struct cache_connection_options {
        const char *address;  /* "/path/to/socket" or "host:port"; numeric host */
        uint32_t stall_ms;    /* a command unanswered for so long ends the connection; 0: 500 */
        uint32_t pending_max; /* commands without an answer; more are refused; 0: 65 536 */
        uint32_t output_bytes_max; /* not yet taken by the socket; more is refused; 0: 8 MiB */
        uint32_t reconnect_min_ms; /* first pause after a loss; doubles, with jitter; 0: 20 */
        uint32_t reconnect_max_ms; /* 0: 1 000 */
} cache_connection_options;

/* The real one, for a real loop. Connects in the background: a server that is away is no failure;
 * an address that makes no sense is. Pair: cache_connection_destroy(). */
cache_connection *cache_connection_create(loop *l, const cache_connection_options *options,
                                          failure *f) MUST_CHECK;
/* No task may wait on it. Its memory goes in a later turn of the loop. NULL is allowed. */
void cache_connection_destroy(cache_connection *connection);

/* Up: connected, and the server has said who it is. */
bool cache_connection_is_up(const cache_connection *connection);
/* Grows with each new connection; what was learnt under another generation is void. */
uint64_t cache_connection_generation(const cache_connection *connection);
/* The server process at the other end: 40 hexadecimal digits. Only while up. */
const char *cache_connection_run_id(const cache_connection *connection);
/* Milliseconds since it was last up; 0 while up. More than 5 000: the process is not ready. */
int64_t cache_connection_away_ms(const cache_connection *connection);

typedef struct cache_connection_counts {
        uint64_t commands, replies, connects, losses, stalls, refused, writes, reads;
} cache_connection_counts;
const cache_connection_counts *cache_connection_counts_of(const cache_connection *connection);

/* One command with its answer. `reply` is valid until the task suspends again or ends.
 * Suspends. False: the connection is away, full or was lost before the answer (then the command may
 * have run or may yet run); nothing is recorded on the task, since a cache may always be away. Or
 * the task was interrupted: then its failure says so. */
bool cache_call(task *t, cache_connection *connection, const bytes *words, size_t word_count,
                const cache_reply **reply) MUST_CHECK;
/* The same for MGET: an array of `key_count` elements, NIL or TEXT. The hot path. */
bool cache_mget(task *t, cache_connection *connection, const bytes *keys, size_t key_count,
                const cache_reply **reply) MUST_CHECK;
/* Sends and forgets: the answer is read and dropped. Does not suspend. False: not sent. */
bool cache_send(cache_connection *connection, const bytes *words, size_t word_count);

#endif
