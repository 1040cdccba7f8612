/* Whose link a call is about: the card's record, read strongly, and the links as stored. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_SUBJECT_H
#define SSCARD_SERVICES_BANK_HANDLERS_SUBJECT_H

#include "common/service/call.h"
#include "services/bank/handlers/bank_app.h"
#include "services/bank/rules/bank_rules.h"
#include "services/card/record/holder_record.h"

/* In the call's arena. */
typedef struct bank_subject {
        bank_app *app;
        holder_record *cards; /* settled to the call's time */
        bank_loaded *loaded;
        bank_facts facts; /* of the two */
        ulid card;        /* zero: the holder as a whole */
} bank_subject;

/* By the name of the link, "regions/R/cards/ID/bankLink". Checks that the caller may see it.
 * Suspends. False: answered, or the task failed. */
bool bank_subject_of_link(rpc_call *call, bank_subject *subject) MUST_CHECK;
/* By the name of the holder. */
bool bank_subject_of_holder(rpc_call *call, bank_subject *subject) MUST_CHECK;
/* The link as stored; NULL: nothing is. */
const bank_link *bank_subject_stored(const bank_subject *subject);

/* Refuses with the verdict's refusal and details. */
void bank_refuse(rpc_call *call, const bank_verdict *verdict);

#endif
