/* The bank link's table of state-machines.md 2.4: what each event does in each state. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_TRANSITIONS_H
#define SSCARD_SERVICES_BANK_RULES_BANK_TRANSITIONS_H

#include "services/bank/rules/bank_refusals.h"
#include "services/bank/rules/bank_types.h"

/* The rows, in the order of the document. */
typedef enum bank_event_kind {
        BANK_LOAD = 0,
        BANK_ACTIVATE,
        BANK_CARD_LOST,
        BANK_CONFIRMS_LOSS,
        BANK_CLEARS_LOSS,
        BANK_CARD_RECOVERED,
        BANK_CARD_CANCELLED,
        BANK_CLOSE_AT_COUNTER,
        BANK_REPORTS_CLOSED,
        BANK_CHANGE_BANK,
        BANK_PASSWORD_REQUEST,
        BANK_EVENT_KIND_COUNT,
} bank_event_kind;

typedef enum bank_cell_kind {
        BANK_CELL_NOTHING = 0,   /* "-": cannot meet, or means nothing here */
        BANK_CELL_REFUSED,       /* "x": `refusal` */
        BANK_CELL_TO,            /* goes to `to` */
        BANK_CELL_KEEP,          /* "=": accepted, no change */
        BANK_CELL_LOSS,          /* overlay: `loss`; the state stays */
        BANK_CELL_CLOSE_IF_ENDS, /* to CLOSED if the card is LOST or CANCELLED, else `refusal` */
} bank_cell_kind;

typedef struct bank_cell {
        bank_cell_kind kind;
        bank_state to;
        bank_loss loss;
        bank_refusal refusal;
} bank_cell;

bank_cell bank_transition(bank_event_kind event, bank_state state);
/* "BankReportsClosed", as the document calls it. */
const char *bank_event_kind_name(bank_event_kind event);
/* "CLOSURE_PENDING". */
const char *bank_state_name(bank_state state);
/* "x NO_ACCOUNT", "overlay UNKNOWN", …: the cell as text, cut to `size`. Returns `text`. */
char *bank_cell_format(bank_cell cell, char *text, size_t size);

#endif
