/* Every operation on a bank link: who may do it where, and with what (R8-R11, R44). */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_OPERATIONS_H
#define SSCARD_SERVICES_BANK_RULES_BANK_OPERATIONS_H

#include "services/bank/rules/bank_transitions.h"
#include "services/card/rules/card_needs.h"

/* In the order of an account's life. */
typedef enum bank_operation {
        BANK_OPERATION_LOAD = 0,
        BANK_OPERATION_ACTIVATE,
        BANK_OPERATION_CONFIRM_LOSS,
        BANK_OPERATION_CLEAR_LOSS,
        BANK_OPERATION_REQUEST_CLOSURE,
        BANK_OPERATION_CONFIRM_CLOSED,
        BANK_OPERATION_REPORT_ANSWER,
        BANK_OPERATION_PASSWORD,
        BANK_OPERATION_COUNT,
} bank_operation;

/* When a row of "who" holds; all of its bits must. */
enum {
        BANK_WHEN_HOLDER_CAME = 1 << 0,  /* nobody acts for the holder */
        BANK_WHEN_AGENT_CAME = 1 << 1,   /* an agent does: actor, or an agent's papers */
        BANK_WHEN_HOME_VISITS = 1 << 2,  /* knob activate_by_home_visit */
        BANK_WHEN_AGENTS = 1 << 3,       /* knob activate_by_agent */
        BANK_WHEN_AGENTS_CLOSE = 1 << 4, /* knob close_by_agent */
};

typedef struct bank_who {
        policy_roles roles;
        policy_channels channels;
        card_needs needs;
        bool in_person; /* evidence IN_PERSON: the holder was seen (R8) */
        uint32_t when;
} bank_who;

enum { BANK_WHO_MAX = 4 };

typedef struct bank_operation_row {
        const char *name;   /* "ActivateFinancialFunction" */
        const char *method; /* the same: no operation has variants */
        policy_text title;
        bank_event_kind event;
        bool at_the_bank; /* done by staff or systems of the card's own bank (R10) */
        const char *rule;
        bank_who who[BANK_WHO_MAX]; /* roles 0 ends */
        policy_step elsewhere;      /* where it is done, for CHANNEL_NOT_ALLOWED */
} bank_operation_row;

/* Static. */
const bank_operation_row *bank_operation_row_of(bank_operation operation);
/* By name; BANK_OPERATION_COUNT when there is none. */
bank_operation bank_operation_find(const char *name);

#endif
