/* What the credential service's record says of one card's password, with what holds at once because
 * of the card. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_PIN_H
#define SSCARD_SERVICES_STATUS_HANDLERS_SUBJECT_PIN_H

#include "common/service/call.h"
#include "common/service/record_service.h"
#include "services/card/rules/card_types.h"
#include "services/credential/rules/credential_rules.h"

#include "sscard/status/v1/status_service.pb-c.h"

/* Zero: nothing is known. */
typedef struct subject_pin {
        credential_state state; /* as seen; 0: no credential service, or it did not answer */
        policy_ternary locked;
        bool is_unanswered; /* there is a service, and it did not answer */
        bool is_suspended;
        int32_t remaining;
} subject_pin;

/* False: the task failed (DATA_LOSS). */
bool subject_pin_read(rpc_call *call, const record_look *look, const card_record *card,
                      subject_pin *pin) MUST_CHECK;
/* NULL: nothing is known. In the call's arena. */
Status__PinStatus *subject_pin_message(rpc_call *call, const subject_pin *pin);

#endif
