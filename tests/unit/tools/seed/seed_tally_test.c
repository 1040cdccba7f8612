/* The summary of an import counts each person once, in the right row. */
#include "tools/seed/seed_tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static void add(seed_tally *tally, people_profile profile, Card__ImportOutcome outcome,
                size_t cards)
{
        person one = {.profile = profile};
        Card__ImportVerdict verdict = CARD__IMPORT_VERDICT__INIT;
        verdict.outcome = outcome;
        verdict.n_cards = cards;
        seed_tally_add(tally, &one, &verdict, false);
}

static void Outcomes_and_cards_are_counted_by_row_and_in_all(void **state)
{
        (void)state;
        seed_tally tally = {0};
        add(&tally, PEOPLE_NORMAL, CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED, 1);
        add(&tally, PEOPLE_NORMAL, CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_UNCHANGED, 1);
        add(&tally, PEOPLE_LEGACY_DUPLICATE, CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED, 2);
        add(&tally, PEOPLE_DEAD, CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_REFUSED, 0);
        assert_int_equal(tally.rows[PEOPLE_NORMAL].imported, 1);
        assert_int_equal(tally.rows[PEOPLE_NORMAL].unchanged, 1);
        assert_int_equal(tally.rows[PEOPLE_LEGACY_DUPLICATE].cards, 2);
        seed_row total = seed_tally_total(&tally);
        assert_int_equal(total.imported, 2);
        assert_int_equal(total.unchanged, 1);
        assert_int_equal(total.refused, 1);
        assert_int_equal(total.cards, 4);
}

static void S1_who_was_taken_over_by_the_first_call_is_known_in_a_replay(void **state)
{
        (void)state;
        seed_tally tally = {0};
        person one = {.profile = PEOPLE_LOST};
        Card__ImportVerdict verdict = CARD__IMPORT_VERDICT__INIT;
        verdict.outcome = CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED;
        seed_tally_add(&tally, &one, &verdict, true);
        verdict.outcome = CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_REFUSED;
        seed_tally_add(&tally, &one, &verdict, true);
        assert_int_equal(tally.rows[PEOPLE_LOST].imported, 0);
        assert_int_equal(tally.rows[PEOPLE_LOST].unchanged, 1);
        assert_int_equal(tally.rows[PEOPLE_LOST].refused, 1);
}

static void The_table_has_a_line_for_each_row_with_people_and_a_sum(void **state)
{
        (void)state;
        seed_tally tally = {0};
        add(&tally, PEOPLE_TEMP_LOST, CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED, 1);
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        seed_tally_print(&tally, out);
        fclose(out);
        assert_non_null(strstr(text, "TEMP_LOST"));
        assert_non_null(strstr(text, "临时挂失"));
        assert_null(strstr(text, "PRODUCING"));
        assert_non_null(strstr(text, "all "));
        free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(Outcomes_and_cards_are_counted_by_row_and_in_all),
                cmocka_unit_test(S1_who_was_taken_over_by_the_first_call_is_known_in_a_replay),
                cmocka_unit_test(The_table_has_a_line_for_each_row_with_people_and_a_sum),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
