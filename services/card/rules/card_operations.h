/* Every operation on a card: one for each mutating method, and for each variant of one. Who may do
 * it where, and with what, is the table of state-machines.md 2.1.1. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_OPERATIONS_H
#define SSCARD_SERVICES_CARD_RULES_CARD_OPERATIONS_H

#include "services/card/rules/card_needs.h"
#include "services/card/rules/card_transitions.h"

/* In the order of a card's life. */
typedef enum card_operation {
        CARD_OPERATION_APPLY = 0,
        CARD_OPERATION_WITHDRAW,
        CARD_OPERATION_START_PRODUCTION,
        CARD_OPERATION_COMPLETE_PRODUCTION,
        CARD_OPERATION_FAIL_PRODUCTION,
        CARD_OPERATION_COLLECT,
        CARD_OPERATION_COLLECT_AND_ENABLE,
        CARD_OPERATION_ENABLE,
        CARD_OPERATION_ENABLE_BY_PIN_CHANGE, /* internal: the leg of a PIN change */
        CARD_OPERATION_REPORT_TEMP_LOSS,
        CARD_OPERATION_REPORT_FORMAL_LOSS,
        CARD_OPERATION_RECOVER,
        CARD_OPERATION_REPLACE_LOST,
        CARD_OPERATION_REPLACE_DAMAGED,
        CARD_OPERATION_REPLACE_EXPIRING,
        CARD_OPERATION_REPLACE_PHOTO_OUTDATED,
        CARD_OPERATION_REPLACE_DATA_CHANGED,
        CARD_OPERATION_REPLACE_BANK_CHANGE,
        CARD_OPERATION_CANCEL_BY_HOLDER,
        CARD_OPERATION_CANCEL_BY_AUTHORITY,
        CARD_OPERATION_REPORT_LOST_IN_DELIVERY,
        CARD_OPERATION_RECORD_DEATH,    /* about the person */
        CARD_OPERATION_SET_ENTITLEMENT, /* about the person */
        CARD_OPERATION_COUNT,
} card_operation;

/* When a row of "who" holds; all of its bits must. */
enum {
        CARD_WHEN_TEMP_LOST = 1 << 0,
        CARD_WHEN_LOST = 1 << 1,
        CARD_WHEN_INSTANT = 1 << 2,      /* the card's fulfilment */
        CARD_WHEN_MAIL = 1 << 3,         /* the card's fulfilment */
        CARD_WHEN_AUTHORISED = 1 << 4,   /* the bank's outlet is authorised for card business */
        CARD_WHEN_HOME_VISITS = 1 << 5,  /* knob A6 */
        CARD_WHEN_AGENTS = 1 << 6,       /* knob A6 */
        CARD_WHEN_LOSS_ONLINE = 1 << 7,  /* knob */
        CARD_WHEN_ENABLE_PHONE = 1 << 8, /* knob */
        CARD_WHEN_REASON_DEATH = 1 << 9, /* the request's reason */
};

typedef struct card_who {
        policy_roles roles;
        policy_channels channels;
        card_needs needs;
        uint32_t when;
} card_who;

enum { CARD_WHO_MAX = 10 };

typedef enum card_operation_scope {
        CARD_SCOPE_CARD = 0, /* a card that exists */
        CARD_SCOPE_NEW,      /* makes the first card of a person */
        CARD_SCOPE_PERSON,   /* the person with all cards */
} card_operation_scope;

typedef struct card_operation_row {
        const char *name;   /* "ReportLoss:TEMPORARY": the method, with its variant */
        const char *method; /* "ReportLoss" */
        policy_text title;
        card_operation_scope scope;
        card_event_kind event; /* SCOPE_CARD only */
        card_replace_reason replace_reason;
        bool internal; /* never listed: no person asks for it */
        const char *rule;
        card_who who[CARD_WHO_MAX]; /* roles 0 ends */
        policy_step elsewhere;      /* where it can be done, when the channel was wrong */
} card_operation_row;

const card_operation_row *card_operation_row_of(card_operation operation);
/* CARD_OPERATION_COUNT when there is none. */
card_operation card_operation_find(const char *name);

#endif
