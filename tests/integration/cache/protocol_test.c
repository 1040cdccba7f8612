/* The cache protocol, step by step, against a real redis-server. */
#include "tests/integration/cache/region.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs `steps` in a region. */
static void in_region(world *w, task *t)
{
        region g;
        region_init(&g, w, t);
        void (**steps)(region *, task *) = w->data;
        (*steps)(&g, t);
        region_release(&g, t);
}

static void region_run(void (*steps)(region *g, task *t))
{
        world_run_with(in_region, &steps);
}

/* Publishes and loads end in Redis a little later than in the owner: looks until it finds. */
static cache_look look_until(region *g, task *t, cache_finding finding)
{
        for (int i = 0; i < 2000; i++) {
                cache_look look = region_look(g, t);
                if (look.finding == finding) return look;
                world_sleep(t, 2);
        }
        fail();
        return (cache_look){0};
}

static void ask(region *g, const char *format, char *text, size_t room)
{
        char command[200];
        snprintf(command, sizeof command, format, g->key.text);
        redis_process_ask(&g->w->redis, command, text, room);
}

static void put(region *g, const char *value)
{
        char command[300];
        snprintf(command, sizeof command, "SET %s %s", g->key.text, value);
        assert_true(redis_process_tell(&g->w->redis, command));
}

static void steps_load(region *g, task *t)
{
        assert_int_equal(g->trust.row.epoch, 1); /* a new region is trusted at once */
        assert_int_equal(region_look(g, t).finding, CACHE_MISS);
        assert_int_equal(region_load(g, t), 1);
        cache_look look = look_until(g, t, CACHE_FOUND);
        assert_int_equal(look.version, 1);
        assert_int_equal(look.epoch, 1);
        assert_int_equal(look.stale_ms, 0);
}

static void a_miss_is_loaded_by_the_owner_and_found_by_the_next_reader(void **state)
{
        (void)state;
        region_run(steps_load);
}

static void steps_write(region *g, task *t)
{
        region_load(g, t);
        look_until(g, t, CACHE_FOUND);
        cache_fence fence = {0};
        cache_fence_take(t, g->owner, &g->key, 1, &fence);
        assert_true(fence.taken);
        assert_int_equal(region_look(g, t).finding, CACHE_FENCED);
        region_load(g, t); /* no token over a fence */
        assert_int_equal(region_look(g, t).finding, CACHE_FENCED);
        char ttl[32];
        ask(g, "PTTL %s", ttl, sizeof ttl);
        assert_true(atoi(ttl) > 0 && atoi(ttl) <= CACHE_FENCE_LIFE_MS);
        g->version = 2;
        bytes record = region_record(&t->arena, 2);
        assert_true(cache_publish(t, g->owner, &g->key, &fence, 2, &record));
        assert_int_equal(region_look(g, t).version, 2);
        ask(g, "PTTL %s", ttl, sizeof ttl);
        assert_string_equal(ttl, "-1"); /* the record does not run out */
}

static void a_write_fences_and_then_publishes_over_its_own_fence(void **state)
{
        (void)state;
        region_run(steps_write);
}

/* What stands there · what a publish of version 5 makes of it, with and without a record. */
static const struct publish_row {
        const char *before, *after;
} publish_rows[] = {
        {"V1:5:x", "V1:5:x"}, {"V1:6:x", "V1:6:x"},   {"V1:4:x", ""},         {"V9:6:x", ""},
        {"V0:6:x", ""},       {"F1:ab:5", "F1:ab:5"}, {"F1:ab:6", "F1:ab:6"}, {"F1:ab:4", ""},
        {"F2:ab:6", ""},      {"T1:ab", ""},          {"T0:ab", ""},          {"rubbish", ""},
        {"F1:ab", ""},        {"V1:x", ""},
};

static void steps_publish_table(region *g, task *t)
{
        bytes record = region_record(&t->arena, 5);
        for (size_t i = 0; i < 2 * ARRAY_LENGTH(publish_rows); i++) {
                const struct publish_row *row = &publish_rows[i / 2];
                put(g, row->before);
                assert_true(cache_publish(t, g->owner, &g->key, NULL, 5, i % 2 ? &record : NULL));
                char after[100];
                ask(g, "GET %s", after, sizeof after);
                print_message("      %-8s → %s\n", row->before, after[0] ? after : "(erased)");
                assert_string_equal(after, row->after);
        }
        ask(g, "DEL %s", (char[32]){0}, 32);
        assert_true(cache_publish(t, g->owner, &g->key, NULL, 5, &record));
        assert_int_equal(region_look(g, t).finding, CACHE_MISS); /* never onto an absent key */
}

static void a_publish_leaves_what_is_as_new_and_erases_all_else(void **state)
{
        (void)state;
        region_run(steps_publish_table);
}

static void steps_own_fence(region *g, task *t)
{
        cache_fence fence = {0};
        cache_fence_take(t, g->owner, &g->key, 4, &fence);
        assert_true(cache_publish(t, g->owner, &g->key, &fence, 5, NULL)); /* a case is open */
        assert_int_equal(region_look(g, t).finding, CACHE_MISS);
        cache_fence_take(t, g->owner, &g->key, 4, &fence);
        cache_fence other = {0};
        cache_fence_take(t, g->owner, &g->key, 4, &other); /* overwrites */
        bytes record = region_record(&t->arena, 5);
        assert_true(cache_publish(t, g->owner, &g->key, &fence, 5, &record));
        assert_int_equal(region_look(g, t).finding,
                         CACHE_MISS); /* the other's fence was older: erased */
        cache_fence_take(t, g->owner, &g->key, 5, &other);
        assert_true(cache_publish(t, g->owner, &g->key, &fence, 5, &record));
        assert_int_equal(region_look(g, t).finding, CACHE_FENCED); /* that one will publish more */
}

static void an_open_case_erases_and_another_writers_fence_is_judged_by_its_base(void **state)
{
        (void)state;
        region_run(steps_own_fence);
}

static void steps_token(region *g, task *t)
{
        {
                SCOPED(cache_load) first = {0};
                SCOPED(cache_load) second = {0};
                cache_load_begin(t, g->owner, &g->key, &first);
                cache_load_begin(t, g->owner, &g->key, &second);
                assert_true(first.has_token);
                assert_false(second.has_token); /* one load a key and process at a time */
                cache_load_install(&second, 1, region_record(&t->arena, 1));
                assert_int_equal(region_look(g, t).finding, CACHE_MISS);
                uint64_t version;
                assert_true(region_write(g, t, &version)); /* meanwhile */
                assert_int_equal(version, 2);
                cache_load_install(&first, 1,
                                   region_record(&t->arena, 1)); /* what it had read before */
                assert_int_equal(look_until(g, t, CACHE_FOUND).version, 2);
        }
        SCOPED(cache_load) load = {0};
        put(g, "T1:0000000000000000"); /* another process loads */
        cache_load_begin(t, g->owner, &g->key, &load);
        assert_false(load.has_token);
}

static void what_was_read_before_a_write_is_not_installed_after_it(void **state)
{
        (void)state;
        region_run(steps_token);
}

static void steps_foreign_lease(region *g, task *t)
{
        region_load(g, t);
        look_until(g, t, CACHE_FOUND);
        /* As a promoted replica has it: a live lease that names another server. */
        g->trust.away = true; /* the owner cannot renew */
        assert_true(redis_process_tell(
                &g->w->redis, "SET sscard:lease:card 1:0123456789012345678901234567890123456789"));
        look_until(g, t, CACHE_DOWN);
        cache_fence fence = {0};
        cache_fence_take(t, g->owner, &g->key, 1, &fence);
        assert_false(fence.taken);
        bytes record = region_record(&t->arena, 2);
        assert_false(cache_publish(t, g->owner, &g->key, &fence, 2, &record));
        assert_int_equal(t->failure.kind,
                         FAILURE_UNAVAILABLE); /* nobody could say what is trusted */
        failure_clear(&t->failure);
        char after[100];
        ask(g, "GET %s", after, sizeof after);
        assert_string_equal(after, "V1:1:record of version 1"); /* untouched */
        g->trust.away = false;
        assert_true(cache_publish(t, g->owner, &g->key, &fence, 2, &record));
        look_until(g, t, CACHE_MISS); /* a lease of its own again; the old record is gone */
}

static void under_a_lease_that_names_another_server_nothing_is_believed_or_touched(void **state)
{
        (void)state;
        region_run(steps_foreign_lease);
}

static void steps_killed(region *g, task *t)
{
        region_load(g, t);
        look_until(g, t, CACHE_FOUND);
        redis_process_kill(&g->w->redis);
        uint64_t version;
        assert_true(region_write(g, t, &version)); /* delayed, not refused */
        assert_int_equal(region_look(g, t).finding, CACHE_DOWN);
        assert_false(g->trust.row.trusted);
        assert_int_equal(g->trust.row.epoch, 2);
        assert_int_equal(cache_owner_counts_of(g->owner)->down_waits, 1);
        assert_true(region_write(g, t, &version)); /* W is over: at once */
        assert_int_equal(cache_owner_counts_of(g->owner)->down_waits, 1);
        redis_process_start(&g->w->redis);
        assert_true(cache_owner_view_of(g->owner).down);
        region_wait_believed(g, t);
        assert_true(g->trust.row.trusted);
        assert_int_equal(g->trust.row.epoch, 3);
        assert_int_equal(region_look(g, t).finding, CACHE_MISS);
        region_load(g, t);
        assert_int_equal(look_until(g, t, CACHE_FOUND).version, 3);
}

static void after_kill_9_writes_are_delayed_and_the_new_server_is_trusted_later(void **state)
{
        (void)state;
        region_run(steps_killed);
}

static bool is_trusted_anew(void *argument)
{
        return ((region *)argument)->trust.row.epoch == 3;
}

static void steps_restarted_unseen(region *g, task *t)
{
        redis_process_kill(&g->w->redis);
        redis_process_start(&g->w->redis);
        world_wait_until(t, is_trusted_anew, g); /* epoch 1 → DOWN 2 → 3 */
        region_wait_believed(g, t);
        assert_string_equal(g->trust.row.run_id, cache_connection_run_id(g->w->connection));
}

static void a_server_that_restarted_empty_is_set_down_before_it_is_trusted(void **state)
{
        (void)state;
        region_run(steps_restarted_unseen);
}

static void steps_flushed(region *g, task *t)
{
        for (int i = 0; i < 20; i++) {
                region_load(g, t);
                look_until(g, t, CACHE_FOUND);
                assert_true(redis_process_tell(&g->w->redis, "FLUSHALL"));
                uint64_t version;
                assert_true(region_write(g, t, &version));
                cache_look look = region_look(g, t);
                if (look.finding == CACHE_FOUND) assert_true(look.version >= version);
                region_wait_believed(g, t);
        }
        assert_int_equal(g->trust.row.epoch, 1); /* the lease was put anew: no outage */
        assert_true(cache_owner_counts_of(g->owner)->publish_retries > 0);
}

static void after_FLUSHALL_the_lease_is_put_again_and_nothing_older_is_seen(void **state)
{
        (void)state;
        region_run(steps_flushed);
}

static void steps_staleness(region *g, task *t)
{
        region_load(g, t);
        look_until(g, t, CACHE_FOUND);
        g->trust.away = true; /* the lease runs out, the record stays */
        look_until(g, t, CACHE_DOWN);
        static const uint32_t services[] = {1, 0};
        cache_look looks[2];
        assert_true(cache_reader_look_up(t, g->reader, 7, "01JD00000000000000000000AA", services, 2,
                                         20000, looks));
        assert_int_equal(looks[0].finding, CACHE_DOWN); /* bank was never believed */
        assert_int_equal(looks[1].finding, CACHE_FOUND);
        assert_true(looks[1].stale_ms > 0);
        put(g, "F1:ab:1");
        assert_true(cache_reader_look_up(t, g->reader, 7, "01JD00000000000000000000AA", services, 2,
                                         20000, looks));
        assert_int_equal(looks[1].finding, CACHE_DOWN); /* never a fence */
        put(g, "V2:9:x");
        assert_true(cache_reader_look_up(t, g->reader, 7, "01JD00000000000000000000AA", services, 2,
                                         20000, looks));
        assert_int_equal(looks[1].finding, CACHE_DOWN); /* nor another epoch */
        put(g, "V1:1:x");
        world_sleep(t, 20);
        assert_true(cache_reader_look_up(t, g->reader, 7, "01JD00000000000000000000AA", services, 2,
                                         1, looks));
        assert_int_equal(looks[1].finding, CACHE_DOWN); /* ended too long ago */
}

static void max_staleness_takes_a_record_of_the_epoch_believed_last_and_says_how_old(void **state)
{
        (void)state;
        region_run(steps_staleness);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_miss_is_loaded_by_the_owner_and_found_by_the_next_reader),
                cmocka_unit_test(a_write_fences_and_then_publishes_over_its_own_fence),
                cmocka_unit_test(a_publish_leaves_what_is_as_new_and_erases_all_else),
                cmocka_unit_test(
                        an_open_case_erases_and_another_writers_fence_is_judged_by_its_base),
                cmocka_unit_test(what_was_read_before_a_write_is_not_installed_after_it),
                cmocka_unit_test(
                        under_a_lease_that_names_another_server_nothing_is_believed_or_touched),
                cmocka_unit_test(
                        after_kill_9_writes_are_delayed_and_the_new_server_is_trusted_later),
                cmocka_unit_test(a_server_that_restarted_empty_is_set_down_before_it_is_trusted),
                cmocka_unit_test(after_FLUSHALL_the_lease_is_put_again_and_nothing_older_is_seen),
                cmocka_unit_test(
                        max_staleness_takes_a_record_of_the_epoch_believed_last_and_says_how_old),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
