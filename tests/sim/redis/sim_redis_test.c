/* The simulated Redis answers as the real one does: every command line here is put to both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/redis/sim_redis.h"

#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/cache/scripts.h"
#include "tests/integration/cache/redis_process.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 16 };

/* Both, as one text to compare. */
static char *show_real(arena *a, const redisReply *r)
{
        switch (r->type) {
        case REDIS_REPLY_NIL:
                return arena_strdup(a, "nil");
        case REDIS_REPLY_INTEGER:
                return arena_format(a, "%lld", r->integer);
        case REDIS_REPLY_ARRAY: {
                char *text = arena_strdup(a, "[");
                for (size_t i = 0; i < r->elements; i++)
                        text = arena_format(a, "%s %s", text, show_real(a, r->element[i]));
                return arena_format(a, "%s ]", text);
        }
        case REDIS_REPLY_ERROR:
                return arena_format(a, "!%.*s", (int)strcspn(r->str, " "), r->str);
        default:
                return arena_format(a, "\"%s\"", r->str);
        }
}

static char *show_sim(arena *a, const cache_reply *r)
{
        switch (r->kind) {
        case CACHE_REPLY_NIL:
                return arena_strdup(a, "nil");
        case CACHE_REPLY_INTEGER:
                return arena_format(a, "%lld", (long long)r->integer);
        case CACHE_REPLY_ARRAY: {
                char *text = arena_strdup(a, "[");
                for (size_t i = 0; i < r->element_count; i++)
                        text = arena_format(a, "%s %s", text, show_sim(a, &r->elements[i]));
                return arena_format(a, "%s ]", text);
        }
        case CACHE_REPLY_ERROR:
                return arena_format(a, "!%.*s", (int)strcspn((const char *)r->text.data, " "),
                                    (const char *)r->text.data);
        default:
                return arena_format(a, "\"%s\"", (const char *)r->text.data);
        }
}

typedef struct both {
        redis_process process;
        redisContext *real;
        clock_manual clock;
        random_seeded random;
        sim_redis *sim;
        arena arena;
} both;

static void both_init(both *b)
{
        memset(b, 0, sizeof *b);
        redis_process_init(&b->process);
        b->real = redisConnectUnix(b->process.socket);
        clock_manual_init(&b->clock, clock_wall_ms(clock_system()));
        random_seeded_init(&b->random, 1);
        b->sim = sim_redis_create(&b->clock.base, &b->random.base);
}

static void both_release(both *b)
{
        redisFree(b->real);
        redis_process_release(&b->process);
        sim_redis_destroy(b->sim);
        arena_release(&b->arena);
}

static void both_run(both *b, const bytes *words, size_t count)
{
        const char *argv[WORDS_MAX];
        size_t lengths[WORDS_MAX];
        char line[160] = "";
        for (size_t i = 0; i < count; i++) {
                argv[i] = (const char *)words[i].data;
                lengths[i] = words[i].length;
                snprintf(line + strlen(line), sizeof line - strlen(line), "%.*s ",
                         words[i].length < 30 ? (int)words[i].length : 30, argv[i]);
        }
        redisReply *real = redisCommandArgv(b->real, (int)count, argv, lengths);
        cache_reply sim;
        sim_redis_run(b->sim, &b->arena, words, count, &sim);
        char *expected = show_real(&b->arena, real), *actual = show_sim(&b->arena, &sim);
        if (strcmp(expected, actual) != 0) print_message("      %s\n", line);
        assert_string_equal(actual, expected);
        freeReplyObject(real);
}

static void both_line(both *b, const char *line)
{
        bytes words[WORDS_MAX];
        size_t count = 0;
        char *rest = arena_strdup(&b->arena, line);
        for (char *word; (word = strsep(&rest, " "));)
                words[count++] = bytes_of_text(strcmp(word, "''") == 0 ? "" : word);
        both_run(b, words, count);
}

static void commands_answer_as_in_a_real_redis(void **state)
{
        (void)state;
        static const char *const lines[] = {
                "GET a",
                "SET a 1",
                "GET a",
                "MGET a b a",
                "DEL a b",
                "DEL a",
                "GETRANGE a 0 63",
                "SET a hello",
                "GETRANGE a 0 2",
                "GETRANGE a 1 63",
                "GETRANGE a 9 63",
                "PTTL a",
                "PTTL b",
                "SET a x PX 100000",
                "SET a x PX 0",
                "SET a x PXAT 1",
                "GET a",
                "PTTL a",
                "SET a x PX",
                "SET a",
                "SET a x PXAT 9999999999999",
                "SET a ''",
                "GET a",
                "get a",
                "NOSUCH a",
                "FLUSHALL",
                "GET a",
                "PUBLISH channel hint",
                "EVALSHA 0123456789012345678901234567890123456789 0",
                "EVAL x 2 a",
        };
        both b;
        both_init(&b);
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
                both_line(&b, lines[i]);
        both_release(&b);
}

/* Every kind of thing that may stand under a key, against every script. */
static void scripts_answer_and_leave_behind_what_they_do_in_a_real_redis(void **state)
{
        (void)state;
        static const char run_id[] = "0123456789012345678901234567890123456789";
        static const char *const leases[] = {"", "3:0123456789012345678901234567890123456789",
                                             "3:ff", "rubbish"};
        static const char *const records[] = {"",        "V3:5:x",  "V3:9:x",  "V2:9:x",  "F3:aa:4",
                                              "F3:aa:9", "F3:bb:4", "F3:bb:9", "F2:aa:4", "T3:aa",
                                              "T3:bb",   "T2:aa",   "rubbish", "F3:aa"};
        static const char *const arguments[][5] = {
                [CACHE_SCRIPT_FENCE] = {run_id, "aa", "4", "30000"},
                [CACHE_SCRIPT_PUBLISH] = {run_id, "aa", "5", "SET", "new"},
                [CACHE_SCRIPT_MISS] = {run_id, "aa", "10000"},
                [CACHE_SCRIPT_INSTALL] = {run_id, "aa", "5", "new"},
        };
        both b;
        both_init(&b);
        for (cache_script s = 0; s < CACHE_SCRIPT_COUNT; s++) {
                bytes load[] = {bytes_of_text("SCRIPT"), bytes_of_text("LOAD"),
                                cache_script_text(s)};
                both_run(&b, load, 3); /* the same hash */
                for (size_t l = 0; l < sizeof leases / sizeof *leases; l++)
                        for (size_t r = 0; r < sizeof records / sizeof *records; r++) {
                                both_line(&b, "FLUSHALL");
                                if (*leases[l])
                                        both_line(&b,
                                                  arena_format(&b.arena, "SET l %s", leases[l]));
                                if (*records[r])
                                        both_line(&b,
                                                  arena_format(&b.arena, "SET r %s", records[r]));
                                bytes words[WORDS_MAX] = {bytes_of_text("EVAL"),
                                                          cache_script_text(s), bytes_of_text("2"),
                                                          bytes_of_text("l"), bytes_of_text("r")};
                                size_t count = 5;
                                if (s != CACHE_SCRIPT_LEASES)
                                        for (int i = 0; i < 5 && arguments[s][i]; i++)
                                                words[count++] = bytes_of_text(arguments[s][i]);
                                both_run(&b, words, count);
                                both_line(&b, "MGET l r");
                        }
        }
        both_release(&b);
}

static void a_life_ends_with_the_clock_and_a_new_process_has_a_new_run_id(void **state)
{
        (void)state;
        clock_manual clock;
        random_seeded random;
        clock_manual_init(&clock, 1700000000000);
        random_seeded_init(&random, 7);
        sim_redis *sim = sim_redis_create(&clock.base, &random.base);
        arena a = {0};
        cache_reply reply;
        bytes set[] = {bytes_of_text("SET"), bytes_of_text("k"), bytes_of_text("v"),
                       bytes_of_text("PX"), bytes_of_text("100")};
        bytes get[] = {bytes_of_text("GET"), bytes_of_text("k")},
              info[] = {bytes_of_text("INFO"), bytes_of_text("server")};
        sim_redis_run(sim, &a, set, 5, &reply);
        clock_manual_advance(&clock, 99);
        sim_redis_run(sim, &a, get, 2, &reply);
        assert_int_equal(reply.kind, CACHE_REPLY_TEXT);
        sim_redis_save(sim);
        clock_manual_advance(&clock, 1);
        sim_redis_run(sim, &a, get, 2, &reply);
        assert_int_equal(reply.kind, CACHE_REPLY_NIL);
        sim_redis_run(sim, &a, info, 2, &reply);
        char *before = arena_copy(&a, reply.text.data, reply.text.length);
        sim_redis_run(sim, &a, set, 3, &reply); /* without a life */
        sim_redis_restart_old(sim);
        sim_redis_run(sim, &a, get, 2, &reply);
        assert_int_equal(reply.kind, CACHE_REPLY_NIL); /* what was saved has run out meanwhile */
        sim_redis_run(sim, &a, info, 2, &reply);
        assert_string_not_equal(before, (const char *)reply.text.data);
        arena_release(&a);
        sim_redis_destroy(sim);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(commands_answer_as_in_a_real_redis),
                cmocka_unit_test(scripts_answer_and_leave_behind_what_they_do_in_a_real_redis),
                cmocka_unit_test(a_life_ends_with_the_clock_and_a_new_process_has_a_new_run_id),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
