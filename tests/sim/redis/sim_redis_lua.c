/* Scripts in Lua 5.1, as Redis runs them: KEYS, ARGV, redis.call and the ways of values between the
 * two. No other part of Redis' Lua is here, so that a text which needs more fails at once. */
#include "tests/sim/redis/sim_redis_state.h"

#include <assert.h>
#include <lua5.1/lauxlib.h>
#include <lua5.1/lua.h>
#include <lua5.1/lualib.h>
#include <string.h>

enum { CALL_WORDS_MAX = 16 };

static void push_reply(lua_State *lua, const cache_reply *reply)
{
        switch (reply->kind) {
        case CACHE_REPLY_NIL:
                lua_pushboolean(lua, false);
                break;
        case CACHE_REPLY_INTEGER:
                lua_pushnumber(lua, (lua_Number)reply->integer);
                break;
        case CACHE_REPLY_TEXT:
                lua_pushlstring(lua, (const char *)reply->text.data, reply->text.length);
                break;
        case CACHE_REPLY_STATUS:
        case CACHE_REPLY_ERROR:
                lua_newtable(lua);
                lua_pushlstring(lua, (const char *)reply->text.data, reply->text.length);
                lua_setfield(lua, -2, reply->kind == CACHE_REPLY_STATUS ? "ok" : "err");
                break;
        case CACHE_REPLY_ARRAY:
                lua_newtable(lua);
                for (size_t i = 0; i < reply->element_count; i++) {
                        push_reply(lua, &reply->elements[i]);
                        lua_rawseti(lua, -2, (int)i + 1);
                }
                break;
        }
}

static int redis_call(lua_State *lua)
{
        sim_redis *r = lua_touserdata(lua, lua_upvalueindex(1));
        int count = lua_gettop(lua);
        bytes words[CALL_WORDS_MAX];
        if (count < 1 || count > CALL_WORDS_MAX) return luaL_error(lua, "redis.call: words");
        for (int i = 0; i < count; i++) {
                size_t length;
                const char *text =
                        lua_tolstring(lua, i + 1, &length); /* numbers too, as Redis does */
                if (!text) return luaL_error(lua, "redis.call: strings or integers only");
                words[i] = bytes_of(text, length);
        }
        cache_reply reply;
        sim_redis_run(r, r->lua_arena, words, (size_t)count, &reply);
        if (reply.kind == CACHE_REPLY_ERROR)
                return luaL_error(lua, "%s", (const char *)reply.text.data);
        push_reply(lua, &reply);
        return 1;
}

static void take_reply(lua_State *lua, arena *a, cache_reply *reply);

static void take_table(lua_State *lua, arena *a, cache_reply *reply)
{
        size_t count = lua_objlen(lua, -1);
        *reply = (cache_reply){.kind = CACHE_REPLY_ARRAY, .element_count = count};
        reply->elements = arena_zalloc(a, (count + 1) * sizeof(cache_reply));
        for (size_t i = 0; i < count; i++) {
                lua_rawgeti(lua, -1, (int)i + 1);
                take_reply(lua, a, &reply->elements[i]);
                lua_pop(lua, 1);
        }
}

static void take_reply(lua_State *lua, arena *a, cache_reply *reply)
{
        size_t length;
        const char *text;
        *reply = (cache_reply){.kind = CACHE_REPLY_NIL};
        switch (lua_type(lua, -1)) {
        case LUA_TNUMBER:
                reply->kind = CACHE_REPLY_INTEGER;
                reply->integer = (int64_t)lua_tonumber(lua, -1);
                break;
        case LUA_TSTRING:
                text = lua_tolstring(lua, -1, &length);
                reply->kind = CACHE_REPLY_TEXT;
                reply->text = bytes_of(arena_copy(a, text, length), length);
                break;
        case LUA_TBOOLEAN:
                if (!lua_toboolean(lua, -1)) break;
                reply->kind = CACHE_REPLY_INTEGER;
                reply->integer = 1;
                break;
        case LUA_TTABLE:
                take_table(lua, a, reply);
                break;
        default:
                break;
        }
}

static void push_words(lua_State *lua, const char *name, const bytes *words, size_t count)
{
        lua_newtable(lua);
        for (size_t i = 0; i < count; i++) {
                lua_pushlstring(lua, (const char *)words[i].data, words[i].length);
                lua_rawseti(lua, -2, (int)i + 1);
        }
        lua_setglobal(lua, name);
}

void sim_redis_run_lua(sim_redis *r, arena *a, const sim_script *script, const bytes *words,
                       size_t key_count, size_t word_count, cache_reply *reply)
{
        lua_State *lua = r->lua;
        r->lua_arena = a;
        push_words(lua, "KEYS", words, key_count);
        push_words(lua, "ARGV", words + key_count, word_count - key_count);
        if (luaL_loadbuffer(lua, (const char *)script->text, script->text_bytes, script->hash) ||
            lua_pcall(lua, 0, 1, 0)) {
                const char *why = arena_format(a, "ERR script: %s", lua_tostring(lua, -1));
                *reply = (cache_reply){.kind = CACHE_REPLY_ERROR, .text = bytes_of_text(why)};
        } else {
                take_reply(lua, a, reply);
        }
        lua_settop(lua, 0);
        r->lua_arena = NULL;
}

void sim_redis_lua_open(sim_redis *r)
{
        r->lua = luaL_newstate();
        assert(r->lua);
        luaL_openlibs(r->lua);
        lua_newtable(r->lua);
        lua_pushlightuserdata(r->lua, r);
        lua_pushcclosure(r->lua, redis_call, 1);
        lua_setfield(r->lua, -2, "call");
        lua_setglobal(r->lua, "redis");
        lua_settop(r->lua, 0);
}

void sim_redis_lua_close(sim_redis *r)
{
        lua_close(r->lua);
}
