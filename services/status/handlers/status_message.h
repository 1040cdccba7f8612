/* From settled records to the messages of the status API. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_STATUS_MESSAGE_H
#define SSCARD_SERVICES_STATUS_HANDLERS_STATUS_MESSAGE_H

#include "services/status/handlers/status_app.h"
#include "services/status/handlers/subject.h"
#include "services/status/rules/status_facts.h"

#include "sscard/status/v1/status_service.pb-c.h"

/* What the rules look at. Borrows the subject. */
status_facts status_facts_of(rpc_call *call, const subject *s);
Status__CardStatus *card_status_message(rpc_call *call, const subject *s);

/* Steps and warnings as messages, in the call's language and arena. `about`: the card that they are
 * about, for whom to ask; NULL: none. */
void status_message_steps(rpc_call *call, const policy_step *const *steps, size_t count,
                          const card_record *about, Common__NextStep ***messages,
                          size_t *message_count);
void status_message_warnings(rpc_call *call, const policy_step *const *steps, size_t count,
                             Common__Warning ***messages, size_t *message_count);
/* The whole answer as a voice says it; "" on other channels than PHONE_12333. */
const char *status_message_speak(rpc_call *call, const status_facts *facts);

#endif
