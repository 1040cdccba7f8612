/* The table of state-machines.md 2.2: rows are events, columns are states. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_TRANSITIONS_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_TRANSITIONS_H

#include "services/credential/rules/credential_refusals.h"
#include "services/credential/rules/credential_types.h"

/* In the order of the paper. */
typedef enum credential_event {
        CREDENTIAL_ISSUE = 0,
        CREDENTIAL_VERIFY_RIGHT,
        CREDENTIAL_VERIFY_WRONG,      /* fewer errors than the limit even with this one */
        CREDENTIAL_VERIFY_WRONG_LAST, /* the one that reaches the limit */
        CREDENTIAL_CHANGE,            /* the old PIN right, the new one good */
        CREDENTIAL_CHANGE_OLD_WRONG,
        CREDENTIAL_CHANGE_OLD_WRONG_LAST,
        CREDENTIAL_CHANGE_NEW_WEAK, /* the old PIN right; or the new one refused before looking */
        CREDENTIAL_UNLOCK,
        CREDENTIAL_UNLOCK_LAST, /* knob A4: it was unlocked as often as may be */
        CREDENTIAL_RESET,
        CREDENTIAL_CARD_ENDED,
} credential_event;
enum { CREDENTIAL_EVENT_COUNT = 12 };

typedef enum credential_cell_kind {
        CREDENTIAL_CELL_REFUSED = 0, /* x: refusal */
        CREDENTIAL_CELL_KEEP,        /* =: no change */
        CREDENTIAL_CELL_TO,          /* state `to`, no error counted */
        CREDENTIAL_CELL_COUNT,       /* one error more */
        CREDENTIAL_CELL_LOCK,        /* LOCKED, remembering what it was */
        CREDENTIAL_CELL_WAS,         /* back to what it was, no error counted, unlocks + 1 */
} credential_cell_kind;

typedef struct credential_cell {
        credential_cell_kind kind;
        credential_state to;
        credential_refusal refusal;
} credential_cell;

credential_cell credential_transition(credential_event event, credential_state state);
/* "Verify wrong". */
const char *credential_event_name(credential_event event);
/* "x CREDENTIAL_LOCKED", "INITIAL", "+1"; returns `text`. */
char *credential_cell_format(credential_cell cell, char *text, size_t size);

#endif
