/* A connection against a real redis-server that is killed, stopped and flushed. */
#include "tests/integration/cache/world.h"

#include "common/cache/scripts.h"

#include <stdio.h>
#include <string.h>

static bytes text(const char *t)
{
        return bytes_of_text(t);
}

static bool set(task *t, cache_connection *c, const char *key, const char *value)
{
        bytes words[] = {text("SET"), text(key), text(value)};
        const cache_reply *reply;
        return cache_call(t, c, words, 3, &reply) && cache_reply_is(reply, "OK");
}

static void body_mget(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        assert_int_equal(strlen(cache_connection_run_id(w->connection)), CACHE_RUN_ID_BYTES);
        assert_true(set(t, w->connection, "a", "one"));
        assert_true(set(t, w->connection, "c", ""));
        bytes keys[] = {text("a"), text("b"), text("c")};
        const cache_reply *reply;
        assert_true(cache_mget(t, w->connection, keys, 3, &reply));
        assert_int_equal(reply->kind, CACHE_REPLY_ARRAY);
        assert_int_equal(reply->element_count, 3);
        assert_true(cache_reply_is(&reply->elements[0], "one"));
        assert_int_equal(reply->elements[1].kind, CACHE_REPLY_NIL);
        assert_true(cache_reply_is(&reply->elements[2], ""));
}

static void an_mget_answers_each_key_in_order(void **state)
{
        (void)state;
        world_run(body_mget);
}

enum { BIG_BYTES = 3 << 20 };

static void body_big(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        char *big = arena_alloc(&t->arena, BIG_BYTES);
        for (size_t i = 0; i < BIG_BYTES; i++)
                big[i] = (char)(i * 2654435761U >> 13);
        bytes words[] = {text("SET"), text("big"), bytes_of(big, BIG_BYTES)};
        const cache_reply *reply;
        assert_true(cache_call(t, w->connection, words, 3, &reply));
        assert_true(cache_reply_is(reply, "OK"));
        bytes key = text("big");
        assert_true(cache_mget(t, w->connection, &key, 1, &reply));
        assert_true(bytes_equal(reply->elements[0].text, bytes_of(big, BIG_BYTES)));
}

static void a_value_larger_than_the_socket_goes_there_and_back(void **state)
{
        (void)state;
        world_run(body_big);
}

static void body_too_much(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        enum { TOO_MUCH = 9 << 20 };
        bytes words[] = {text("SET"), text("big"),
                         bytes_of(arena_zalloc(&t->arena, TOO_MUCH), TOO_MUCH)};
        const cache_reply *reply;
        assert_false(cache_call(t, w->connection, words, 3, &reply));
        assert_int_equal(t->failure.kind, FAILURE_NONE);
        assert_true(set(t, w->connection, "a", "still there"));
}

static void a_command_beyond_the_bound_is_refused_and_nothing_else_is_lost(void **state)
{
        (void)state;
        world_run(body_too_much);
}

/* ---- many at once, some abandoned ---- */

enum { CHILDREN = 300 };

typedef struct child_state {
        world *w;
        int number;
        bool right;
} child_state;

static void child_run(task *t, void *argument)
{
        child_state *s = argument;
        char key[20], value[20];
        snprintf(key, sizeof key, "k%d", s->number);
        snprintf(value, sizeof value, "v%d", s->number);
        if (!set(t, s->w->connection, key, value)) return;
        bytes keys[] = {text(key), text(key)};
        const cache_reply *reply;
        if (!cache_mget(t, s->w->connection, keys, 2, &reply)) return;
        s->right = cache_reply_is(&reply->elements[0], value) &&
                   cache_reply_is(&reply->elements[1], value);
}

static void run_children(world *w, task *t, child_state *children)
{
        task_group *group = task_group_begin(t);
        for (int i = 0; i < CHILDREN; i++) {
                children[i] = (child_state){.w = w, .number = i};
                task_group_spawn(group, child_run, &children[i]);
        }
        assert_true(task_group_wait(group));
}

static void body_many(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        child_state children[CHILDREN];
        run_children(w, t, children);
        for (int i = 0; i < CHILDREN; i++)
                assert_true(children[i].right);
        const cache_connection_counts *counts = cache_connection_counts_of(w->connection);
        assert_true(counts->writes < counts->commands / 10); /* coalesced */
}

static void commands_of_one_turn_share_a_write_and_each_gets_its_own_answer(void **state)
{
        (void)state;
        world_run(body_many);
}

static void waiting_run(task *t)
{
        world *w = t->owner;
        bytes words[] = {text("BLPOP"), text("nothing"), text("30")};
        const cache_reply *reply;
        assert_false(cache_call(t, w->connection, words, 3, &reply));
        w->data = NULL;
}

static bool data_is_null(void *argument)
{
        return !((world *)argument)->data;
}

static bool is_parked(void *argument)
{
        return ((task *)argument)->parked;
}

static void nothing(loop_timer *timer)
{
        (void)timer;
}

static void body_abandoned(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        task other = {0};
        task_init(&other, w->loop, w);
        w->data = &other;
        assert_true(task_start(&other, TASK_NO_DEADLINE, waiting_run, NULL));
        world_wait_until(t, is_parked, &other);
        task_interrupt(&other, FAILURE_CANCELLED);
        world_wait_until(t, data_is_null, w);
        assert_int_equal(other.failure.kind, FAILURE_CANCELLED);
        assert_true(redis_process_tell(&w->redis, "RPUSH nothing x")); /* the late answer */
        assert_true(set(t, w->connection, "a", "after"));
        task_release(&other, nothing);
        world_sleep(t, 1); /* the timer of `other` is on this stack */
}

static void the_answer_of_an_abandoned_command_reaches_nobody(void **state)
{
        (void)state;
        world_run(body_abandoned);
}

/* ---- faults ---- */

static void body_killed(world *w, task *t)
{
        for (int round = 0; round < 3; round++) {
                world_wait_until_up(t, w->connection);
                char before[CACHE_RUN_ID_BYTES + 1];
                strcpy(before, cache_connection_run_id(w->connection));
                uint64_t generation = cache_connection_generation(w->connection);
                redis_process_kill(&w->redis);
                child_state children[CHILDREN];
                run_children(w, t, children);
                for (int i = 0; i < CHILDREN; i++)
                        assert_false(children[i].right);
                assert_int_equal(t->failure.kind, FAILURE_NONE);
                assert_false(cache_connection_is_up(w->connection));
                redis_process_start(&w->redis);
                world_wait_until_up(t, w->connection);
                assert_string_not_equal(before, cache_connection_run_id(w->connection));
                assert_int_equal(cache_connection_generation(w->connection), generation + 1);
                assert_true(set(t, w->connection, "a", "again"));
        }
        assert_int_equal(cache_connection_away_ms(w->connection), 0);
}

static void after_kill_9_every_waiter_is_told_and_a_new_server_has_a_new_run_id(void **state)
{
        (void)state;
        world_run(body_killed);
}

static void body_stalled(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        redis_process_pause(&w->redis, true);
        assert_false(set(t, w->connection, "a", "nobody answers"));
        assert_int_equal(cache_connection_counts_of(w->connection)->stalls, 1);
        assert_false(set(t, w->connection, "a", "at once"));
        redis_process_pause(&w->redis, false);
        world_wait_until_up(t, w->connection);
        assert_true(set(t, w->connection, "a", "again"));
}

static void a_server_that_stands_still_fails_its_callers_soon_and_is_met_again(void **state)
{
        (void)state;
        world_run(body_stalled);
}

static void body_noscript(world *w, task *t)
{
        world_wait_until_up(t, w->connection);
        assert_true(redis_process_tell(&w->redis, "SET sscard:lease:x 1:aa PX 10000"));
        assert_true(redis_process_tell(&w->redis, "SCRIPT FLUSH"));
        bytes keys[] = {text("sscard:lease:x"), text("sscard:lease:y")};
        for (int i = 0; i < 2; i++) {
                const cache_reply *reply;
                assert_true(cache_script_call(t, w->connection, CACHE_SCRIPT_LEASES, keys, 2, NULL,
                                              0, &reply));
                assert_int_equal(reply->element_count, 4);
                assert_true(cache_reply_is(&reply->elements[0], "1:aa"));
                assert_true(reply->elements[1].integer > 0);
                assert_int_equal(reply->elements[2].kind, CACHE_REPLY_NIL);
                assert_int_equal(reply->elements[3].integer, -2);
        }
}

static void a_server_that_forgot_the_scripts_learns_them_again(void **state)
{
        (void)state;
        world_run(body_noscript);
}

static void body_tcp(world *w, task *t)
{
        failure f = {0};
        cache_connection_options options = {.address = w->redis.address};
        cache_connection *tcp = cache_connection_create(w->loop, &options, &f);
        assert_non_null(tcp);
        world_wait_until_up(t, tcp);
        world_wait_until_up(t, w->connection);
        assert_string_equal(cache_connection_run_id(tcp), cache_connection_run_id(w->connection));
        assert_true(set(t, tcp, "a", "over TCP"));
        redis_process_kill(&w->redis);
        assert_false(set(t, tcp, "a", "nobody is there"));
        redis_process_start(&w->redis);
        world_wait_until_up(t, tcp);
        assert_int_equal(cache_connection_generation(tcp), 2);
        assert_true(set(t, tcp, "a", "again"));
        cache_connection_destroy(tcp);
}

static void over_TCP_it_is_the_same(void **state)
{
        (void)state;
        world_run(body_tcp);
}

static void body_address(world *w, task *t)
{
        (void)t;
        static const char *const bad[] = {
                "", "redis", "redis:6379", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:x"};
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                failure f = {0};
                cache_connection_options options = {.address = bad[i]};
                assert_null(cache_connection_create(w->loop, &options, &f));
                assert_int_equal(f.kind, FAILURE_INVALID_ARGUMENT);
        }
        failure f = {0};
        cache_connection_options options = {.address = "127.0.0.1:1"}; /* nobody is there */
        cache_connection *nobody = cache_connection_create(w->loop, &options, &f);
        assert_non_null(nobody);
        world_sleep(t, 50);
        assert_false(cache_connection_is_up(nobody));
        assert_true(cache_connection_away_ms(nobody) > 0);
        cache_connection_destroy(nobody);
}

static void an_address_that_makes_no_sense_is_refused_and_one_without_a_server_is_not(void **state)
{
        (void)state;
        world_run(body_address);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(an_mget_answers_each_key_in_order),
                cmocka_unit_test(a_value_larger_than_the_socket_goes_there_and_back),
                cmocka_unit_test(a_command_beyond_the_bound_is_refused_and_nothing_else_is_lost),
                cmocka_unit_test(commands_of_one_turn_share_a_write_and_each_gets_its_own_answer),
                cmocka_unit_test(the_answer_of_an_abandoned_command_reaches_nobody),
                cmocka_unit_test(
                        after_kill_9_every_waiter_is_told_and_a_new_server_has_a_new_run_id),
                cmocka_unit_test(
                        a_server_that_stands_still_fails_its_callers_soon_and_is_met_again),
                cmocka_unit_test(a_server_that_forgot_the_scripts_learns_them_again),
                cmocka_unit_test(over_TCP_it_is_the_same),
                cmocka_unit_test(
                        an_address_that_makes_no_sense_is_refused_and_one_without_a_server_is_not),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
