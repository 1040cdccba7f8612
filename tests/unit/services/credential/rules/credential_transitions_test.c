/* The table against the paper. EXPECTED is typed from state-machines.md 2.2, cell by cell with its
 * notes resolved; it knows nothing of the table that it judges. */
#include "services/credential/rules/credential_transitions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 5 };
static const credential_state COLUMN[COLUMNS] = {
        CREDENTIAL_NONE, CREDENTIAL_INITIAL, CREDENTIAL_ACTIVE, CREDENTIAL_LOCKED, CREDENTIAL_VOID};

/* clang-format off */
/* A state: goes there, no error counted. "=": no change. "+1": one error more. Else the refusal. */
static const struct {
        const char *event;
        const char *cells[COLUMNS];
} EXPECTED[] = {
/*                                NONE                  INITIAL              ACTIVE               LOCKED               VOID */
{"Issue",                        {"INITIAL",            "=",                 "CREDENTIAL_EXISTS", "CREDENTIAL_EXISTS", "CREDENTIAL_VOID"}},
{"Verify right",                 {"CREDENTIAL_NOT_SET", "INITIAL",           "ACTIVE",            "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Verify wrong",                 {"CREDENTIAL_NOT_SET", "+1",                "+1",                "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Verify wrong, the last",       {"CREDENTIAL_NOT_SET", "LOCKED",            "LOCKED",            "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Change",                       {"CREDENTIAL_NOT_SET", "ACTIVE",            "ACTIVE",            "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Change, old wrong",            {"CREDENTIAL_NOT_SET", "+1",                "+1",                "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Change, old wrong, the last",  {"CREDENTIAL_NOT_SET", "LOCKED",            "LOCKED",            "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Change, new weak",             {"CREDENTIAL_NOT_SET", "WEAK_PASSWORD",     "WEAK_PASSWORD",     "CREDENTIAL_LOCKED", "CREDENTIAL_VOID"}},
{"Unlock",                       {"CREDENTIAL_NOT_SET", "=",                 "=",                 "was",               "CREDENTIAL_VOID"}},
{"Unlock, the last",             {"CREDENTIAL_NOT_SET", "=",                 "=",                 "VOID",              "CREDENTIAL_VOID"}},
{"Reset",                        {"CREDENTIAL_NOT_SET", "INITIAL",           "INITIAL",           "INITIAL",           "CREDENTIAL_VOID"}},
{"Card ended",                   {"VOID",               "VOID",              "VOID",              "VOID",              "="}},
};
/* clang-format on */

static void the_table_reads_like_the_paper(void **state)
{
        (void)state;
        assert_int_equal(sizeof EXPECTED / sizeof EXPECTED[0], CREDENTIAL_EVENT_COUNT);
        for (int row = 0; row < CREDENTIAL_EVENT_COUNT; row++) {
                assert_string_equal(credential_event_name((credential_event)row),
                                    EXPECTED[row].event);
                for (int column = 0; column < COLUMNS; column++) {
                        char text[64], expected[64];
                        const char *cell = EXPECTED[row].cells[column];
                        snprintf(expected, sizeof expected, "%s%s",
                                 credential_refusal_find(cell) ? "x " : "", cell);
                        credential_cell_format(
                                credential_transition((credential_event)row, COLUMN[column]), text,
                                sizeof text);
                        assert_string_equal(text, expected);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_reads_like_the_paper)};
        return cmocka_run_group_tests(tests, NULL, NULL);
}
