/* The electronic card's table of state-machines.md 2.3: what each event does at each level. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_TRANSITIONS_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_TRANSITIONS_H

#include "services/ecard/rules/ecard_refusals.h"
#include "services/ecard/rules/ecard_types.h"

/* The rows, in the order of the document; then what the document says in sentences. */
typedef enum ecard_event_kind {
        ECARD_ISSUE = 0,
        ECARD_ISSUE_MISMATCH, /* face or real name */
        ECARD_UPGRADE,
        ECARD_BANK_LINK_LEFT_ACTIVE,
        ECARD_BIND,
        ECARD_UNBIND,
        ECARD_CHANGE_PASSWORD,
        ECARD_RESET_PASSWORD,
        ECARD_GRANT,
        ECARD_CARD_CHANGED,
        ECARD_FAMILY_ISSUE,
        ECARD_CLOSE,
        ECARD_VERIFY_PASSWORD,
        ECARD_REVOKE,
        ECARD_PRESENT_CODE,
        ECARD_TAKE_CODE,
        ECARD_EVENT_KIND_COUNT,
} ecard_event_kind;

typedef enum ecard_cell_kind {
        ECARD_CELL_NOTHING = 0, /* "-": cannot meet */
        ECARD_CELL_REFUSED,     /* "x": `refusal` */
        ECARD_CELL_TO,          /* goes to level `to` */
        ECARD_CELL_KEEP,        /* "=": accepted, no change */
        ECARD_CELL_CHANGE,      /* the level stays, something else changes */
        ECARD_CELL_DERIVED,     /* nothing is stored: the next read sees it */
} ecard_cell_kind;

typedef struct ecard_cell {
        ecard_cell_kind kind;
        ecard_level to;
        ecard_refusal refusal;
} ecard_cell;

ecard_cell ecard_transition(ecard_event_kind event, ecard_level level);
/* "GrantAuthorization": as the document names the row. */
const char *ecard_event_kind_name(ecard_event_kind event);
/* "L1". */
const char *ecard_level_name(ecard_level level);
/* "x ECARD_NOT_ISSUED", "L1", "=". Returns `text`. */
char *ecard_cell_format(ecard_cell cell, char *text, size_t size);

#endif
