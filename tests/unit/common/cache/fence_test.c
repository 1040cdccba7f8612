/* What a writer does when Redis fails it: to the millisecond, and with two servers. */
#include "tests/unit/common/cache/fixture.h"

enum { WAIT_MS = 2500, SECOND_MS = 1000, SOON_MS = 30, STALL_MS = 1000 };

static bool publish(fixture *f, task *t, const cache_fence *fence, uint64_t version)
{
        bytes record = fixture_record(f, version);
        return cache_publish(t, f->owner, &f->key, fence, version, &record);
}

/* Takes how long in milliseconds; fails the test when OK could not be said. */
static int64_t publish_takes(fixture *f, task *t, const cache_fence *fence, uint64_t version)
{
        int64_t began_ms = fixture_now(f);
        assert_true(publish(f, t, fence, version));
        return fixture_now(f) - began_ms;
}

static void steps_well(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        cache_fence fence = {0};
        cache_fence_take(t, f->owner, &f->key, 4, &fence);
        assert_true(fence.taken);
        assert_int_equal(fixture_life(f, &f->x, f->key.text), CACHE_FENCE_LIFE_MS);
        assert_int_equal(fixture_look(f, t, 0).finding, CACHE_FENCED);
        assert_true(publish_takes(f, t, &fence, 5) < SOON_MS);
        assert_string_equal(fixture_get(f, &f->x, f->key.text), "V1:5:record 5");
        assert_int_equal(fixture_look(f, t, 0).version, 5);
}

static void a_publish_over_the_own_fence_is_seen_at_once(void **state)
{
        (void)state;
        fixture_run(steps_well);
}

static void steps_away(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->x.wire.refuses = true;
        sim_wire_cut(&f->x.wire, true);
        cache_fence fence = {0};
        cache_fence_take(t, f->owner, &f->key, 4, &fence);
        assert_false(fence.taken);
        int64_t took_ms = publish_takes(f, t, &fence, 5);
        assert_true(took_ms >= WAIT_MS);
        assert_true(took_ms <= WAIT_MS + SOON_MS);
        assert_false(f->trust.row.trusted);
        assert_int_equal(f->trust.row.epoch, 2);
        assert_true(publish_takes(f, t, NULL, 6) < SOON_MS); /* DOWN has been seen for W */
        assert_int_equal(f->trust.row.epoch, 2);
        assert_int_equal(cache_owner_counts_of(f->owner)->down_waits, 1);
}

static void with_Redis_away_the_first_write_waits_W_and_the_next_does_not(void **state)
{
        (void)state;
        fixture_run(steps_away);
}

static void steps_rest(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->trust.row =
                (cache_trust_row){.exists = true, .epoch = 2}; /* another process has set it DOWN */
        f->x.wire.refuses = true;
        sim_wire_cut(&f->x.wire, true);
        fixture_sleep(t, SECOND_MS);
        int64_t took_ms = publish_takes(f, t, NULL, 5); /* seen only now: the whole of W */
        assert_true(took_ms >= WAIT_MS);
        fixture_sleep(t, SECOND_MS);
        assert_true(publish_takes(f, t, NULL, 6) < SOON_MS);
}

static void DOWN_counts_from_when_this_process_saw_it(void **state)
{
        (void)state;
        fixture_run(steps_rest);
}

static void steps_lease_lost(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        cache_fence fence = {0};
        cache_fence_take(t, f->owner, &f->key, 4, &fence);
        sim_redis_flush(f->x.redis); /* lease, fence and all */
        assert_true(publish_takes(f, t, &fence, 5) < SOON_MS);
        assert_int_equal(f->trust.row.epoch, 1); /* the lease was put again; the key is empty */
        assert_int_equal(cache_owner_counts_of(f->owner)->publish_retries, 1);
        assert_int_equal(cache_owner_counts_of(f->owner)->erased, 1);
        assert_null(fixture_get(f, &f->x, f->key.text));
}

static void a_lease_that_was_lost_is_put_again_before_trust_is_taken_away(void **state)
{
        (void)state;
        fixture_run(steps_lease_lost);
}

static void steps_stall(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_set(f, &f->x, f->key.text, "V1:4:old");
        assert_int_equal(fixture_look(f, t, 0).version, 4);
        sim_wire_stall(&f->x.wire, true);
        cache_fence fence = {0};
        cache_fence_take(t, f->owner, &f->key, 4, &fence);
        assert_false(fence.taken); /* the watchdog has ended the connection */
        int64_t took_ms = publish_takes(f, t, &fence, 5);
        assert_true(took_ms >= WAIT_MS && took_ms <= WAIT_MS + STALL_MS);
        sim_wire_stall(&f->x.wire, false); /* goes on with the old record, and with late commands */
        for (int i = 0; i < 3 * SECOND_MS; i++, fixture_sleep(t, 1))
                assert_int_not_equal(fixture_look(f, t, 0).finding, CACHE_FOUND);
}

static void a_server_that_stood_still_is_not_believed_when_it_goes_on(void **state)
{
        (void)state;
        fixture_run(steps_stall);
}

static void steps_database_away(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->trust.away = true;
        f->x.wire.refuses = true;
        sim_wire_cut(&f->x.wire, true);
        assert_false(publish(f, t, NULL, 5));
        assert_int_equal(t->failure.kind, FAILURE_UNAVAILABLE);
}

static void without_the_row_OK_is_never_said(void **state)
{
        (void)state;
        fixture_run(steps_database_away);
}

static void impatient_run(task *t)
{
        fixture *f = t->owner;
        assert_false(publish(f, t, NULL, 5));
        assert_int_equal(t->failure.kind, FAILURE_DEADLINE_EXCEEDED);
        f->trust.away = true; /* tells the steps */
}

static void steps_deadline(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        f->x.wire.refuses = true;
        sim_wire_cut(&f->x.wire, true);
        task impatient = {0};
        task_init(&impatient, f->loop, f);
        assert_true(task_start(&impatient, fixture_now(f) + SECOND_MS, impatient_run, NULL));
        fixture_sleep(t, 2 * SECOND_MS);
        assert_true(task_is_over(&impatient));
        assert_true(f->trust.away);
        f->trust.away = false;
        task_release(&impatient, NULL);
}

static void a_write_whose_time_is_up_before_W_is_not_OK(void **state)
{
        (void)state;
        fixture_run(steps_deadline);
}

/* X is cut off from the owner alone and lives on; Y, its replica, is promoted. A reader that still
 * talks to X must not see the old record after OK. */
static void steps_promoted(fixture *f, task *t)
{
        fixture_sleep(t, SECOND_MS);
        fixture_set(f, &f->x, f->key.text, "V1:4:old");
        assert_int_equal(fixture_look(f, t, 0).version, 4);
        fixture_set(f, &f->y, f->key.text, "V1:4:old"); /* replicated, the lease too */
        fixture_set(f, &f->y, "sscard:lease:card", fixture_get(f, &f->x, "sscard:lease:card"));
        fixture_owner_restart(f, t, &f->y);
        while (!cache_connection_is_up(f->owner_connection))
                fixture_sleep(t, 1);
        cache_fence fence = {0};
        cache_fence_take(t, f->owner, &f->key, 4, &fence);
        assert_false(fence.taken); /* the lease there names X */
        assert_true(publish(f, t, &fence, 5));
        assert_int_not_equal(fixture_look(f, t, 0).finding,
                             CACHE_FOUND); /* on X: nobody renews it */
        assert_string_equal(fixture_get(f, &f->y, f->key.text),
                            "V1:4:old"); /* untouched, and of an old epoch */
        while (!cache_owner_view_of(f->owner).trusted)
                fixture_sleep(t, 1);
        assert_int_equal(f->trust.row.epoch, 3);
        assert_string_equal(f->trust.row.run_id, cache_connection_run_id(f->owner_connection));
}

static void after_a_promotion_a_reader_of_the_old_primary_sees_nothing_older_than_OK(void **state)
{
        (void)state;
        fixture_run(steps_promoted);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_publish_over_the_own_fence_is_seen_at_once),
                cmocka_unit_test(with_Redis_away_the_first_write_waits_W_and_the_next_does_not),
                cmocka_unit_test(DOWN_counts_from_when_this_process_saw_it),
                cmocka_unit_test(a_lease_that_was_lost_is_put_again_before_trust_is_taken_away),
                cmocka_unit_test(a_server_that_stood_still_is_not_believed_when_it_goes_on),
                cmocka_unit_test(without_the_row_OK_is_never_said),
                cmocka_unit_test(a_write_whose_time_is_up_before_W_is_not_OK),
                cmocka_unit_test(
                        after_a_promotion_a_reader_of_the_old_primary_sees_nothing_older_than_OK),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
