/* Writers and readers of one holder while Redis is killed, stopped, flushed, emptied and cut off:
 * S6, no strong read shows less than what OK was said for before it began. */
#include "tests/integration/cache/region.h"

#include <inttypes.h>
#include <string.h>

enum { SOAK_MS = 6000, WRITERS = 3, READERS = 4, FAULT_KINDS = 7, STOP_MS_MAX = 900 };

typedef struct soak {
        region *g;
        int64_t end_ms;
        uint64_t floor; /* the highest version that OK was said for */
        uint64_t oks, unknown, conflicts, hits, asks, stale;
        uint64_t faults[FAULT_KINDS];
} soak;

static int64_t now_ms(void)
{
        return clock_monotonic_ms(clock_system());
}

static void writer_run(task *t, void *argument)
{
        soak *s = argument;
        while (now_ms() < s->end_ms) {
                uint64_t version = 0;
                if (region_write(s->g, t, &version)) {
                        s->oks++;
                        if (version > s->floor) s->floor = version;
                } else if (version) { /* unknown: the row could not be asked */
                        assert_int_equal(t->failure.kind, FAILURE_UNAVAILABLE);
                        failure_clear(&t->failure);
                        s->unknown++;
                } else {
                        s->conflicts++;
                }
                world_sleep(t, (int64_t)(random_u64(loop_random(t->loop)) % 20));
        }
}

static void reader_run(task *t, void *argument)
{
        soak *s = argument;
        while (now_ms() < s->end_ms) {
                uint64_t floor = s->floor;
                cache_look look = region_look(s->g, t);
                uint64_t version = look.version;
                if (look.finding == CACHE_FOUND) {
                        s->hits++;
                } else {
                        s->asks++;
                        version = region_load(s->g, t);
                }
                if (version < floor) {
                        print_message("      saw %" PRIu64 " after OK for %" PRIu64 "\n", version,
                                      floor);
                        s->stale++;
                }
                world_sleep(t, (int64_t)(random_u64(loop_random(t->loop)) % 4));
        }
}

static void fault(soak *s, task *t, int kind)
{
        redis_process *redis = &s->g->w->redis;
        int64_t some_ms = (int64_t)(random_u64(loop_random(t->loop)) % STOP_MS_MAX);
        s->faults[kind]++;
        switch (kind) {
        case 0:
                redis_process_kill(redis);
                world_sleep(t, some_ms);
                redis_process_start(redis);
                break;
        case 1:
                redis_process_kill(redis);
                redis_process_start(redis); /* nobody may notice but by the run id */
                break;
        case 2:
                redis_process_pause(redis, true);
                world_sleep(t, some_ms);
                redis_process_pause(redis, false);
                break;
        case 3:
                assert_true(redis_process_tell(redis, "FLUSHALL"));
                break;
        case 4:
                assert_true(redis_process_tell(redis, "DEL sscard:lease:card"));
                break;
        case 5:
                assert_true(redis_process_tell(redis, "CLIENT KILL TYPE normal"));
                break;
        case 6: /* the database is away too: leases run out */
                s->g->trust.away = true;
                world_sleep(t, some_ms / 2);
                s->g->trust.away = false;
                break;
        }
}

static void faults_run(task *t, void *argument)
{
        soak *s = argument;
        while (now_ms() < s->end_ms) {
                fault(s, t, (int)(random_u64(loop_random(t->loop)) % FAULT_KINDS));
                world_sleep(t, (int64_t)(random_u64(loop_random(t->loop)) % 900));
        }
}

static void body_soak(world *w, task *t)
{
        region g;
        region_init(&g, w, t);
        soak s = {.g = &g, .end_ms = now_ms() + SOAK_MS};
        task_group *group = task_group_begin(t);
        for (int i = 0; i < WRITERS; i++)
                task_group_spawn(group, writer_run, &s);
        for (int i = 0; i < READERS; i++)
                task_group_spawn(group, reader_run, &s);
        task_group_spawn(group, faults_run, &s);
        assert_true(task_group_wait(group));
        const cache_owner_counts *c = cache_owner_counts_of(g.owner);
        print_message("      %" PRIu64 " OK, %" PRIu64 " unknown, %" PRIu64 " conflicts, %" PRIu64
                      " hits, %" PRIu64 " asked the owner; published %" PRIu64 ", erased %" PRIu64
                      ", left %" PRIu64 ", downs %" PRIu64 ", retries %" PRIu64 ", waits %" PRIu64
                      "\n",
                      s.oks, s.unknown, s.conflicts, s.hits, s.asks, c->published, c->erased,
                      c->left, c->downs, c->publish_retries, c->down_waits);
        assert_int_equal(s.stale, 0);
        assert_true(s.oks > 0);
        assert_true(s.hits > 0);
        region_wait_believed(&g, t); /* and all heals */
        region_release(&g, t);
}

static void S6_holds_while_redis_is_killed_stopped_flushed_and_cut_off(void **state)
{
        (void)state;
        world_run(body_soak);
}

/* The protocol's own figures: Redis stands still for longer than a lease lives, with records in it,
 * and then goes on as if nothing had been. */
static void body_stopped(world *w, task *t)
{
        region g;
        region_init_slow(&g, w, t);
        region_load(&g, t);
        while (region_look(&g, t).finding != CACHE_FOUND)
                world_sleep(t, 5);
        redis_process_pause(&w->redis, true);
        uint64_t version;
        assert_true(region_write(&g, t, &version)); /* after W */
        redis_process_pause(&w->redis, false);
        world_wait_until_up(t, g.reader_connection);
        for (int i = 0; i < 100; i++) {
                cache_look look = region_look(&g, t);
                assert_true(look.finding != CACHE_FOUND || look.version >= version);
                world_sleep(t, 10);
        }
        assert_false(g.trust.row.trusted); /* for ten seconds */
        region_release(&g, t);
}

static void a_server_that_stood_still_beyond_its_lease_is_not_believed_when_it_goes_on(void **state)
{
        (void)state;
        world_run(body_stopped);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S6_holds_while_redis_is_killed_stopped_flushed_and_cut_off),
                cmocka_unit_test(
                        a_server_that_stood_still_beyond_its_lease_is_not_believed_when_it_goes_on),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
