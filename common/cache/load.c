/* Token, then database, then record. Must never install what was read before the token stood. */
#include "common/cache/load.h"

#include "common/cache/owner_state.h"
#include "common/cache/scripts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_BYTES = 24 };

static bool is_loading(const cache_owner *o, const cache_key *key)
{
        for (const cache_load *load = o->loads; load; load = load->next)
                if (bytes_equal(cache_key_bytes(&load->key), cache_key_bytes(key))) return true;
        return false;
}

static void loads_add(cache_owner *o, cache_load *load)
{
        load->owner = o;
        load->previous = NULL;
        load->next = o->loads;
        if (o->loads) o->loads->previous = load;
        o->loads = load;
}

void cache_load_begin(task *t, cache_owner *o, const cache_key *key, cache_load *load)
{
        TASK_MAY_SUSPEND(t);
        assert(!load->owner);
        if (o->down_epoch || !cache_connection_is_up(o->connection) || is_loading(o, key)) return;
        load->key = *key;
        load->has_token = false;
        cache_owner_random_id(o, load->token);
        loads_add(o, load);
        char life[NUMBER_BYTES];
        int life_bytes = snprintf(life, sizeof life, "%d", CACHE_TOKEN_LIFE_MS);
        bytes keys[] = {cache_key_bytes(&o->lease), cache_key_bytes(key)};
        bytes arguments[] = {
                bytes_of(cache_connection_run_id(o->connection), CACHE_RUN_ID_BYTES),
                bytes_of(load->token, CACHE_TOKEN_BYTES),
                bytes_of(life, (size_t)life_bytes),
        };
        const cache_reply *reply;
        load->has_token = cache_script_call(t, o->connection, CACHE_SCRIPT_MISS, keys, 2, arguments,
                                            ARRAY_LENGTH(arguments), &reply) &&
                          cache_reply_is(reply, "TOKEN");
        o->counts.tokens += load->has_token;
}

void cache_load_install(cache_load *load, uint64_t version, bytes record)
{
        cache_owner *o = load->owner;
        if (!o || !load->has_token || !cache_connection_is_up(o->connection)) return;
        load->has_token = false;
        char number[NUMBER_BYTES];
        int number_bytes = snprintf(number, sizeof number, "%" PRIu64, version);
        bytes keys[] = {cache_key_bytes(&o->lease), cache_key_bytes(&load->key)};
        bytes arguments[] = {
                bytes_of(cache_connection_run_id(o->connection), CACHE_RUN_ID_BYTES),
                bytes_of(load->token, CACHE_TOKEN_BYTES),
                bytes_of(number, (size_t)number_bytes),
                record,
        };
        o->counts.installs += cache_script_send(o->connection, CACHE_SCRIPT_INSTALL, keys, 2,
                                                arguments, ARRAY_LENGTH(arguments));
}

void cache_load_release(cache_load *load)
{
        cache_owner *o = load->owner;
        if (!o) return;
        if (load->next) load->next->previous = load->previous;
        if (load->previous)
                load->previous->next = load->next;
        else
                o->loads = load->next;
        load->owner = NULL;
}
