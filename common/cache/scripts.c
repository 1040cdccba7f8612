/* Sends the Lua texts by their hash. Must never build a text at run time: they are fixed. */
#include "common/cache/scripts.h"

#include "common/cache/connection_backend.h"
#include "common/cache/scripts_fence.h"
#include "common/cache/scripts_install.h"
#include "common/cache/scripts_leases.h"
#include "common/cache/scripts_miss.h"
#include "common/cache/scripts_publish.h"

#include <string.h>

enum { SHA_DIGITS = 40, KEYS_MAX = 8, ARGUMENTS_MAX = 6, WORDS_MAX = 3 + KEYS_MAX + ARGUMENTS_MAX };

bytes cache_script_text(cache_script script)
{
        switch (script) {
        case CACHE_SCRIPT_LEASES:
                return bytes_of(cache_script_leases, cache_script_leases_bytes);
        case CACHE_SCRIPT_FENCE:
                return bytes_of(cache_script_fence, cache_script_fence_bytes);
        case CACHE_SCRIPT_PUBLISH:
                return bytes_of(cache_script_publish, cache_script_publish_bytes);
        case CACHE_SCRIPT_MISS:
                return bytes_of(cache_script_miss, cache_script_miss_bytes);
        case CACHE_SCRIPT_INSTALL:
                return bytes_of(cache_script_install, cache_script_install_bytes);
        case CACHE_SCRIPT_COUNT:
                break;
        }
        assert(!"a script that there is");
        __builtin_unreachable();
}

typedef struct script_words {
        bytes words[WORDS_MAX];
        size_t count;
} script_words;

static void script_words_fill(script_words *w, cache_connection *connection, cache_script script,
                              const bytes *keys, size_t key_count, const bytes *arguments,
                              size_t argument_count)
{
        static const char digits[] = "012345678";
        assert(key_count <= KEYS_MAX);
        assert(argument_count <= ARGUMENTS_MAX);
        w->words[0] = bytes_of("EVALSHA", 7);
        w->words[1] = bytes_of(connection->script_sha[script], SHA_DIGITS);
        w->words[2] = bytes_of(&digits[key_count], 1);
        w->count = 3;
        for (size_t i = 0; i < key_count; i++)
                w->words[w->count++] = keys[i];
        for (size_t i = 0; i < argument_count; i++)
                w->words[w->count++] = arguments[i];
}

bool cache_script_call(task *t, cache_connection *connection, cache_script script,
                       const bytes *keys, size_t key_count, const bytes *arguments,
                       size_t argument_count, const cache_reply **reply)
{
        TASK_MAY_SUSPEND(t);
        script_words w;
        script_words_fill(&w, connection, script, keys, key_count, arguments, argument_count);
        if (!cache_call(t, connection, w.words, w.count, reply)) return false;
        if (!cache_reply_is_error(*reply, "NOSCRIPT")) return true;
        w.words[0] = bytes_of("EVAL", 4); /* SCRIPT FLUSH; EVAL makes the server learn it again */
        w.words[1] = cache_script_text(script);
        return cache_call(t, connection, w.words, w.count, reply);
}

bool cache_script_send(cache_connection *connection, cache_script script, const bytes *keys,
                       size_t key_count, const bytes *arguments, size_t argument_count)
{
        script_words w;
        script_words_fill(&w, connection, script, keys, key_count, arguments, argument_count);
        return cache_send(connection, w.words, w.count);
}
