/* The electronic card in the status query: its gate derived from the same records as the rest of
 * the answer, by the rules of the service that enforces it. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_ECARD_H
#define SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_ECARD_H

#include "common/service/call.h"
#include "common/service/record_service.h"
#include "services/card/rules/card_types.h"
#include "services/ecard/rules/ecard_rules.h"

#include "sscard/status/v1/status_service.pb-c.h"

/* Zero: the region has no such service here. */
typedef struct subject_ecard {
        bool is_served, is_answered;
        ecard_record record; /* settled to the other records; level NONE when there is none */
        ecard_view view;
} subject_ecard;

/* What the records of a holder say together; `pin` and `account` are the looks of their services.
 * False: the task failed (DATA_LOSS). */
bool subject_ecard_read(rpc_call *call, const record_look *look, const record_look *pin,
                        const record_look *account, const card_holder *holder,
                        subject_ecard *ecard) MUST_CHECK;
/* NULL: nothing is known. In the call's arena. */
Status__ECardStatus *subject_ecard_message(rpc_call *call, const subject_ecard *ecard, int card);

#endif
