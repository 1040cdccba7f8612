/* What can refuse an operation on a link, in the order in which it is asked: the link and the card,
 * then where and who, then which bank, then evidence. For bank_rules.c. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_INQUIRY_H
#define SSCARD_SERVICES_BANK_RULES_BANK_INQUIRY_H

#include "services/bank/rules/bank_rules.h"

typedef struct bank_inquiry {
        const bank_facts *facts;
        const bank_event *event;
        const bank_operation_row *row;
        const card_record *card;
        const bank_link *link;   /* derived */
        policy_details *details; /* NULL: nobody wants to know */
} bank_inquiry;

/* What the link's and the card's state say, whoever asks. `cell`: what would happen. */
bank_refusal bank_guard_state(const bank_inquiry *ask, bank_cell *cell);
/* In person (R8), then the channel, then the role. `who`: the row that holds. */
bank_refusal bank_guard_channel(const bank_inquiry *ask, const bank_who **who);
/* The card's own bank (R10). */
bank_refusal bank_guard_bank(const bank_inquiry *ask);
/* Missing evidence; `missing`: which. */
bank_refusal bank_guard_evidence(const bank_inquiry *ask, const bank_who *who, card_needs *missing);

/* Can the step be done now, if the right person goes the right way? */
bool bank_step_applies(const bank_inquiry *ask, const policy_step *step);

#endif
