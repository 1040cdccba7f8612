/* What the cache protocol promises, searched through; and what breaks when a part of it is left
 * out. A mutation that is no longer caught means that the search, or the model, has gone blind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/cache_model/model.h"
#include "tests/sim/cache_model/search.h"

#include <inttypes.h>
#include <string.h>

/* Under the sanitizer a small part of the states is enough: it looks at the code, not at the model.
 */
#ifdef __SANITIZE_ADDRESS__
enum { SHARE = 40 };
#else
enum { SHARE = 1 };
#endif
enum { WALKS = 20000 / SHARE, WALK_STEPS = 200 };

static const char *verdict_text(model_verdict verdict)
{
        switch (verdict) {
        case MODEL_HOLDS:
                return "holds";
        case MODEL_STALE_AFTER_OK:
                return "S6: a strong read shows less than what OK was said for";
        case MODEL_WENT_BACK:
                return "a strong read shows less than an earlier one";
        }
        return "";
}

static void report(const char *what, const search_result *result)
{
        print_message("      %s: %s; %" PRIu64 " states, %" PRIu64 " transitions%s\n", what,
                      verdict_text(result->verdict), result->states, result->transitions,
                      result->exhausted ? ", exhaustive" : "");
}

static void must_hold(const char *what, const model_options *options, uint64_t states_max, bool all)
{
        search_result result;
        search_all(options, states_max / SHARE, false, &result);
        report(what, &result);
        if (result.verdict) { /* once more, to tell how */
                search_all(options, states_max, true, &result);
                search_path_print(&result, stdout);
        }
        assert_int_equal(result.verdict, MODEL_HOLDS);
        if (all && SHARE == 1) assert_true(result.exhausted);
}

static void S6_holds_for_one_writer_one_reader_and_any_one_fault(void **state)
{
        (void)state;
        model_options o = {.writers = 1,
                           .readers = 1,
                           .granters = 1,
                           .clock_max = 3,
                           .faults_max = 1,
                           .epoch_max = 4};
        must_hold("1 writer, 1 reader, 1 fault", &o, 13400000, true);
}

static void
S6_holds_and_reads_never_go_back_when_two_writers_fence_and_one_of_them_dies(void **state)
{
        (void)state;
        model_options o = {.writers = 2,
                           .readers = 1,
                           .granters = 1,
                           .clock_max = 2,
                           .faults_max = 1,
                           .epoch_max = 4,
                           .fences_succeed = true,
                           .only_writers_die = true,
                           .reads_never_go_back = true};
        must_hold("2 writers of which one dies, 1 reader", &o, 5000000, true);
}

static void S6_holds_for_two_writers_of_which_both_may_die_as_far_as_searched(void **state)
{
        (void)state;
        model_options o = {.writers = 2,
                           .readers = 1,
                           .granters = 1,
                           .clock_max = 3,
                           .faults_max = 2,
                           .epoch_max = 4,
                           .only_writers_die = true};
        must_hold("2 writers that may die, 1 reader, bounded", &o, 6700000, false);
}

static void S6_holds_on_random_walks_with_three_faults(void **state)
{
        (void)state;
        model_options o = {.writers = 2,
                           .readers = 2,
                           .granters = 2,
                           .clock_max = 100,
                           .faults_max = 3,
                           .epoch_max = 100,
                           .repeat = true};
        search_result result;
        search_walk(&o, 20261123, WALKS, WALK_STEPS, &result);
        print_message("      %d walks, %" PRIu64 " steps, %" PRIu64 " writes answered OK\n", WALKS,
                      result.transitions, result.acknowledged);
        search_path_print(&result, stdout);
        assert_int_equal(result.verdict, MODEL_HOLDS);
        assert_true(result.acknowledged > WALKS);
}

/* ---- mutations ---- */

typedef struct mutation {
        const char *name;
        model_options options;
        uint64_t states_max;
        model_verdict caught_as;
} mutation;

#define SMALL .readers = 1, .epoch_max = 4

/* The smallest room in which each is seen. */
static const mutation mutations[] = {
        {"no token",
         {.writers = 1,
          .clock_max = 1,
          .faults_max = 1,
          .granters = 0,
          .mutations = WITHOUT_TOKEN,
          SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no publish before OK",
         {.writers = 1, .clock_max = 1, .mutations = WITHOUT_PUBLISH_BEFORE_OK, SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no lease",
         {.writers = 1, .clock_max = 1, .granters = 1, .mutations = WITHOUT_LEASE, SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no run id",
         {.writers = 1,
          .clock_max = 3,
          .faults_max = 1,
          .granters = 1,
          .mutations = WITHOUT_RUN_ID,
          SMALL},
         1 << 22,
         MODEL_STALE_AFTER_OK},
        {"a lease that lives from when it arrives",
         {.writers = 1,
          .clock_max = 3,
          .faults_max = 1,
          .granters = 1,
          .mutations = WITH_RELATIVE_LIFE,
          SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no wait",
         {.writers = 1,
          .clock_max = 3,
          .faults_max = 1,
          .granters = 1,
          .mutations = WITHOUT_WAIT,
          SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no look at the row after the commit",
         {.writers = 1,
          .clock_max = 3,
          .faults_max = 1,
          .granters = 1,
          .mutations = WITHOUT_ROW_AFTER_COMMIT,
          SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no compare at publish",
         {.writers = 2, .clock_max = 1, .mutations = WITHOUT_COMPARE_AT_PUBLISH, SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no epoch in the fence",
         {.writers = 2, .clock_max = 2, .granters = 1, .mutations = WITHOUT_EPOCH_IN_FENCE, SMALL},
         1 << 22,
         MODEL_STALE_AFTER_OK},
        {"publish onto an absent key",
         {.writers = 2,
          .clock_max = 1,
          .faults_max = 1,
          .mutations = WITH_PUBLISH_ONTO_ANYTHING_OLDER,
          SMALL},
         1 << 21,
         MODEL_STALE_AFTER_OK},
        {"every foreign fence left",
         {.writers = 2, .clock_max = 2, .granters = 1, .mutations = WITH_EVERY_FENCE_LEFT, SMALL},
         1 << 22,
         MODEL_STALE_AFTER_OK},
        {"a fence that hides instead of erasing",
         {.writers = 2, .clock_max = 1, .mutations = WITH_HIDING_FENCE, SMALL},
         1 << 20,
         MODEL_STALE_AFTER_OK},
        {"no fence",
         {.writers = 1,
          .clock_max = 2,
          .faults_max = 1,
          .granters = 1,
          .mutations = WITHOUT_FENCE,
          .fences_succeed = true,
          .only_writers_die = true,
          .reads_never_go_back = true,
          SMALL},
         1 << 20,
         MODEL_WENT_BACK},
};

static void each_part_left_out_is_caught(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof mutations / sizeof *mutations; i++) {
                const mutation *m = &mutations[i];
                search_result result;
                search_all(&m->options, m->states_max, true, &result);
                report(m->name, &result);
                assert_int_equal(result.verdict, m->caught_as);
                assert_true(result.path_length > 0);
        }
}

/* The same rooms without the mutation hold: it is the mutation that was caught. */
static void the_rooms_of_the_mutations_hold_for_the_protocol_itself(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof mutations / sizeof *mutations; i++) {
                model_options o = mutations[i].options;
                o.mutations = 0;
                search_result result;
                search_all(&o, 1 << 19, false, &result);
                assert_int_equal(result.verdict, MODEL_HOLDS);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_part_left_out_is_caught),
                cmocka_unit_test(the_rooms_of_the_mutations_hold_for_the_protocol_itself),
                cmocka_unit_test(S6_holds_for_one_writer_one_reader_and_any_one_fault),
                cmocka_unit_test(
                        S6_holds_and_reads_never_go_back_when_two_writers_fence_and_one_of_them_dies),
                cmocka_unit_test(S6_holds_for_two_writers_of_which_both_may_die_as_far_as_searched),
                cmocka_unit_test(S6_holds_on_random_walks_with_three_faults),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
