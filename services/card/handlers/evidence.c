/* Reads what requests show. Must never let an expired document or an empty reference count. */
#include "services/card/handlers/evidence.h"

#include "services/card/rules/phone_number.h"

enum { CONSENT_MAX = 128 };

bool phone_check(rpc_call *call, const char *field, const char *text)
{
        if (!text_check(call, field, text, PHONE_NUMBER_MAX)) return false;
        if (phone_number_check(bytes_of_text(text))) return true;
        rpc_reply_invalid(call, field, "PHONE_MALFORMED", NULL,
                          "%s must be digits, with an optional + before them", field);
        return false;
}

bool evidence_read(rpc_call *call, card_evidences *evidence)
{
        return request_evidence(call, card_evidence_counts, evidence);
}

const char *delivery_outlet_read(rpc_call *call, const char *text, card_fulfilment fulfilment)
{
        if (fulfilment == CARD_FULFILMENT_MAIL) return NULL;
        return *text ? text : text_or_null(service_call_of(call)->who.outlet);
}

enum { ADDRESS_MAX = 256, RECIPIENT_MAX = 64 };

bool mail_address_read(rpc_call *call, const Card__MailAddress *message, const char **address)
{
        *address = NULL;
        if (!message || *message->address == '\0') return true;
        if (!text_check(call, "mail_address.address", message->address, ADDRESS_MAX) ||
            !text_check(call, "mail_address.recipient", message->recipient, RECIPIENT_MAX) ||
            !phone_check(call, "mail_address.phone", message->phone))
                return false;
        *address = arena_format(rpc_call_arena(call), "%s\n%s\n%s", message->address,
                                message->recipient, message->phone);
        return true;
}

bool consent_read(rpc_call *call, const Card__Consent *message, card_event *event)
{
        if (!message) return true;
        if (!text_check(call, "consent.statement", message->statement, CONSENT_MAX)) return false;
        event->consent_given = true;
        event->consent.statement = message->statement;
        return !message->given_at || past_instant_read(call, "consent.given_at", "R32",
                                                       message->given_at, &event->consent.at_ms);
}
