/* Rows and columns are those of the paper; a test compares them with a list typed from it. */
#include "services/credential/rules/credential_transitions.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <stdio.h>

#define X(code)                                                                                    \
        {                                                                                          \
                .kind = CREDENTIAL_CELL_REFUSED, .refusal = CREDENTIAL_REFUSAL_##code              \
        }
#define TO(state)                                                                                  \
        {                                                                                          \
                .kind = CREDENTIAL_CELL_TO, .to = CREDENTIAL_##state                               \
        }
#define KEEP                                                                                       \
        {                                                                                          \
                .kind = CREDENTIAL_CELL_KEEP                                                       \
        }
#define COUNT                                                                                      \
        {                                                                                          \
                .kind = CREDENTIAL_CELL_COUNT, .refusal = CREDENTIAL_REFUSAL_PIN_WRONG             \
        }
#define LOCK                                                                                       \
        {                                                                                          \
                .kind = CREDENTIAL_CELL_LOCK, .to = CREDENTIAL_LOCKED,                             \
                .refusal = CREDENTIAL_REFUSAL_PIN_WRONG                                            \
        }
#define WAS                                                                                        \
        {                                                                                          \
                .kind = CREDENTIAL_CELL_WAS                                                        \
        }

#define NOT_SET X(CREDENTIAL_NOT_SET)
#define LOCKED_ X(CREDENTIAL_LOCKED)
#define VOID_ X(CREDENTIAL_VOID)
#define EXISTS X(CREDENTIAL_EXISTS)

/* clang-format off */
#define ROW(event, none, initial, active, locked, void_)                                           \
        [CREDENTIAL_##event] = {[CREDENTIAL_NONE] = none, [CREDENTIAL_INITIAL] = initial,          \
                [CREDENTIAL_ACTIVE] = active, [CREDENTIAL_LOCKED] = locked, [CREDENTIAL_VOID] = void_}

static const credential_cell TABLE[CREDENTIAL_EVENT_COUNT][CREDENTIAL_STATE_COUNT] = {
/*  event                  NONE         INITIAL           ACTIVE            LOCKED        VOID */
ROW(ISSUE,                 TO(INITIAL), KEEP,             EXISTS,           EXISTS,       VOID_),
ROW(VERIFY_RIGHT,          NOT_SET,     TO(INITIAL),      TO(ACTIVE),       LOCKED_,      VOID_),
ROW(VERIFY_WRONG,          NOT_SET,     COUNT,            COUNT,            LOCKED_,      VOID_),
ROW(VERIFY_WRONG_LAST,     NOT_SET,     LOCK,             LOCK,             LOCKED_,      VOID_),
ROW(CHANGE,                NOT_SET,     TO(ACTIVE),       TO(ACTIVE),       LOCKED_,      VOID_),
ROW(CHANGE_OLD_WRONG,      NOT_SET,     COUNT,            COUNT,            LOCKED_,      VOID_),
ROW(CHANGE_OLD_WRONG_LAST, NOT_SET,     LOCK,             LOCK,             LOCKED_,      VOID_),
ROW(CHANGE_NEW_WEAK,       NOT_SET,     X(WEAK_PASSWORD), X(WEAK_PASSWORD), LOCKED_,      VOID_),
ROW(UNLOCK,                NOT_SET,     KEEP,             KEEP,             WAS,          VOID_),
ROW(UNLOCK_LAST,           NOT_SET,     KEEP,             KEEP,             TO(VOID),     VOID_),
ROW(RESET,                 NOT_SET,     TO(INITIAL),      TO(INITIAL),      TO(INITIAL),  VOID_),
ROW(CARD_ENDED,            TO(VOID),    TO(VOID),         TO(VOID),         TO(VOID),     KEEP),
};

static const char *const EVENTS[] = {
        "Issue", "Verify right", "Verify wrong", "Verify wrong, the last", "Change", "Change, old wrong",
        "Change, old wrong, the last", "Change, new weak", "Unlock", "Unlock, the last", "Reset", "Card ended"};
/* clang-format on */
_Static_assert(ARRAY_LENGTH(EVENTS) == CREDENTIAL_EVENT_COUNT, "a name for every row");

credential_cell credential_transition(credential_event event, credential_state state)
{
        assert((int)event < CREDENTIAL_EVENT_COUNT);
        assert((int)state > 0 && (int)state < CREDENTIAL_STATE_COUNT);
        return TABLE[event][state];
}

const char *credential_event_name(credential_event event)
{
        assert((int)event < CREDENTIAL_EVENT_COUNT);
        return EVENTS[event];
}

char *credential_cell_format(credential_cell cell, char *text, size_t size)
{
        static const char *const fixed[] = {[CREDENTIAL_CELL_KEEP] = "=",
                                            [CREDENTIAL_CELL_COUNT] = "+1",
                                            [CREDENTIAL_CELL_LOCK] = "LOCKED",
                                            [CREDENTIAL_CELL_WAS] = "was"};
        if (cell.kind == CREDENTIAL_CELL_REFUSED)
                snprintf(text, size, "x %s", credential_refusal_of(cell.refusal)->reason);
        else if (cell.kind == CREDENTIAL_CELL_TO)
                snprintf(text, size, "%s", credential_state_name(cell.to));
        else
                snprintf(text, size, "%s", fixed[cell.kind]);
        return text;
}
