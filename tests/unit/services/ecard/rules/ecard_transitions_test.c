/* The table against the paper. EXPECTED is typed from state-machines.md 2.3; it knows nothing of
 * the table that it judges. */
#include "services/ecard/rules/ecard_transitions.h"

#include "tests/unit/services/ecard/rules/ecard_fixture.h"

enum { COLUMNS = 4 };
static const ecard_level COLUMN[COLUMNS] = {ECARD_NONE, ECARD_L1, ECARD_L2, ECARD_CLOSED};

/* clang-format off */
/* "L1": goes there. "=": accepted, nothing changes. "-": nothing. "change": something else changes.
 * "derived": nothing is stored. "x …": refused. */
static const struct {
        const char *event;
        const char *cells[COLUMNS];
} EXPECTED[] = {
/*                                                       NONE                  L1         L2         CLOSED */
{"Issue",                                             {"L1",                 "=",       "=",       "L1"}},
{"Issue with FACE_MISMATCH / REALNAME_MISMATCH",      {"=",                  "-",       "-",       "="}},
{"Upgrade",                                           {"x ECARD_NOT_ISSUED", "L2",      "=",       "x ECARD_CLOSED"}},
{"Bank link leaves ACTIVE",                           {"-",                  "-",       "L1",      "-"}},
{"BindChannel",                                       {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"UnbindChannel",                                     {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"ChangePassword",                                    {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"ResetPassword",                                     {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"GrantAuthorization",                                {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"card state change",                                 {"derived",            "derived", "derived", "derived"}},
{"Family issue",                                      {"L1",                 "=",       "=",       "L1"}},
{"Close by holder",                                   {"=",                  "CLOSED",  "CLOSED",  "="}},
{"VerifyPassword",                                    {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"RevokeAuthorization",                               {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"PresentCode",                                       {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
{"VerifyCode",                                        {"x ECARD_NOT_ISSUED", "change",  "change",  "x ECARD_CLOSED"}},
};
/* clang-format on */
enum { ROWS = sizeof EXPECTED / sizeof EXPECTED[0] };

static void the_table_reads_like_the_paper(void **state)
{
        (void)state;
        assert_int_equal(ROWS, ECARD_EVENT_KIND_COUNT);
        for (int row = 0; row < ROWS; row++) {
                assert_string_equal(ecard_event_kind_name((ecard_event_kind)row),
                                    EXPECTED[row].event);
                for (int column = 0; column < COLUMNS; column++) {
                        char text[48];
                        ecard_cell cell = ecard_transition((ecard_event_kind)row, COLUMN[column]);
                        ecard_cell_format(cell, text, sizeof text);
                        assert_string_equal(text, EXPECTED[row].cells[column]);
                }
        }
}

/* The same list, by what happens when it is tried with everything else in order. */
static void what_is_tried_ends_as_the_paper_says(void **state)
{
        (void)state;
        static const struct {
                ecard_operation operation;
                int row;
        } tried[] = {{ECARD_OPERATION_ISSUE, 0},           {ECARD_OPERATION_UPGRADE, 2},
                     {ECARD_OPERATION_CHANGE_PASSWORD, 6}, {ECARD_OPERATION_RESET_PASSWORD, 7},
                     {ECARD_OPERATION_CLOSE, 11},          {ECARD_OPERATION_ATTEMPT, 12},
                     {ECARD_OPERATION_PRESENT_CODE, 14}};
        static world w;
        for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++)
                for (int column = 0; column < COLUMNS; column++) {
                        ecard_world_reset(&w);
                        ecard_world_issue(&w, ecard_world_card(&w, CARD_NORMAL));
                        w.ecard.level = COLUMN[column];
                        ecard_world_event(&w, tried[i].operation);
                        const char *cell = EXPECTED[tried[i].row].cells[column];
                        const char *reason = ecard_world_apply(&w);
                        assert_string_equal(reason, cell[0] == 'x' ? cell + 2 : "");
                        if (cell[0] == 'x') continue;
                        assert_int_equal(w.verdict.changed, cell[0] != '=');
                        if (cell[0] == 'L' || cell[0] == 'C')
                                assert_string_equal(ecard_level_name(w.ecard.level), cell);
                }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_table_reads_like_the_paper),
                cmocka_unit_test(what_is_tried_ends_as_the_paper_says),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
