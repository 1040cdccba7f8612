/* Card and status in one thread on a virtual clock, while processes die and Redis is lost: seeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/region/sim_region.h"

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
        for (int i = 0; i < SIM_FAULTS; i++)
                t->faults[i] += s->fault_counts[i];
}

static bool is_right(const sim_options *o, const sim_summary *s)
{
        if (!s->verdict.fault && s->healed && s->chain_whole) return true;
        sim_options_print(o);
        printf("      %s%s%s\n", s->verdict.fault ? s->story : "",
               s->healed ? "" : " · did not heal", s->chain_whole ? "" : " · the chain is broken");
        return false;
}

/* SIM_SEED=17 runs that one alone. */
static void S1_S6_S7_hold_in_every_seed(void **state)
{
        const sim_keys *keys = *state;
        const char *only = getenv("SIM_SEED");
        uint64_t first = only ? strtoull(only, NULL, 10) : 1, last = only ? first : SEEDS;
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
        for (int i = 0; i < SIM_FAULTS; i++)
                print_message("      %6" PRIu64 " × %s\n", t.faults[i],
                              sim_fault_name((sim_fault)i));
        assert_int_equal(wrong, 0);
        if (only) return;
        for (int i = 0; i < SIM_FAULTS; i++)
                assert_true(t.faults[i] > 0);
        assert_true(t.oks > SEEDS * 20);
        assert_true(t.repeats > SEEDS);
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
                if (!s.verdict.fault) continue;
                print_message("      %s: found in seed %" PRIu64 ": %s\n", what, seed,
                              checker_fault_text(s.verdict.fault));
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
                cmocka_unit_test(S1_S6_S7_hold_in_every_seed),
                cmocka_unit_test(the_same_seed_gives_the_same_history),
                cmocka_unit_test(each_planted_bug_is_found),
        };
        return cmocka_run_group_tests(tests, keys_open, keys_close);
}
