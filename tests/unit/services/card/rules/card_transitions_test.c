/* The table against the paper. EXPECTED is typed from state-machines.md 2.1, row by row and cell
 * by cell with its notes resolved; it knows nothing of the table that it judges. */
#include "services/card/rules/card_transitions.h"

#include "services/card/rules/card_settle.h"
#include "tests/unit/services/card/rules/card_fixture.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 9 };
static const card_state COLUMN[COLUMNS] = {CARD_REQUESTED,
                                           CARD_PRODUCING,
                                           CARD_ARCHIVED_UNCOLLECTED,
                                           CARD_ARCHIVED_COLLECTED,
                                           CARD_NORMAL,
                                           CARD_TEMP_LOST,
                                           CARD_LOST,
                                           CARD_CANCELLED,
                                           CARD_WITHDRAWN};

/* clang-format off */
/* A state: goes there. "=": accepted, no change. "-": nothing. Anything else: the refusal. */
static const struct {
        const char *event;
        const char *cells[COLUMNS];
} EXPECTED[] = {
/*                         REQUESTED         PRODUCING                ARCHIVED/o               ARCHIVED/c               NORMAL                   TEMP_LOST                LOST                     CANCELLED         WITHDRAWN */
{"ProductionStarted",     {"PRODUCING",      "=",                     "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"ProductionDone",        {"NOT_IN_PRODUCTION","ARCHIVED/o",          "=",                     "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"ProductionFailed",      {"NOT_IN_PRODUCTION","REQUESTED",           "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "ALREADY_PRODUCED",      "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"Withdraw",              {"WITHDRAWN",      "ALREADY_IN_PRODUCTION", "ALREADY_IN_PRODUCTION", "ALREADY_IN_PRODUCTION", "ALREADY_IN_PRODUCTION", "ALREADY_IN_PRODUCTION", "ALREADY_IN_PRODUCTION", "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"Collect",               {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "ARCHIVED/c",            "=",                     "=",                     "CARD_TEMP_LOST",        "CARD_LOST",             "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"Collect+Enable",        {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "NORMAL",                "NORMAL",                "=",                     "CARD_TEMP_LOST",        "CARD_LOST",             "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"EnableSocial",          {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "NOT_COLLECTED",         "NORMAL",                "=",                     "CARD_TEMP_LOST",        "CARD_LOST",             "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"InitialPasswordChanged",{"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "NOT_COLLECTED",         "NORMAL",                "=",                     "CARD_TEMP_LOST",        "CARD_LOST",             "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"ReportTempLoss",        {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "NOT_COLLECTED",         "TEMP_LOST",             "TEMP_LOST",             "=",                     "=",                     "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"TempLossTimer",         {"-",              "-",                     "-",                     "-",                     "-",                     "by A3",                 "-",                     "-",              "-"}},
{"ReportFormalLoss",      {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "NOT_COLLECTED",         "LOST",                  "LOST",                  "LOST",                  "=",                     "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"Recover",               {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "NOT_COLLECTED",         "NOT_LOST",              "NOT_LOST",              "prior",                 "by A2",                 "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"RequestReplacement",    {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "COLLECT_FIRST",         "= + new card",          "= + new card",          "= + new card",          "= + new card",          "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"SuccessorCollected",    {"-",              "-",                     "-",                     "by A7",                 "by A7",                 "=",                     "=",                     "-",              "-"}},
{"SuccessorEnabled",      {"-",              "-",                     "-",                     "CANCELLED",             "CANCELLED",             "CANCELLED",             "CANCELLED",             "=",              "-"}},
{"CancelByHolder",        {"WITHDRAWN",      "ALREADY_IN_PRODUCTION", "COLLECT_FIRST",         "CANCELLED",             "CANCELLED",             "RESOLVE_LOSS_FIRST",    "CANCELLED",             "=",              "APPLICATION_ENDED"}},
{"CancelByAuthority",     {"WITHDRAWN",      "CANCELLED",             "CANCELLED",             "CANCELLED",             "CANCELLED",             "CANCELLED",             "CANCELLED",             "=",              "APPLICATION_ENDED"}},
{"LostInDelivery",        {"CARD_NOT_ISSUED","CARD_NOT_ISSUED",       "CANCELLED",             "ALREADY_COLLECTED",     "ALREADY_COLLECTED",     "ALREADY_COLLECTED",     "ALREADY_COLLECTED",     "CARD_CANCELLED", "APPLICATION_ENDED"}},
{"UnclaimedTimer",        {"-",              "-",                     "CANCELLED",             "-",                     "-",                     "-",                     "-",                     "-",              "-"}},
{"ExpiryTick",            {"-",              "flag only",             "flag only",             "flag only",             "flag only",             "flag only",             "flag only",             "-",              "-"}},
{"CredLocked/CredUnlocked",{"-",             "-",                     "-",                     "overlay",               "overlay",               "overlay",               "overlay",               "-",              "-"}},
};
/* clang-format on */
enum { ROWS = sizeof EXPECTED / sizeof EXPECTED[0] };

static bool is_refusal(const char *cell)
{
        return card_refusal_find(cell) != NULL;
}

static void the_table_reads_like_the_paper(void **state)
{
        (void)state;
        assert_int_equal(ROWS, CARD_EVENT_KIND_COUNT);
        int cells = 0;
        for (int row = 0; row < ROWS; row++) {
                assert_string_equal(card_event_kind_name((card_event_kind)row),
                                    EXPECTED[row].event);
                for (int column = 0; column < COLUMNS; column++) {
                        char text[48], expected[48];
                        const char *cell = EXPECTED[row].cells[column];
                        snprintf(expected, sizeof expected, "%s%s", is_refusal(cell) ? "x " : "",
                                 cell);
                        card_cell_format(card_transition((card_event_kind)row, COLUMN[column]),
                                         text, sizeof text);
                        assert_string_equal(text, expected);
                        cells++;
                }
        }
        print_message("2.1: %d cells compared\n", cells);
        assert_int_equal(cells, 21 * 9);
}

static card_operation operation_of(int row)
{
        static const card_operation operations[ROWS] = {
                [CARD_PRODUCTION_STARTED] = CARD_OPERATION_START_PRODUCTION,
                [CARD_PRODUCTION_DONE] = CARD_OPERATION_COMPLETE_PRODUCTION,
                [CARD_PRODUCTION_FAILED] = CARD_OPERATION_FAIL_PRODUCTION,
                [CARD_WITHDRAW] = CARD_OPERATION_WITHDRAW,
                [CARD_COLLECT] = CARD_OPERATION_COLLECT,
                [CARD_COLLECT_AND_ENABLE] = CARD_OPERATION_COLLECT_AND_ENABLE,
                [CARD_ENABLE_SOCIAL] = CARD_OPERATION_ENABLE,
                [CARD_INITIAL_PASSWORD_CHANGED] = CARD_OPERATION_ENABLE_BY_PIN_CHANGE,
                [CARD_REPORT_TEMP_LOSS] = CARD_OPERATION_REPORT_TEMP_LOSS,
                [CARD_REPORT_FORMAL_LOSS] = CARD_OPERATION_REPORT_FORMAL_LOSS,
                [CARD_RECOVER] = CARD_OPERATION_RECOVER,
                [CARD_REQUEST_REPLACEMENT] = CARD_OPERATION_REPLACE_DAMAGED,
                [CARD_CANCEL_BY_HOLDER] = CARD_OPERATION_CANCEL_BY_HOLDER,
                [CARD_CANCEL_BY_AUTHORITY] = CARD_OPERATION_CANCEL_BY_AUTHORITY,
                [CARD_LOST_IN_DELIVERY] = CARD_OPERATION_REPORT_LOST_IN_DELIVERY,
        };
        return operations[row];
}

static bool is_by_request(int row)
{
        return row != CARD_TEMP_LOSS_TIMER && row != CARD_SUCCESSOR_COLLECTED &&
               row != CARD_SUCCESSOR_ENABLED && row != CARD_UNCLAIMED_TIMER &&
               row != CARD_EXPIRY_TICK && row != CARD_CRED_LOCKED_OR_UNLOCKED;
}

/* The same list, this time by what happens when it is tried. */
static void what_is_tried_ends_as_the_paper_says(void **state)
{
        (void)state;
        static world w;
        int cells = 0;
        for (int row = 0; row < ROWS; row++) {
                if (!is_by_request(row)) continue;
                for (int column = 0; column < COLUMNS; column++) {
                        const char *expected = EXPECTED[row].cells[column];
                        world_init(&w);
                        int card = world_card(&w, COLUMN[column]);
                        world_as_whoever_may(&w, operation_of(row), COLUMN[column]);
                        world_event(&w, operation_of(row), card);
                        world_apply(&w);
                        const card_record *after = &w.verdict.after.cards[card];
                        cells++;
                        if (is_refusal(expected)) {
                                assert_string_equal(world_reason(&w), expected);
                                assert_int_equal(w.verdict.changes.count, 0);
                                continue;
                        }
                        assert_string_equal(world_reason(&w), "OK");
                        if (strcmp(expected, "=") == 0) {
                                assert_false(w.verdict.changed);
                                assert_int_equal(after->state, COLUMN[column]);
                                assert_int_equal(after->version, 7);
                        } else if (strcmp(expected, "= + new card") == 0) {
                                assert_true(w.verdict.changed);
                                assert_int_equal(after->state, COLUMN[column]);
                                assert_int_equal(after->version, 8);
                                assert_int_equal(w.verdict.after.card_count, 2);
                                assert_int_equal(w.verdict.after.cards[1].state, CARD_REQUESTED);
                        } else if (strcmp(expected, "prior") == 0 ||
                                   strcmp(expected, "by A2") == 0) {
                                assert_int_equal(after->state, CARD_NORMAL);
                        } else {
                                assert_true(w.verdict.changed);
                                assert_string_equal(card_state_name(after->state), expected);
                                assert_int_equal(after->version, 8);
                        }
                }
        }
        print_message("2.1: %d cells tried\n", cells);
        assert_int_equal(cells, 15 * 9);
}

/* The rows that time and successors bring. */
static void what_time_does_ends_as_the_paper_says(void **state)
{
        (void)state;
        static world w;
        int cells = 0;
        for (int column = 0; column < COLUMNS; column++) {
                world_init(&w);
                int card = world_card(&w, COLUMN[column]);
                if (COLUMN[column] == CARD_ARCHIVED_UNCOLLECTED)
                        w.holder.cards[card].unclaimed_until_ms = FIXTURE_NOW_MS + DAY_MS;
                w.facts.now_ms = FIXTURE_NOW_MS + 30 * DAY_MS;
                card_holder later = w.holder;
                card_settle(&later, w.facts.now_ms);
                card_state expected = COLUMN[column];
                if (strcmp(EXPECTED[CARD_TEMP_LOSS_TIMER].cells[column], "by A3") == 0)
                        expected = CARD_NORMAL; /* RESTORE */
                if (strcmp(EXPECTED[CARD_UNCLAIMED_TIMER].cells[column], "CANCELLED") == 0)
                        expected = CARD_CANCELLED;
                assert_int_equal(later.cards[card].state, expected);
                cells += 2;

                /* PRODUCING has no date yet; a tick of its own could not come. */
                w.facts.now_ms = civil_date_start_unix_ms((civil_date){2029, 12, 1});
                card_settle(&w.holder, w.facts.now_ms);
                card_rules_fire_timer(&w.facts, w.holder.cards[card].id, CARD_TIMER_EXPIRING,
                                      &w.verdict);
                bool flags = strcmp(EXPECTED[CARD_EXPIRY_TICK].cells[column], "flag only") == 0 &&
                             COLUMN[column] != CARD_PRODUCING &&
                             COLUMN[column] != CARD_ARCHIVED_UNCOLLECTED;
                if (COLUMN[column] == CARD_ARCHIVED_UNCOLLECTED) flags = false; /* unclaimed */
                assert_int_equal(w.verdict.changed, flags);
                assert_int_equal(w.verdict.after.cards[card].state, w.holder.cards[card].state);
                cells++;
        }
        print_message("2.1: %d cells of timers tried\n", cells);
}

static void a_successor_does_to_its_predecessor_what_the_paper_says(void **state)
{
        (void)state;
        static world w;
        int cells = 0;
        for (int enabled = 0; enabled <= 1; enabled++) {
                int row = enabled ? CARD_SUCCESSOR_ENABLED : CARD_SUCCESSOR_COLLECTED;
                for (int knob = 0; knob <= 1; knob++) {
                        for (int column = 3; column < 7; column++) {
                                world_init(&w);
                                int old = world_card(&w, COLUMN[column]);
                                int next = world_card(&w, CARD_ARCHIVED_UNCOLLECTED);
                                w.holder.cards[old].superseded_by = w.holder.cards[next].id;
                                w.holder.cards[next].supersedes = w.holder.cards[old].id;
                                w.knobs.values[CARD_KNOB_OLD_CARD_UNTIL] = knob;
                                world_do(&w,
                                         enabled ? CARD_OPERATION_COLLECT_AND_ENABLE
                                                 : CARD_OPERATION_COLLECT,
                                         next);
                                const char *expected = EXPECTED[row].cells[column];
                                bool ends = strcmp(expected, "CANCELLED") == 0 ||
                                            (strcmp(expected, "by A7") == 0 && knob == 1);
                                assert_int_equal(w.holder.cards[old].state,
                                                 ends ? CARD_CANCELLED : COLUMN[column]);
                                cells++;
                        }
                }
        }
        print_message("2.1: %d cells of successors tried\n", cells);
}

static void names_of_states_are_those_of_the_paper(void **state)
{
        (void)state;
        assert_string_equal(card_state_name(CARD_ARCHIVED_UNCOLLECTED), "ARCHIVED/o");
        assert_string_equal(card_state_name(CARD_ARCHIVED_COLLECTED), "ARCHIVED/c");
        assert_string_equal(card_state_name(CARD_STATE_NONE), "-");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_table_reads_like_the_paper),
                cmocka_unit_test(what_is_tried_ends_as_the_paper_says),
                cmocka_unit_test(what_time_does_ends_as_the_paper_says),
                cmocka_unit_test(a_successor_does_to_its_predecessor_what_the_paper_says),
                cmocka_unit_test(names_of_states_are_those_of_the_paper),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
