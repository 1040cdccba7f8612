/* Rows, columns and marks are those of state-machines.md 2.1; a test compares them cell by cell
 * with a list typed from the paper. WITHDRAWN, which the paper tells in a sentence, is a column. */
#include "services/card/rules/card_transitions.h"

#include <assert.h>
#include <stdio.h>

#define X(code)                                                                                    \
        {                                                                                          \
                .kind = CARD_CELL_REFUSED, .refusal = CARD_REFUSAL_##code                          \
        }
#define TO(state)                                                                                  \
        {                                                                                          \
                .kind = CARD_CELL_TO, .to = CARD_##state                                           \
        }
#define KEEP                                                                                       \
        {                                                                                          \
                .kind = CARD_CELL_KEEP                                                             \
        }
#define PRIOR                                                                                      \
        {                                                                                          \
                .kind = CARD_CELL_PRIOR                                                            \
        }
#define NEW                                                                                        \
        {                                                                                          \
                .kind = CARD_CELL_SUCCESSOR                                                        \
        }
#define FLAG                                                                                       \
        {                                                                                          \
                .kind = CARD_CELL_FLAG                                                             \
        }
#define OVERLAY                                                                                    \
        {                                                                                          \
                .kind = CARD_CELL_OVERLAY                                                          \
        }
#define BY(knob)                                                                                   \
        {                                                                                          \
                .kind = CARD_CELL_BY_##knob                                                        \
        }
#define NONE                                                                                       \
        {                                                                                          \
                .kind = CARD_CELL_NOTHING                                                          \
        }

#define NOT_ISSUED X(CARD_NOT_ISSUED)
#define CANCELLED_ X(CARD_CANCELLED)
#define ENDED X(APPLICATION_ENDED)
#define ARCHIVED_O TO(ARCHIVED_UNCOLLECTED)
#define ARCHIVED_C TO(ARCHIVED_COLLECTED)

/* clang-format off */
#define ROW(event, requested, producing, archived_o, archived_c, normal, temp_lost, lost, cancelled, withdrawn) \
        [CARD_##event] = {                                                                                      \
                [CARD_REQUESTED] = requested, [CARD_PRODUCING] = producing,                                     \
                [CARD_ARCHIVED_UNCOLLECTED] = archived_o, [CARD_ARCHIVED_COLLECTED] = archived_c,               \
                [CARD_NORMAL] = normal, [CARD_TEMP_LOST] = temp_lost, [CARD_LOST] = lost,                       \
                [CARD_CANCELLED] = cancelled, [CARD_WITHDRAWN] = withdrawn}

static const card_cell TABLE[CARD_EVENT_KIND_COUNT][CARD_STATE_COUNT] = {
/*  event                        REQUESTED            PRODUCING                 ARCHIVED/o                ARCHIVED/c                NORMAL                    TEMP_LOST                 LOST                      CANCELLED   WITHDRAWN */
ROW(PRODUCTION_STARTED,          TO(PRODUCING),       KEEP,                     X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      CANCELLED_, ENDED),
ROW(PRODUCTION_DONE,             X(NOT_IN_PRODUCTION),ARCHIVED_O,               KEEP,                     X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      CANCELLED_, ENDED),
ROW(PRODUCTION_FAILED,           X(NOT_IN_PRODUCTION),TO(REQUESTED),            X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      X(ALREADY_PRODUCED),      CANCELLED_, ENDED),
ROW(WITHDRAW,                    TO(WITHDRAWN),       X(ALREADY_IN_PRODUCTION), X(ALREADY_IN_PRODUCTION), X(ALREADY_IN_PRODUCTION), X(ALREADY_IN_PRODUCTION), X(ALREADY_IN_PRODUCTION), X(ALREADY_IN_PRODUCTION), CANCELLED_, ENDED),
ROW(COLLECT,                     NOT_ISSUED,          NOT_ISSUED,               ARCHIVED_C,               KEEP,                     KEEP,                     X(CARD_TEMP_LOST),        X(CARD_LOST),             CANCELLED_, ENDED),
ROW(COLLECT_AND_ENABLE,          NOT_ISSUED,          NOT_ISSUED,               TO(NORMAL),               TO(NORMAL),               KEEP,                     X(CARD_TEMP_LOST),        X(CARD_LOST),             CANCELLED_, ENDED),
ROW(ENABLE_SOCIAL,               NOT_ISSUED,          NOT_ISSUED,               X(NOT_COLLECTED),         TO(NORMAL),               KEEP,                     X(CARD_TEMP_LOST),        X(CARD_LOST),             CANCELLED_, ENDED),
ROW(INITIAL_PASSWORD_CHANGED,    NOT_ISSUED,          NOT_ISSUED,               X(NOT_COLLECTED),         TO(NORMAL),               KEEP,                     X(CARD_TEMP_LOST),        X(CARD_LOST),             CANCELLED_, ENDED),
ROW(REPORT_TEMP_LOSS,            NOT_ISSUED,          NOT_ISSUED,               X(NOT_COLLECTED),         TO(TEMP_LOST),            TO(TEMP_LOST),            KEEP,                     KEEP,                     CANCELLED_, ENDED),
ROW(TEMP_LOSS_TIMER,             NONE,                NONE,                     NONE,                     NONE,                     NONE,                     BY(A3),                   NONE,                     NONE,       NONE),
ROW(REPORT_FORMAL_LOSS,          NOT_ISSUED,          NOT_ISSUED,               X(NOT_COLLECTED),         TO(LOST),                 TO(LOST),                 TO(LOST),                 KEEP,                     CANCELLED_, ENDED),
ROW(RECOVER,                     NOT_ISSUED,          NOT_ISSUED,               X(NOT_COLLECTED),         X(NOT_LOST),              X(NOT_LOST),              PRIOR,                    BY(A2),                   CANCELLED_, ENDED),
ROW(REQUEST_REPLACEMENT,         NOT_ISSUED,          NOT_ISSUED,               X(COLLECT_FIRST),         NEW,                      NEW,                      NEW,                      NEW,                      CANCELLED_, ENDED),
ROW(SUCCESSOR_COLLECTED,         NONE,                NONE,                     NONE,                     BY(A7),                   BY(A7),                   KEEP,                     KEEP,                     NONE,       NONE),
ROW(SUCCESSOR_ENABLED,           NONE,                NONE,                     NONE,                     TO(CANCELLED),            TO(CANCELLED),            TO(CANCELLED),            TO(CANCELLED),            KEEP,       NONE),
ROW(CANCEL_BY_HOLDER,            TO(WITHDRAWN),       X(ALREADY_IN_PRODUCTION), X(COLLECT_FIRST),         TO(CANCELLED),            TO(CANCELLED),            X(RESOLVE_LOSS_FIRST),    TO(CANCELLED),            KEEP,       ENDED),
ROW(CANCEL_BY_AUTHORITY,         TO(WITHDRAWN),       TO(CANCELLED),            TO(CANCELLED),            TO(CANCELLED),            TO(CANCELLED),            TO(CANCELLED),            TO(CANCELLED),            KEEP,       ENDED),
ROW(LOST_IN_DELIVERY,            NOT_ISSUED,          NOT_ISSUED,               TO(CANCELLED),            X(ALREADY_COLLECTED),     X(ALREADY_COLLECTED),     X(ALREADY_COLLECTED),     X(ALREADY_COLLECTED),     CANCELLED_, ENDED),
ROW(UNCLAIMED_TIMER,             NONE,                NONE,                     TO(CANCELLED),            NONE,                     NONE,                     NONE,                     NONE,                     NONE,       NONE),
ROW(EXPIRY_TICK,                 NONE,                FLAG,                     FLAG,                     FLAG,                     FLAG,                     FLAG,                     FLAG,                     NONE,       NONE),
ROW(CRED_LOCKED_OR_UNLOCKED,     NONE,                NONE,                     NONE,                     OVERLAY,                  OVERLAY,                  OVERLAY,                  OVERLAY,                  NONE,       NONE),
};

static const char *const EVENTS[] = {
        "ProductionStarted", "ProductionDone", "ProductionFailed", "Withdraw", "Collect", "Collect+Enable",
        "EnableSocial", "InitialPasswordChanged", "ReportTempLoss", "TempLossTimer", "ReportFormalLoss",
        "Recover", "RequestReplacement", "SuccessorCollected", "SuccessorEnabled", "CancelByHolder",
        "CancelByAuthority", "LostInDelivery", "UnclaimedTimer", "ExpiryTick", "CredLocked/CredUnlocked"};
/* clang-format on */
_Static_assert(ARRAY_LENGTH(EVENTS) == CARD_EVENT_KIND_COUNT, "a name for every row");

static const char *const STATES[] = {"-",      "REQUESTED", "PRODUCING", "ARCHIVED/o", "ARCHIVED/c",
                                     "NORMAL", "TEMP_LOST", "LOST",      "CANCELLED",  "WITHDRAWN"};
_Static_assert(ARRAY_LENGTH(STATES) == CARD_STATE_COUNT, "a name for every column");

card_cell card_transition(card_event_kind event, card_state state)
{
        assert(event < CARD_EVENT_KIND_COUNT);
        assert(state > CARD_STATE_NONE && (int)state < CARD_STATE_COUNT);
        return TABLE[event][state];
}

const char *card_event_kind_name(card_event_kind event)
{
        assert(event < CARD_EVENT_KIND_COUNT);
        return EVENTS[event];
}

const char *card_state_name(card_state state)
{
        assert((int)state < CARD_STATE_COUNT);
        return STATES[state];
}

char *card_cell_format(card_cell cell, char *text, size_t size)
{
        static const char *const fixed[] = {
                [CARD_CELL_NOTHING] = "-",      [CARD_CELL_KEEP] = "=",
                [CARD_CELL_PRIOR] = "prior",    [CARD_CELL_SUCCESSOR] = "= + new card",
                [CARD_CELL_FLAG] = "flag only", [CARD_CELL_OVERLAY] = "overlay",
                [CARD_CELL_BY_A2] = "by A2",    [CARD_CELL_BY_A3] = "by A3",
                [CARD_CELL_BY_A7] = "by A7",
        };
        if (cell.kind == CARD_CELL_REFUSED)
                snprintf(text, size, "x %s", card_refusal_of(cell.refusal)->reason);
        else if (cell.kind == CARD_CELL_TO)
                snprintf(text, size, "%s", card_state_name(cell.to));
        else
                snprintf(text, size, "%s", fixed[cell.kind]);
        return text;
}
