/* GetHolder and FindHolder: a person, by name or by identity number. */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/card_message.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/read.h"
#include "services/card/rules/identity_number.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

void handle_get_holder(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        if (!service_check_collection(call, "holders")) return;
        const holder_record *record = read_holder(call, service_call_of(call)->name.id);
        if (!record) return;
        const message_context c = message_context_of(call);
        rpc_reply(call, &holder_message(&c, record)->base);
}

static bool check_identity(rpc_call *call, const char *number)
{
        identity_fault fault = identity_number_check(number, strlen(number), (civil_date){0}, NULL);
        if (fault == IDENTITY_VALID) return true;
        policy_detail detail = {"fault", identity_fault_name(fault)};
        rpc_refuse(call, card_refusal_of_identity(fault), &detail, 1);
        return false;
}

void handle_find_holder(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__FindHolderRequest *request = (const Card__FindHolderRequest *)message;
        const service_call *state = service_call_of(call);
        card_app *app = service_call_app(call);
        if (!check_identity(call, request->identity_number)) return;
        uint8_t part = service_part_of_text(state->instance, request->identity_number);
        digest hash = service_lookup_hash(state->instance, request->identity_number);
        ulid holder;
        bool found = false;
        if (!card_store_find_by_identity(rpc_call_task(call), &app->store, part, &hash, &holder,
                                         &found))
                return;
        if (!found) {
                card_answer_not_found(call);
                return;
        }
        const holder_record *record = read_holder(call, holder);
        if (!record) return;
        const message_context c = message_context_of(call);
        rpc_reply(call, &holder_message(&c, record)->base);
}
