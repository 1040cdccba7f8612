/* SetEntitlement: a regional system says whether the holder draws local benefits (R45, R46). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"

#include "sscard/card/v1/card_service.pb-c.h"

enum { KIND_CODE_POINTS_MAX = 64 };

static bool read_kinds(rpc_call *call, const Card__Entitlement *entitlement, person_record *person)
{
        if (entitlement->n_kinds > ENTITLEMENT_KINDS_MAX) {
                rpc_reply_invalid(call, "entitlement.kinds", "TOO_MANY_ITEMS", NULL,
                                  "entitlement.kinds must have at most %d items",
                                  ENTITLEMENT_KINDS_MAX);
                return false;
        }
        for (size_t i = 0; i < entitlement->n_kinds; i++) {
                if (!text_check(call, "entitlement.kinds", entitlement->kinds[i],
                                KIND_CODE_POINTS_MAX))
                        return false;
                person->entitlement_kinds[i] = entitlement->kinds[i];
        }
        person->entitlement_kind_count = entitlement->n_kinds;
        return true;
}

static bool read_entitlement(rpc_call *call, const Card__Entitlement *entitlement,
                             card_command *command)
{
        if (!entitlement || entitlement->standing <= 0 ||
            (int)entitlement->standing > CARD_ENTITLEMENT_NONE) {
                rpc_reply_invalid(call, "entitlement.standing", "ENTITLEMENT_REQUIRED", "R45",
                                  "entitlement.standing must be DRAWN or NONE");
                return false;
        }
        if (!past_instant_read(call, "entitlement.as_of", "R45", entitlement->as_of,
                               &command->event.entitlement_as_of_ms))
                return false;
        command->event.entitlement = (card_entitlement)entitlement->standing;
        person_record *kinds = arena_zalloc(rpc_call_arena(call), sizeof *kinds);
        command->new_kinds = kinds;
        return read_kinds(call, entitlement, kinds);
}

void handle_set_entitlement(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__SetEntitlementRequest *request = (const Card__SetEntitlementRequest *)message;
        card_command *command = card_command_begin(call, CARD_OPERATION_SET_ENTITLEMENT);
        if (command && read_entitlement(call, request->entitlement, command))
                card_command_run_on_holder(command);
}
