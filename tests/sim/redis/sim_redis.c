/* Keys, lives and commands. Must answer as Redis 7 does, as far as the house can tell. */
#include "tests/sim/redis/sim_redis.h"

#include "tests/sim/redis/sim_redis_state.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- keys ---- */

static int64_t now_ms(const sim_redis *r)
{
        return r->frozen_ms ? r->frozen_ms : clock_wall_ms(r->clock);
}

static void item_free(sim_item **items, sim_item *item)
{
        HASH_DEL(*items, item);
        free(item->key);
        free(item->value);
        free(item);
}

static void items_free(sim_item **items)
{
        sim_item *item, *next;
        HASH_ITER(hh, *items, item, next) item_free(items, item);
}

static sim_item *item_find(sim_redis *r, bytes key)
{
        sim_item *item;
        HASH_FIND(hh, r->items, key.data, key.length, item);
        if (!item || item->until_ms == 0 || item->until_ms > now_ms(r)) return item;
        item_free(&r->items, item);
        return NULL;
}

static uint8_t *bytes_keep(bytes b)
{
        uint8_t *copy = malloc(b.length + 1);
        if (!copy) abort();
        if (b.length) memcpy(copy, b.data, b.length);
        copy[b.length] = 0;
        return copy;
}

static void item_put(sim_item **items, bytes key, bytes value, int64_t until_ms)
{
        sim_item *item;
        HASH_FIND(hh, *items, key.data, key.length, item);
        if (item) item_free(items, item);
        item = calloc(1, sizeof *item);
        if (!item) abort();
        item->key = bytes_keep(key);
        item->value = bytes_keep(value);
        item->key_bytes = key.length;
        item->value_bytes = value.length;
        item->until_ms = until_ms;
        HASH_ADD_KEYPTR(hh, *items, item->key, item->key_bytes, item);
}

/* ---- replies ---- */

static void reply_error(cache_reply *reply, const char *text)
{
        *reply = (cache_reply){.kind = CACHE_REPLY_ERROR, .text = bytes_of_text(text)};
}

static void reply_ok(cache_reply *reply)
{
        *reply = (cache_reply){.kind = CACHE_REPLY_STATUS, .text = bytes_of_text("OK")};
}

static void reply_integer(cache_reply *reply, int64_t integer)
{
        *reply = (cache_reply){.kind = CACHE_REPLY_INTEGER, .integer = integer};
}

static void reply_text(arena *a, cache_reply *reply, const void *text, size_t length)
{
        *reply = (cache_reply){.kind = CACHE_REPLY_TEXT,
                               .text = bytes_of(arena_copy(a, text, length), length)};
}

static void reply_value(sim_redis *r, arena *a, bytes key, cache_reply *reply)
{
        const sim_item *item = item_find(r, key);
        if (item)
                reply_text(a, reply, item->value, item->value_bytes);
        else
                *reply = (cache_reply){.kind = CACHE_REPLY_NIL};
}

/* ---- commands ---- */

typedef struct command {
        sim_redis *redis;
        arena *arena;
        const bytes *words;
        size_t count;
        cache_reply *reply;
} command;

static bool word_is(bytes word, const char *text)
{
        return word.length == strlen(text) &&
               strncasecmp((const char *)word.data, text, word.length) == 0;
}

static bool word_number(bytes word, int64_t *number)
{
        char text[24], *end;
        if (word.length == 0 || word.length >= sizeof text) return false;
        memcpy(text, word.data, word.length);
        text[word.length] = 0;
        *number = strtoll(text, &end, 10);
        return *end == 0;
}

static void run_get(const command *c)
{
        reply_value(c->redis, c->arena, c->words[1], c->reply);
}

static void run_mget(const command *c)
{
        size_t count = c->count - 1;
        *c->reply = (cache_reply){.kind = CACHE_REPLY_ARRAY, .element_count = count};
        c->reply->elements = arena_zalloc(c->arena, count * sizeof(cache_reply));
        for (size_t i = 0; i < count; i++)
                reply_value(c->redis, c->arena, c->words[i + 1], &c->reply->elements[i]);
}

static void run_getrange(const command *c)
{
        int64_t from, to;
        const sim_item *item = item_find(c->redis, c->words[1]);
        int64_t length = item ? (int64_t)item->value_bytes : 0;
        if (!word_number(c->words[2], &from) || !word_number(c->words[3], &to) || from < 0 ||
            to < 0) {
                reply_error(c->reply, "ERR only plain ranges here");
                return;
        }
        if (to >= length) to = length - 1;
        size_t count = to >= from ? (size_t)(to - from + 1) : 0;
        reply_text(c->arena, c->reply, count ? item->value + from : (const uint8_t *)"", count);
}

static void run_set(const command *c)
{
        int64_t until_ms = 0;
        if (c->count == 5 && (word_is(c->words[3], "PX") || word_is(c->words[3], "PXAT"))) {
                if (!word_number(c->words[4], &until_ms) || until_ms <= 0) {
                        reply_error(c->reply, "ERR invalid expire time in 'set' command");
                        return;
                }
                if (word_is(c->words[3], "PX")) until_ms += now_ms(c->redis);
        } else if (c->count != 3) {
                reply_error(c->reply, "ERR syntax error");
                return;
        }
        c->redis->changes++;
        item_put(&c->redis->items, c->words[1], c->words[2], until_ms);
        item_find(c->redis, c->words[1]); /* a life that is over already */
        reply_ok(c->reply);
}

static void run_del(const command *c)
{
        int64_t deleted = 0;
        for (size_t i = 1; i < c->count; i++) {
                sim_item *item = item_find(c->redis, c->words[i]);
                if (!item) continue;
                item_free(&c->redis->items, item);
                c->redis->changes++;
                deleted++;
        }
        reply_integer(c->reply, deleted);
}

static void run_pttl(const command *c)
{
        const sim_item *item = item_find(c->redis, c->words[1]);
        if (!item)
                reply_integer(c->reply, -2);
        else
                reply_integer(c->reply, item->until_ms ? item->until_ms - now_ms(c->redis) : -1);
}

static void run_time(const command *c)
{
        int64_t now = now_ms(c->redis);
        *c->reply = (cache_reply){.kind = CACHE_REPLY_ARRAY, .element_count = 2};
        c->reply->elements = arena_zalloc(c->arena, 2 * sizeof(cache_reply));
        const char *seconds = arena_format(c->arena, "%" PRId64, now / 1000);
        const char *micros = arena_format(c->arena, "%" PRId64, now % 1000 * 1000);
        reply_text(c->arena, &c->reply->elements[0], seconds, strlen(seconds));
        reply_text(c->arena, &c->reply->elements[1], micros, strlen(micros));
}

static void run_info(const command *c)
{
        const char *info = arena_format(
                c->arena, "# Server\r\nredis_version:7.0.15\r\nrun_id:%s\r\n", c->redis->run_id);
        reply_text(c->arena, c->reply, info, strlen(info));
}

static void run_flushall(const command *c)
{
        sim_redis_flush(c->redis);
        reply_ok(c->reply);
}

static void run_publish(const command *c)
{
        reply_integer(c->reply, 0); /* a hint, and nobody listens */
}

static void script_hash(bytes text, char hash[SIM_SHA_DIGITS + 1])
{
        uint8_t digest[EVP_MAX_MD_SIZE];
        unsigned int length = 0;
        if (!EVP_Digest(text.data, text.length, digest, &length, EVP_sha1(), NULL)) abort();
        bytes_to_hex(bytes_of(digest, length), hash);
}

/* What this server will run for that text. */
static uint8_t *script_text_of(const sim_redis *r, bytes text)
{
        uint8_t *own = bytes_keep(text);
        for (size_t i = 0; i < r->plant_count; i++) {
                const char *from = r->plants[i].from, *to = r->plants[i].to;
                char *at = strstr((char *)own, from);
                if (!at) continue;
                SCOPED(arena) a = {0};
                size_t before = (size_t)(at - (char *)own);
                const char *changed = arena_format(&a, "%.*s%s%s", (int)before, (char *)own, to,
                                                   at + strlen(from));
                free(own);
                own = bytes_keep(bytes_of_text(changed));
        }
        return own;
}

static const sim_script *script_learn(sim_redis *r, bytes text)
{
        char hash[SIM_SHA_DIGITS + 1];
        script_hash(text, hash);
        sim_script *script;
        HASH_FIND(hh, r->scripts, hash, SIM_SHA_DIGITS, script);
        if (script) return script;
        script = calloc(1, sizeof *script);
        if (!script) abort();
        memcpy(script->hash, hash, sizeof hash);
        script->text = script_text_of(r, text);
        script->text_bytes = strlen((const char *)script->text);
        HASH_ADD(hh, r->scripts, hash, SIM_SHA_DIGITS, script);
        return script;
}

static void run_script(const command *c)
{
        if (c->count == 3 && word_is(c->words[1], "LOAD")) {
                const sim_script *script = script_learn(c->redis, c->words[2]);
                reply_text(c->arena, c->reply, script->hash, SIM_SHA_DIGITS);
        } else if (word_is(c->words[1], "FLUSH")) {
                sim_redis_forget_scripts(c->redis);
                reply_ok(c->reply);
        } else {
                reply_error(c->reply, "ERR unknown subcommand");
        }
}

static void run_eval(const command *c)
{
        const sim_script *script;
        if (word_is(c->words[0], "EVAL")) {
                script = script_learn(c->redis, c->words[1]);
        } else {
                HASH_FIND(hh, c->redis->scripts, c->words[1].data, c->words[1].length, script);
                if (!script) {
                        reply_error(c->reply, "NOSCRIPT No matching script. Please use EVAL.");
                        return;
                }
        }
        int64_t keys;
        if (!word_number(c->words[2], &keys) || keys < 0 || (size_t)keys > c->count - 3) {
                reply_error(c->reply, "ERR Number of keys can't be greater than number of args");
                return;
        }
        c->redis->frozen_ms = now_ms(c->redis); /* one moment for the whole script */
        sim_redis_run_lua(c->redis, c->arena, script, c->words + 3, (size_t)keys, c->count - 3,
                          c->reply);
        c->redis->frozen_ms = 0;
}

static const struct command_row {
        const char *name;
        size_t words_min;
        void (*run)(const command *c);
        bool in_script;
} command_rows[] = {
        {"GET", 2, run_get, true},           {"MGET", 2, run_mget, true},
        {"GETRANGE", 4, run_getrange, true}, {"SET", 3, run_set, true},
        {"DEL", 2, run_del, true},           {"PTTL", 2, run_pttl, true},
        {"TIME", 1, run_time, true},         {"PUBLISH", 3, run_publish, true},
        {"INFO", 1, run_info, false},        {"FLUSHALL", 1, run_flushall, false},
        {"SCRIPT", 2, run_script, false},    {"EVAL", 3, run_eval, false},
        {"EVALSHA", 3, run_eval, false},
};

static void command_run(const command *c, bool in_script)
{
        for (size_t i = 0; i < sizeof command_rows / sizeof *command_rows; i++) {
                const struct command_row *row = &command_rows[i];
                if (!word_is(c->words[0], row->name)) continue;
                if (c->count < row->words_min)
                        reply_error(c->reply, "ERR wrong number of arguments");
                else if (in_script && !row->in_script)
                        reply_error(c->reply, "ERR This Redis command is not allowed from script");
                else
                        row->run(c);
                return;
        }
        reply_error(c->reply, "ERR unknown command");
}

void sim_redis_run(sim_redis *r, arena *a, const bytes *words, size_t count, cache_reply *reply)
{
        command c = {r, a, words, count, reply};
        assert(count > 0);
        command_run(&c, r->frozen_ms != 0);
}

void sim_redis_plant(sim_redis *r, const char *from, const char *to)
{
        assert(r->plant_count < SIM_REDIS_PLANTS_MAX);
        r->plants[r->plant_count].from = from;
        r->plants[r->plant_count++].to = to;
}

/* ---- faults, beginning and end ---- */

static void process_begin(sim_redis *r)
{
        uint8_t random[SIM_SHA_DIGITS / 2];
        random_fill(r->random, random, sizeof random);
        bytes_to_hex(bytes_of(random, sizeof random), r->run_id);
        sim_redis_forget_scripts(r);
}

void sim_redis_flush(sim_redis *r)
{
        items_free(&r->items);
}

void sim_redis_forget_scripts(sim_redis *r)
{
        sim_script *script, *next;
        HASH_ITER(hh, r->scripts, script, next)
        {
                HASH_DEL(r->scripts, script);
                free(script->text);
                free(script);
        }
}

void sim_redis_restart_empty(sim_redis *r)
{
        items_free(&r->items);
        process_begin(r);
}

static void items_copy(const sim_item *from, sim_item **to)
{
        items_free(to);
        for (; from; from = from->hh.next)
                item_put(to, bytes_of(from->key, from->key_bytes),
                         bytes_of(from->value, from->value_bytes), from->until_ms);
}

void sim_redis_restart_old(sim_redis *r)
{
        items_copy(r->saved, &r->items);
        process_begin(r);
}

void sim_redis_save(sim_redis *r)
{
        items_copy(r->items, &r->saved);
}

uint64_t sim_redis_changes(const sim_redis *r)
{
        return r->changes;
}

void sim_redis_evict(sim_redis *r)
{
        unsigned count = HASH_COUNT(r->items);
        if (!count) return;
        unsigned skip = (unsigned)(random_u64(r->random) % count);
        sim_item *item = r->items;
        while (skip--)
                item = item->hh.next;
        item_free(&r->items, item);
}

sim_redis *sim_redis_create(const clock_source *clock, random_source *random)
{
        sim_redis *r = calloc(1, sizeof *r);
        if (!r) abort();
        r->clock = clock;
        r->random = random;
        sim_redis_lua_open(r);
        process_begin(r);
        return r;
}

void sim_redis_destroy(sim_redis *r)
{
        items_free(&r->items);
        items_free(&r->saved);
        sim_redis_forget_scripts(r);
        sim_redis_lua_close(r);
        free(r);
}
