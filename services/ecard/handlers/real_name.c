/* Compares by keyed hash. Must never keep or name the number. */
#include "services/ecard/handlers/real_name.h"

#include "common/service/record_service.h"
#include "services/card/rules/card_refusals.h"
#include "services/card/rules/identity_number.h"

#include <string.h>

bool real_name_check(rpc_call *call, const Ecard__RealName *real_name)
{
        if (!real_name || *real_name->identity_number == '\0') {
                rpc_reply_invalid(call, "real_name", "REAL_NAME_REQUIRED", "R27",
                                  "real_name.identity_number is required");
                return false;
        }
        const char *number = real_name->identity_number;
        identity_fault fault = identity_number_check(number, strlen(number), (civil_date){0}, NULL);
        if (fault == IDENTITY_VALID) return true;
        policy_refusal refusal = *card_refusal_of_identity(fault);
        policy_detail detail = {"fault", identity_fault_name(fault)};
        refusal.field = "real_name.identity_number";
        rpc_refuse(call, &refusal, &detail, 1);
        return false;
}

policy_ternary real_name_is(const ecard_command *command, const Ecard__RealName *real_name,
                            bytes identity_hash)
{
        digest hash = service_lookup_hash(command->app->instance, real_name->identity_number);
        return policy_ternary_of(bytes_equal(bytes_of(hash.bytes, DIGEST_BYTES), identity_hash));
}

bool real_name_person(ecard_command *command, ulid holder, person_record *person)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        record_look look;
        if (!service_peer_record(command->call, "card", holder, &look)) return false;
        if (look.finding == RECORD_NOT_FOUND) {
                rpc_refuse(command->call, ecard_refusal_of(ECARD_REFUSAL_HOLDER_NOT_FOUND), NULL,
                           0);
                return false;
        }
        holder_record *record = arena_zalloc(&t->arena, sizeof *record);
        if (!holder_record_unpack(NULL, &t->arena, look.packed, record, &t->failure)) return false;
        *person = record->person;
        return true;
}
