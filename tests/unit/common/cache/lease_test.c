/* Who is trusted, from when, until when: to the millisecond. */
#include "tests/unit/common/cache/fixture.h"

#include <stdio.h>
#include <string.h>

#define LEASE "sscard:lease:card"

enum {
        LIFE_MS = 2000,
        RENEW_MS = 500,
        WAIT_MS = 2500,
        RETRUST_MS = 10000,
        SOON_MS = 30,
        SECOND_MS = 1000
};

static void steps_at_once(fixture *f, task *t)
{
        assert_false(f->trust.row.exists);
        fixture_sleep(t, RENEW_MS + SOON_MS);
        assert_true(f->trust.row.trusted);
        assert_int_equal(f->trust.row.epoch, 1);
        char expected[64];
        snprintf(expected, sizeof expected, "1:%s", cache_connection_run_id(f->owner_connection));
        assert_string_equal(fixture_get(f, &f->x, LEASE), expected);
        assert_string_equal(f->trust.row.run_id, cache_connection_run_id(f->owner_connection));
        cache_owner_view view = cache_owner_view_of(f->owner);
        assert_true(view.trusted);
        assert_false(view.down);
        assert_int_equal(view.epoch, 1);
}

static void a_new_region_is_trusted_at_once(void **state)
{
        (void)state;
        fixture_run(steps_at_once);
}

static void steps_life(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        for (int i = 0; i < 3 * RENEW_MS; i++, fixture_sleep(t, 1)) {
                int64_t life_ms = fixture_life(f, &f->x, LEASE);
                assert_true(life_ms <= LIFE_MS);
                assert_true(life_ms >= LIFE_MS - RENEW_MS - SOON_MS);
        }
        f->trust.away = true; /* nobody can read the row any more: nobody renews */
        fixture_sleep(t, LIFE_MS);
        assert_null(fixture_get(f, &f->x, LEASE));
        assert_false(cache_owner_view_of(f->owner).trusted);
}

static void a_lease_lives_two_seconds_from_the_TIME_that_was_read_before_the_row(void **state)
{
        (void)state;
        fixture_run(steps_life);
}

/* The command that puts the lease is under way for longer than the lease may live. */
static void steps_late(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->trust.slow_ms = SOON_MS;
        uint64_t asked = f->trust.asked;
        while (f->trust.asked == asked)
                fixture_sleep(t, 1);
        sim_wire_stall(&f->x.wire, true); /* after TIME, before the lease */
        while (f->trust.answered < f->trust.asked)
                fixture_sleep(t, 1);
        f->trust.away = true; /* nobody renews it */
        fixture_sleep(t, LIFE_MS + SOON_MS);
        assert_null(fixture_get(f, &f->x, LEASE));
        sim_wire_stall(&f->x.wire, false); /* now it arrives, within a few seconds */
        for (int i = 0; i < 4 * SECOND_MS; i++, fixture_sleep(t, 1))
                assert_null(fixture_get(f, &f->x, LEASE));
}

static void a_late_command_does_not_revive_a_lease(void **state)
{
        (void)state;
        fixture_run(steps_late);
}

static void steps_restart(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        sim_wire_cut(&f->x.wire, true);
        sim_redis_restart_empty(f->x.redis);
        int64_t began_ms = fixture_now(f);
        while (f->trust.row.trusted)
                fixture_sleep(t, 1);
        assert_true(fixture_now(f) - began_ms <= RENEW_MS + SECOND_MS);
        int64_t down_ms = fixture_now(f);
        assert_int_equal(f->trust.row.epoch, 2);
        assert_string_equal(f->trust.row.run_id, "");
        assert_true(cache_owner_view_of(f->owner).down);
        while (!f->trust.row.trusted) {
                assert_null(fixture_get(f, &f->x, LEASE));
                assert_true(cache_owner_view_of(f->owner).trusted_in_ms <= RETRUST_MS);
                fixture_sleep(t, 1);
        }
        assert_true(fixture_now(f) - down_ms >= RETRUST_MS);
        assert_true(fixture_now(f) - down_ms <= RETRUST_MS + 2 * RENEW_MS);
        assert_int_equal(f->trust.row.epoch, 3);
        fixture_sleep(t, SOON_MS);
        assert_non_null(fixture_get(f, &f->x, LEASE));
        assert_int_equal(cache_owner_counts_of(f->owner)->downs, 1);
}

static void
a_server_that_restarted_is_DOWN_for_ten_seconds_and_then_trusted_under_a_new_epoch(void **state)
{
        (void)state;
        fixture_run(steps_restart);
}

static void steps_owner_restart(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_owner_restart(f, t, &f->x);
        fixture_sleep(t, SECOND_MS);
        assert_int_equal(f->trust.row.epoch, 1); /* the same server: nothing has happened */
        assert_true(cache_owner_view_of(f->owner).trusted);
        f->trust.row = (cache_trust_row){.exists = true, .epoch = 8}; /* a restore from backup */
        fixture_owner_restart(f, t, &f->x);
        int64_t began_ms = fixture_now(f);
        while (!f->trust.row.trusted)
                fixture_sleep(t, 1);
        assert_true(fixture_now(f) - began_ms >=
                    RETRUST_MS); /* it cannot know since when it was DOWN */
        assert_int_equal(f->trust.row.epoch, 9);
}

static void
an_owner_that_restarts_goes_on_under_a_trusted_row_and_waits_under_a_DOWN_one(void **state)
{
        (void)state;
        fixture_run(steps_owner_restart);
}

/* Another process of the service has trusted it meanwhile. */
static void steps_race(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->trust.row = (cache_trust_row){.exists = true, .epoch = 2};
        fixture_sleep(t, SECOND_MS);
        assert_true(cache_owner_view_of(f->owner).down);
        f->trust.row.trusted = true;
        f->trust.row.epoch = 3;
        strcpy(f->trust.row.run_id, cache_connection_run_id(f->owner_connection));
        fixture_sleep(t, SECOND_MS);
        assert_true(cache_owner_view_of(f->owner).trusted);
        assert_int_equal(cache_owner_view_of(f->owner).epoch, 3);
        assert_int_equal(f->trust.row.epoch, 3);
}

static void what_another_process_made_of_the_row_is_taken_over(void **state)
{
        (void)state;
        fixture_run(steps_race);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_new_region_is_trusted_at_once),
                cmocka_unit_test(
                        a_lease_lives_two_seconds_from_the_TIME_that_was_read_before_the_row),
                cmocka_unit_test(a_late_command_does_not_revive_a_lease),
                cmocka_unit_test(
                        a_server_that_restarted_is_DOWN_for_ten_seconds_and_then_trusted_under_a_new_epoch),
                cmocka_unit_test(
                        an_owner_that_restarts_goes_on_under_a_trusted_row_and_waits_under_a_DOWN_one),
                cmocka_unit_test(what_another_process_made_of_the_row_is_taken_over),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
