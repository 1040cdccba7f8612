/* What the status query knows of one card: the card service's record, and plain values from the
 * other services' records. A service that a region does not run is ABSENT: nothing is said of it.
 */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_FACTS_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_FACTS_H

#include "services/bank/rules/bank_link.h"
#include "services/card/rules/card_rules.h"

/* The numbers of sscard.status.v1.FinancialStatus. */
typedef enum status_financial {
        STATUS_FINANCIAL_ABSENT = 1,
        STATUS_FINANCIAL_UNKNOWN = 2, /* there is a banking service, but it did not answer */
        STATUS_FINANCIAL_NONE = 3,
        STATUS_FINANCIAL_LOADED = 4,
        STATUS_FINANCIAL_ACTIVE = 5,
        STATUS_FINANCIAL_CLOSURE_PENDING = 6,
        STATUS_FINANCIAL_CLOSED = 7,
} status_financial;

typedef struct status_facts {
        const card_holder *holder; /* settled to now_ms */
        int card;                  /* index; -1: the person has no card */
        const card_knobs *knobs;
        int64_t now_ms;
        policy_ternary pin_locked; /* UNKNOWN: no credential service, or it did not answer */
        bool pin_is_initial;       /* it should be changed (R17) */
        status_financial financial;
        bool bank_is_asked;    /* the bank owes an answer */
        bool bank_has_stopped; /* the bank has confirmed the loss */
} status_facts;

/* The account of a link that was derived to its card's present state. */
status_financial status_financial_of(const bank_link *link);

#endif
