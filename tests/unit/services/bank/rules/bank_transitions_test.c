/* The table against the paper. EXPECTED is typed from state-machines.md 2.4, row by row and cell
 * by cell; it knows nothing of the table that it judges. */
#include "services/bank/rules/bank_transitions.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

enum { COLUMNS = 5 };

/* clang-format off */
static const struct {
        const char *event;
        const char *cells[COLUMNS];
} EXPECTED[] = {
/*                     NONE              LOADED                                                      ACTIVE                                                      CLOSURE_PENDING          CLOSED */
{"Load",              {"LOADED",         "=",                                                        "x ACCOUNT_ACTIVE",                                         "x CLOSURE_IN_PROGRESS", "x ACCOUNT_CLOSED"}},
{"Activate",          {"x NO_ACCOUNT",   "ACTIVE",                                                   "=",                                                        "x CLOSURE_IN_PROGRESS", "x ACCOUNT_CLOSED"}},
{"CardLost",          {"-",              "overlay UNKNOWN",                                          "overlay UNKNOWN",                                          "overlay UNKNOWN",       "-"}},
{"BankConfirmsLoss",  {"-",              "overlay CONFIRMED",                                        "overlay CONFIRMED",                                        "overlay CONFIRMED",     "-"}},
{"BankClearsLoss",    {"-",              "overlay NO",                                               "overlay NO",                                               "overlay NO",            "-"}},
{"CardRecovered",     {"-",              "=",                                                        "=",                                                        "=",                     "-"}},
{"CardCancelled",     {"=",              "CLOSURE_PENDING",                                          "CLOSURE_PENDING",                                          "=",                     "="}},
{"CloseAtCounter",    {"x NO_ACCOUNT",   "CLOSED if card LOST or CANCELLED, else x CARD_STILL_VALID","CLOSED if card LOST or CANCELLED, else x CARD_STILL_VALID","CLOSED",                "="}},
{"BankReportsClosed", {"x NO_ACCOUNT",   "CLOSED",                                                   "CLOSED",                                                   "CLOSED",                "="}},
{"ChangeBank",        {"-",              "CLOSURE_PENDING",                                          "CLOSURE_PENDING",                                          "=",                     "="}},
{"PasswordRequest",   {"x BANK_MANAGED", "x BANK_MANAGED",                                           "x BANK_MANAGED",                                           "x BANK_MANAGED",        "x BANK_MANAGED"}},
};
/* clang-format on */
enum { ROWS = sizeof EXPECTED / sizeof EXPECTED[0] };

static void the_table_reads_like_the_paper(void **state)
{
        (void)state;
        assert_int_equal(ROWS, BANK_EVENT_KIND_COUNT);
        for (int row = 0; row < ROWS; row++) {
                bank_event_kind event = (bank_event_kind)row;
                assert_string_equal(bank_event_kind_name(event), EXPECTED[row].event);
                for (int column = 0; column < COLUMNS; column++) {
                        char text[96];
                        bank_cell cell = bank_transition(event, (bank_state)(BANK_NONE + column));
                        bank_cell_format(cell, text, sizeof text);
                        assert_string_equal(text, EXPECTED[row].cells[column]);
                }
        }
        print_message("2.4: %d cells compared\n", ROWS * COLUMNS);
}

static void a_closed_link_never_opens_again(void **state)
{
        (void)state;
        for (int event = 0; event < BANK_EVENT_KIND_COUNT; event++)
                assert_int_not_equal(bank_transition((bank_event_kind)event, BANK_CLOSED).kind,
                                     BANK_CELL_TO);
        assert_string_equal(bank_state_name(BANK_CLOSED), "CLOSED");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_table_reads_like_the_paper),
                cmocka_unit_test(a_closed_link_never_opens_again),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
