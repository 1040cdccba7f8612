/* What must happen in one step inside Redis: short Lua texts (scripts/ *.lua), sent by their hash.
 * The simulator runs the very same texts. Each refuses without the owner's lease. */
#ifndef SSCARD_COMMON_CACHE_SCRIPTS_H
#define SSCARD_COMMON_CACHE_SCRIPTS_H

#include "common/base/bytes.h"
#include "common/cache/connection.h"
#include "common/cache/reply.h"
#include "common/runtime/task.h"

typedef enum cache_script {
        CACHE_SCRIPT_LEASES,  /* keys: leases.               {lease, PTTL, …} in one moment */
        CACHE_SCRIPT_FENCE,   /* lease, record; run id, id, base version, ms */
        CACHE_SCRIPT_PUBLISH, /* lease, record; run id, fence id, version, record ("" and "DEL") */
        CACHE_SCRIPT_MISS,    /* lease, record; run id, token, ms */
        CACHE_SCRIPT_INSTALL, /* lease, record; run id, token, version, record */
        CACHE_SCRIPT_COUNT,
} cache_script;

/* The text; static storage. */
bytes cache_script_text(cache_script script);

/* EVALSHA, and EVAL when the server has forgotten the text. Suspends; false as cache_call(). */
bool cache_script_call(task *t, cache_connection *connection, cache_script script,
                       const bytes *keys, size_t key_count, const bytes *arguments,
                       size_t argument_count, const cache_reply **reply) MUST_CHECK;
/* Sends and forgets; a server that has forgotten the text does nothing. False: not sent. */
bool cache_script_send(cache_connection *connection, cache_script script, const bytes *keys,
                       size_t key_count, const bytes *arguments, size_t argument_count);

#endif
