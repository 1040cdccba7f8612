/* What a request shows, as the rules see it: evidence that counts, consent, texts. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_EVIDENCE_H
#define SSCARD_SERVICES_CARD_HANDLERS_EVIDENCE_H

#include "common/service/request.h"
#include "services/card/rules/card_rules.h"

#include "sscard/card/v1/card_service.pb-c.h"

/* The kinds of context.evidence that count: with a reference where one is needed, documents not
 * expired. Answers INVALID_ARGUMENT for an item that makes no sense; false then. */
bool evidence_read(rpc_call *call, card_evidences *evidence) MUST_CHECK;

/* Consent, when the request has it. */
bool consent_read(rpc_call *call, const Card__Consent *message, card_event *event) MUST_CHECK;

/* Where a card is mailed to, as lines of text; NULL when absent. Answers INVALID_ARGUMENT. */
bool mail_address_read(rpc_call *call, const Card__MailAddress *message,
                       const char **address) MUST_CHECK;
/* Where a card is handed over: what the request says, or the outlet at which the caller is; NULL
 * for a card that is mailed, and where neither is known. */
const char *delivery_outlet_read(rpc_call *call, const char *text, card_fulfilment fulfilment);
enum { BANK_CODE_MAX = 16, OUTLET_CODE_MAX = 32 };
/* A phone number (rules/phone_number.h). Answers INVALID_ARGUMENT/TEXT_TOO_LONG or PHONE_MALFORMED.
 */
bool phone_check(rpc_call *call, const char *field, const char *text) MUST_CHECK;

#endif
