/* The gate of the electronic card, derived from the physical card's present state (R12 to R15).
 * Never stored: whoever needs it asks here, with the owners' records of this moment. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_GATE_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_GATE_H

#include "services/card/rules/card_types.h"
#include "services/ecard/rules/ecard_knobs.h"
#include "services/ecard/rules/ecard_refusals.h"
#include "services/ecard/rules/ecard_types.h"

/* The rows of the document's first table, but for "CANCELLED, successor NORMAL": the successor's
 * own row counts then. */
typedef enum ecard_card_row {
        ECARD_ROW_NO_CARD = 0, /* none, REQUESTED, PRODUCING, WITHDRAWN */
        ECARD_ROW_ARCHIVED,
        ECARD_ROW_NORMAL,
        ECARD_ROW_LOCKED, /* NORMAL, with a locked password */
        ECARD_ROW_LOST,   /* TEMP_LOST and LOST */
        ECARD_ROW_CANCELLED,
        ECARD_ROW_COUNT,
} ecard_card_row;

typedef enum ecard_personal {
        ECARD_PERSONAL_NO = 0,
        ECARD_PERSONAL_YES,
        ECARD_PERSONAL_WITH_GRANT,
        ECARD_PERSONAL_LIMITED, /* own status and enabling */
} ecard_personal;

typedef struct ecard_gate_row {
        ecard_gate gate;
        ecard_personal personal;
        ecard_refusal personal_refusal; /* why not, when NO or outside of LIMITED */
        ecard_refusal issue_refusal;    /* a new issue or a new channel; NONE: allowed */
} ecard_gate_row;

/* Row of the table, with the knobs A1 and A8. */
ecard_gate_row ecard_gate_row_of(ecard_card_row row, const ecard_knobs *knobs);
const char *ecard_card_row_name(ecard_card_row row);
const char *ecard_gate_name(ecard_gate gate);

typedef struct ecard_lock {
        policy_ternary locked; /* UNKNOWN: its owner could not be asked */
        uint64_t version;      /* of the lock, so that two locks are told apart; 0: not locked */
} ecard_lock;

/* What the gate is now, and why. */
typedef struct ecard_view {
        ecard_gate gate; /* UNKNOWN: depends on a lock that nobody knows */
        ecard_card_row row;
        ecard_gate_row rule;
        int card; /* index in the holder's cards that the gate is about; -1: there is none */
        ecard_period period;
} ecard_view;

/* `holder` settled to now; `ecard` may be of level NONE. */
ecard_view ecard_view_of(const card_holder *holder, const ecard_record *ecard, ecard_lock lock,
                         const ecard_knobs *knobs);

/* Index of the physical card that the electronic card belongs to now: the one it was issued for, or
 * as soon as that has ended the successor that took over; for a person without an electronic card
 * the one that it would be issued for. -1: the holder has no card. */
int ecard_current_card(const card_holder *holder, const ecard_record *ecard);

bool ecard_period_equal(const ecard_period *a, const ecard_period *b);

#endif
