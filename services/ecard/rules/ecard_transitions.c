/* Rows, columns and marks are those of state-machines.md 2.3; a test compares them cell by cell
 * with a list typed from the paper. */
#include "services/ecard/rules/ecard_transitions.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <stdio.h>

#define X(code)                                                                                    \
        {                                                                                          \
                .kind = ECARD_CELL_REFUSED, .refusal = ECARD_REFUSAL_##code                        \
        }
#define TO(level)                                                                                  \
        {                                                                                          \
                .kind = ECARD_CELL_TO, .to = ECARD_##level                                         \
        }
#define MARK(what)                                                                                 \
        {                                                                                          \
                .kind = ECARD_CELL_##what                                                          \
        }
#define KEEP MARK(KEEP)
#define CHANGE MARK(CHANGE)
#define DERIVED MARK(DERIVED)
#define NOTHING MARK(NOTHING)
#define NO_ECARD X(ECARD_NOT_ISSUED)
#define IS_CLOSED X(ECARD_CLOSED)

/* clang-format off */
#define ROW(event, none, l1, l2, closed) \
        [ECARD_##event] = {[ECARD_NONE] = none, [ECARD_L1] = l1, [ECARD_L2] = l2, [ECARD_CLOSED] = closed}

static const ecard_cell TABLE[ECARD_EVENT_KIND_COUNT][ECARD_LEVEL_COUNT] = {
/*  event                 NONE      L1       L2       CLOSED */
ROW(ISSUE,                TO(L1),   KEEP,    KEEP,    TO(L1)),
ROW(ISSUE_MISMATCH,       KEEP,     NOTHING, NOTHING, KEEP),
ROW(UPGRADE,              NO_ECARD, TO(L2),  KEEP,    IS_CLOSED),
ROW(BANK_LINK_LEFT_ACTIVE,NOTHING,  NOTHING, TO(L1),  NOTHING),
ROW(BIND,                 NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(UNBIND,               NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(CHANGE_PASSWORD,      NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(RESET_PASSWORD,       NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(GRANT,                NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(CARD_CHANGED,         DERIVED,  DERIVED, DERIVED, DERIVED),
ROW(FAMILY_ISSUE,         TO(L1),   KEEP,    KEEP,    TO(L1)),
ROW(CLOSE,                KEEP,     TO(CLOSED), TO(CLOSED), KEEP),
ROW(VERIFY_PASSWORD,      NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(REVOKE,               NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(PRESENT_CODE,         NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
ROW(TAKE_CODE,            NO_ECARD, CHANGE,  CHANGE,  IS_CLOSED),
};

static const char *const EVENTS[] = {
        "Issue", "Issue with FACE_MISMATCH / REALNAME_MISMATCH", "Upgrade", "Bank link leaves ACTIVE",
        "BindChannel", "UnbindChannel", "ChangePassword", "ResetPassword", "GrantAuthorization",
        "card state change", "Family issue", "Close by holder", "VerifyPassword", "RevokeAuthorization",
        "PresentCode", "VerifyCode"};
/* clang-format on */
_Static_assert(ARRAY_LENGTH(EVENTS) == ECARD_EVENT_KIND_COUNT, "a name for every row");

static const char *const LEVELS[] = {"-", "NONE", "L1", "L2", "CLOSED"};
_Static_assert(ARRAY_LENGTH(LEVELS) == ECARD_LEVEL_COUNT, "a name for every column");

ecard_cell ecard_transition(ecard_event_kind event, ecard_level level)
{
        assert(event < ECARD_EVENT_KIND_COUNT);
        assert(level > ECARD_LEVEL_ZERO && (int)level < ECARD_LEVEL_COUNT);
        return TABLE[event][level];
}

const char *ecard_event_kind_name(ecard_event_kind event)
{
        assert(event < ECARD_EVENT_KIND_COUNT);
        return EVENTS[event];
}

const char *ecard_level_name(ecard_level level)
{
        assert((int)level < ECARD_LEVEL_COUNT);
        return LEVELS[level];
}

char *ecard_cell_format(ecard_cell cell, char *text, size_t size)
{
        static const char *const fixed[] = {
                [ECARD_CELL_NOTHING] = "-",
                [ECARD_CELL_KEEP] = "=",
                [ECARD_CELL_CHANGE] = "change",
                [ECARD_CELL_DERIVED] = "derived",
        };
        if (cell.kind == ECARD_CELL_REFUSED)
                snprintf(text, size, "x %s", ecard_refusal_of(cell.refusal)->reason);
        else if (cell.kind == ECARD_CELL_TO)
                snprintf(text, size, "%s", ecard_level_name(cell.to));
        else
                snprintf(text, size, "%s", fixed[cell.kind]);
        return text;
}
