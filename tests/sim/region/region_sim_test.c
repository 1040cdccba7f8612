/* Card and status in one thread on a virtual clock: weeks pass, processes die, Redis is lost, and
 * everything that may happen to cards happens. Seeds; SIM_SEED=17 runs that one alone, SIM_SEED=201
 * SIM_SEEDS=500 so many from there on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/region/sim_region.h"
#include "tests/sim/region/sim_requests.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { SEEDS = 40 }; /* the sanitizer looks at the ways through the code, not at chance */
#else
enum { SEEDS = 200 };
#endif
enum { SEEDS_UNTIL_FOUND = 200 };

typedef struct totals {
        uint64_t oks, refused, unknown, strong_reads, stale_reads, repeats, rows;
        uint64_t probes, promises_kept, events, resumptions, days, timers;
        uint64_t operation_oks[SIM_METHODS_MAX];
        uint64_t faults[SIM_FAULTS];
} totals;

static void add(totals *t, const sim_summary *s)
{
        t->oks += s->oks;
        t->refused += s->refused;
        t->unknown += s->unknown;
        t->strong_reads += s->strong_reads;
        t->stale_reads += s->stale_reads;
        t->repeats += s->repeats;
        t->rows += s->rows;
        t->probes += s->probes;
        t->promises_kept += s->promises_kept;
        t->events += s->events;
        t->resumptions += s->resumptions;
        t->days += s->days;
        t->timers += s->timers;
        for (int i = 0; i < SIM_OPERATION_COUNT; i++)
                t->operation_oks[i] += s->operation_oks[i];
        for (int i = 0; i < SIM_FAULTS; i++)
                t->faults[i] += s->fault_counts[i];
}

static bool is_right(const sim_options *o, const sim_summary *s)
{
        if (!s->verdict.fault && s->healed && s->chain_whole && !*s->lie) return true;
        sim_options_print(o);
        printf("      %s%s%s %s\n", s->verdict.fault ? s->story : "",
               s->healed ? "" : " · did not heal", s->chain_whole ? "" : " · the chain is broken",
               s->lie);
        return false;
}

static void print_operations(const totals *t)
{
        print_message("      OK:");
        for (int i = 0; i < SIM_OPERATION_COUNT; i++)
                if (sim_operation_exists(i))
                        print_message(" %s %" PRIu64 " ·", sim_operation_name(i),
                                      t->operation_oks[i]);
        print_message("\n");
}

/* A fault point that was never hit, a method that was never called with success: a gap in the run.
 */
static void assert_covered(const totals *t)
{
        for (int i = 0; i < SIM_FAULTS; i++)
                if (!t->faults[i]) fail_msg("%s: never", sim_fault_name((sim_fault)i));
        for (int i = 0; i < SIM_OPERATION_COUNT; i++)
                if (sim_operation_exists(i) && !t->operation_oks[i])
                        fail_msg("%s: never OK", sim_operation_name(i));
        assert_true(t->oks > SEEDS * 20);
        assert_true(t->repeats > SEEDS);
        assert_true(t->promises_kept > SEEDS);
        assert_true(t->events > SEEDS * 10);
        assert_true(t->resumptions > SEEDS);
        assert_true(t->timers > SEEDS / 2);
}

static void S1_S6_S7_S8_S11_hold_in_every_seed(void **state)
{
        const sim_keys *keys = *state;
        const char *only = getenv("SIM_SEED");
        const char *more = getenv("SIM_SEEDS");
        uint64_t first = only ? strtoull(only, NULL, 10) : 1;
        uint64_t last = first + (more ? strtoull(more, NULL, 10) : only ? 1 : SEEDS) - 1;
        totals t = {0};
        uint32_t wrong = 0;
        for (uint64_t seed = first; seed <= last; seed++) {
                sim_options o = sim_options_of_seed(seed);
                sim_summary s;
                sim_run(&o, keys, &s);
                wrong += !is_right(&o, &s);
                add(&t, &s);
        }
        print_message("      %" PRIu64 " seeds: %" PRIu64 " OK, %" PRIu64 " refused, %" PRIu64
                      " without answer; %" PRIu64 " strong and %" PRIu64 " stale reads, %" PRIu64
                      " repeats, %" PRIu64 " journal rows\n",
                      last - first + 1, t.oks, t.refused, t.unknown, t.strong_reads, t.stale_reads,
                      t.repeats, t.rows);
        print_message("      %" PRIu64 " days, %" PRIu64 " timers; %" PRIu64
                      " times asked what is allowed, %" PRIu64 " times done; %" PRIu64
                      " events read, %" PRIu64 " times from an old cursor\n",
                      t.days, t.timers, t.probes, t.promises_kept, t.events, t.resumptions);
        print_operations(&t);
        for (int i = 0; i < SIM_FAULTS; i++)
                print_message("      %6" PRIu64 " × %s\n", t.faults[i],
                              sim_fault_name((sim_fault)i));
        assert_int_equal(wrong, 0);
        if (!only) assert_covered(&t);
}

static void the_same_seed_gives_the_same_history(void **state)
{
        for (uint64_t seed = 1; seed <= 3; seed++) {
                sim_options o = sim_options_of_seed(seed);
                sim_summary first, second;
                sim_run(&o, *state, &first);
                sim_run(&o, *state, &second);
                assert_memory_equal(&first.history, &second.history, sizeof first.history);
        }
}

static void must_find(const sim_keys *keys, sim_planted planted, const char *what)
{
        for (uint64_t seed = 1; seed <= SEEDS_UNTIL_FOUND; seed++) {
                sim_options o = sim_options_of_seed(seed);
                o.planted = planted;
                sim_summary s;
                sim_run(&o, keys, &s);
                if (!s.verdict.fault && !*s.lie) continue;
                print_message("      %s: found in seed %" PRIu64 ": %s\n", what, seed,
                              s.verdict.fault ? checker_fault_text(s.verdict.fault) : s.lie);
                return;
        }
        fail_msg("%s was not found in %d seeds", what, SEEDS_UNTIL_FOUND);
}

static void each_planted_bug_is_found(void **state)
{
        must_find(*state, SIM_PLANTED_OK_BEFORE_PUBLISH, "OK before the record is published");
        must_find(*state, SIM_PLANTED_FILL_AFTER_FENCE,
                  "a load that fills the cache after a fence");
        must_find(*state, SIM_PLANTED_REPLY_WITHOUT_COMMIT, "a reply without a commit");
        must_find(*state, SIM_PLANTED_WATCH_FORGETS, "a feed that forgets where its reader was");
        must_find(*state, SIM_PLANTED_TIMER_FORGOTTEN, "a timer that is ticked off undone");
}

static int keys_open(void **state)
{
        sim_keys *keys = malloc(sizeof *keys);
        if (!keys) return -1;
        sim_keys_init(keys);
        *state = keys;
        return 0;
}

static int keys_close(void **state)
{
        sim_keys_release(*state);
        free(*state);
        return 0;
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S1_S6_S7_S8_S11_hold_in_every_seed),
                cmocka_unit_test(the_same_seed_gives_the_same_history),
                cmocka_unit_test(each_planted_bug_is_found),
        };
        return cmocka_run_group_tests(tests, keys_open, keys_close);
}
