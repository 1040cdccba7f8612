/* Passwords in the status query. Must never take "did not answer" for "not locked". */
#include "services/status/handlers/subject_pin.h"

#include "services/credential/record/credential_codec.h"
#include "services/region/region_knobs.h"

bool subject_pin_read(rpc_call *call, const record_look *look, const card_record *card,
                      subject_pin *pin)
{
        arena *a = rpc_call_arena(call);
        *pin = (subject_pin){.is_unanswered = look->finding == RECORD_UNKNOWN};
        if (look->finding == RECORD_ABSENT || look->finding == RECORD_UNKNOWN) return true;
        credential_record record = {.card = card->id, .state = CREDENTIAL_NONE};
        if (look->finding == RECORD_FOUND) {
                credential_holder *holder = arena_zalloc(a, sizeof *holder);
                if (!credential_holder_unpack(a, look->packed, holder,
                                              &rpc_call_task(call)->failure))
                        return false;
                int index = credential_find(holder, card->id);
                if (index >= 0) record = holder->items[index];
        }
        pin->state = credential_state_seen(&record, card->state);
        pin->locked = policy_ternary_of(pin->state == CREDENTIAL_LOCKED);
        pin->is_suspended = credential_is_suspended(card->state);
        record.state = pin->state;
        pin->remaining = credential_remaining(
                &record, region_credential_knobs(a, service_call_of(call)->pack));
        return true;
}

Status__PinStatus *subject_pin_message(rpc_call *call, const subject_pin *pin)
{
        if (pin->state == 0) return NULL;
        Status__PinStatus *message = arena_alloc(rpc_call_arena(call), sizeof *message);
        status__pin_status__init(message);
        message->state = (Credential__CredentialState)pin->state;
        message->state_text =
                policy_text_in(credential_state_text(pin->state), rpc_call_language(call));
        message->remaining_attempts = pin->remaining;
        message->must_change = pin->state == CREDENTIAL_INITIAL;
        message->suspended = pin->is_suspended;
        return message;
}
