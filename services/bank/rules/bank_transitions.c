/* Rows, columns and marks are those of state-machines.md 2.4; a test compares them cell by cell
 * with a list typed from the paper. */
#include "services/bank/rules/bank_transitions.h"

#include "common/base/scoped.h"

#include <assert.h>
#include <stdio.h>

/* clang-format off */
#define X(code)    {.kind = BANK_CELL_REFUSED, .refusal = BANK_REFUSAL_##code}
#define TO(state)  {.kind = BANK_CELL_TO, .to = BANK_##state}
#define LOSS(what) {.kind = BANK_CELL_LOSS, .loss = BANK_LOSS_##what}
#define KEEP       {.kind = BANK_CELL_KEEP}
#define NONE       {.kind = BANK_CELL_NOTHING}
#define IF_ENDS    {.kind = BANK_CELL_CLOSE_IF_ENDS, .to = BANK_CLOSED, .refusal = BANK_REFUSAL_CARD_STILL_VALID}

#define ROW(event, none, loaded, active, closure_pending, closed) \
        [BANK_##event] = {[BANK_NONE] = none, [BANK_LOADED] = loaded, [BANK_ACTIVE] = active, \
                          [BANK_CLOSURE_PENDING] = closure_pending, [BANK_CLOSED] = closed}

static const bank_cell TABLE[BANK_EVENT_KIND_COUNT][BANK_STATE_COUNT] = {
/*  event             NONE              LOADED               ACTIVE               CLOSURE_PENDING         CLOSED */
ROW(LOAD,             TO(LOADED),       KEEP,                X(ACCOUNT_ACTIVE),   X(CLOSURE_IN_PROGRESS), X(ACCOUNT_CLOSED)),
ROW(ACTIVATE,         X(NO_ACCOUNT),    TO(ACTIVE),          KEEP,                X(CLOSURE_IN_PROGRESS), X(ACCOUNT_CLOSED)),
ROW(CARD_LOST,        NONE,             LOSS(UNKNOWN),       LOSS(UNKNOWN),       LOSS(UNKNOWN),          NONE),
ROW(CONFIRMS_LOSS,    NONE,             LOSS(CONFIRMED),     LOSS(CONFIRMED),     LOSS(CONFIRMED),        NONE),
ROW(CLEARS_LOSS,      NONE,             LOSS(NO),            LOSS(NO),            LOSS(NO),               NONE),
ROW(CARD_RECOVERED,   NONE,             KEEP,                KEEP,                KEEP,                   NONE),
ROW(CARD_CANCELLED,   KEEP,             TO(CLOSURE_PENDING), TO(CLOSURE_PENDING), KEEP,                   KEEP),
ROW(CLOSE_AT_COUNTER, X(NO_ACCOUNT),    IF_ENDS,             IF_ENDS,             TO(CLOSED),             KEEP),
ROW(REPORTS_CLOSED,   X(NO_ACCOUNT),    TO(CLOSED),          TO(CLOSED),          TO(CLOSED),             KEEP),
ROW(CHANGE_BANK,      NONE,             TO(CLOSURE_PENDING), TO(CLOSURE_PENDING), KEEP,                   KEEP),
ROW(PASSWORD_REQUEST, X(BANK_MANAGED),  X(BANK_MANAGED),     X(BANK_MANAGED),     X(BANK_MANAGED),        X(BANK_MANAGED)),
};

static const char *const EVENTS[] = {
        "Load", "Activate", "CardLost", "BankConfirmsLoss", "BankClearsLoss", "CardRecovered", "CardCancelled",
        "CloseAtCounter", "BankReportsClosed", "ChangeBank", "PasswordRequest"};
/* clang-format on */
_Static_assert(ARRAY_LENGTH(EVENTS) == BANK_EVENT_KIND_COUNT, "a name for every row");

static const char *const STATES[] = {"-", "NONE", "LOADED", "ACTIVE", "CLOSURE_PENDING", "CLOSED"};
_Static_assert(ARRAY_LENGTH(STATES) == BANK_STATE_COUNT, "a name for every column");

bank_cell bank_transition(bank_event_kind event, bank_state state)
{
        assert(event < BANK_EVENT_KIND_COUNT);
        assert(state >= BANK_NONE && (int)state < BANK_STATE_COUNT);
        return TABLE[event][state];
}

const char *bank_event_kind_name(bank_event_kind event)
{
        assert(event < BANK_EVENT_KIND_COUNT);
        return EVENTS[event];
}

const char *bank_state_name(bank_state state)
{
        assert((int)state < BANK_STATE_COUNT);
        return STATES[state];
}

static const char *loss_name(bank_loss loss)
{
        if (loss == BANK_LOSS_UNKNOWN) return "UNKNOWN";
        return loss == BANK_LOSS_CONFIRMED ? "CONFIRMED" : "NO";
}

char *bank_cell_format(bank_cell cell, char *text, size_t size)
{
        switch (cell.kind) {
        case BANK_CELL_NOTHING:
                snprintf(text, size, "-");
                break;
        case BANK_CELL_REFUSED:
                snprintf(text, size, "x %s", bank_refusal_of(cell.refusal)->reason);
                break;
        case BANK_CELL_TO:
                snprintf(text, size, "%s", bank_state_name(cell.to));
                break;
        case BANK_CELL_KEEP:
                snprintf(text, size, "=");
                break;
        case BANK_CELL_LOSS:
                snprintf(text, size, "overlay %s", loss_name(cell.loss));
                break;
        case BANK_CELL_CLOSE_IF_ENDS:
                snprintf(text, size, "%s if card LOST or CANCELLED, else x %s",
                         bank_state_name(cell.to), bank_refusal_of(cell.refusal)->reason);
                break;
        }
        return text;
}
