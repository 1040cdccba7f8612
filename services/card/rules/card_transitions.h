/* The card's table of state-machines.md 2.1: what each event does in each state. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_TRANSITIONS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_TRANSITIONS_H

#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_types.h"

/* The rows, in the order of the document. */
typedef enum card_event_kind {
        CARD_PRODUCTION_STARTED = 0,
        CARD_PRODUCTION_DONE,
        CARD_PRODUCTION_FAILED,
        CARD_WITHDRAW,
        CARD_COLLECT,
        CARD_COLLECT_AND_ENABLE,
        CARD_ENABLE_SOCIAL,
        CARD_INITIAL_PASSWORD_CHANGED,
        CARD_REPORT_TEMP_LOSS,
        CARD_TEMP_LOSS_TIMER,
        CARD_REPORT_FORMAL_LOSS,
        CARD_RECOVER,
        CARD_REQUEST_REPLACEMENT,
        CARD_SUCCESSOR_COLLECTED,
        CARD_SUCCESSOR_ENABLED,
        CARD_CANCEL_BY_HOLDER,
        CARD_CANCEL_BY_AUTHORITY,
        CARD_LOST_IN_DELIVERY,
        CARD_UNCLAIMED_TIMER,
        CARD_EXPIRY_TICK,
        CARD_CRED_LOCKED_OR_UNLOCKED,
        CARD_EVENT_KIND_COUNT,
} card_event_kind;

typedef enum card_cell_kind {
        CARD_CELL_NOTHING = 0, /* "-": cannot meet, or means nothing here */
        CARD_CELL_REFUSED,     /* "x": `refusal` */
        CARD_CELL_TO,          /* goes to `to` */
        CARD_CELL_KEEP,        /* "=": accepted, no change */
        CARD_CELL_PRIOR,       /* goes back to what it was before the loss */
        CARD_CELL_SUCCESSOR,   /* "= (10)": the state stays, a new card is made */
        CARD_CELL_FLAG,        /* "flag only" */
        CARD_CELL_OVERLAY,     /* shown from another service's record; no change here */
        CARD_CELL_BY_A2,       /* knob: prior, or refused (8) */
        CARD_CELL_BY_A3,       /* fixed when reported: prior, TEMP_LOST, or CANCELLED */
        CARD_CELL_BY_A7,       /* knob or change of bank: unchanged, or CANCELLED */
} card_cell_kind;

typedef struct card_cell {
        card_cell_kind kind;
        card_state to;
        card_refusal refusal;
} card_cell;

/* `state` is one of a card that exists (not NONE). */
card_cell card_transition(card_event_kind event, card_state state);
/* "ReportTempLoss", as the document calls it. */
const char *card_event_kind_name(card_event_kind event);
/* "ARCHIVED/o", as the document calls it. */
const char *card_state_name(card_state state);
/* "prior", "x NOT_LOST", …: the cell as text, cut to `size`. Returns `text`. */
char *card_cell_format(card_cell cell, char *text, size_t size);

#endif
