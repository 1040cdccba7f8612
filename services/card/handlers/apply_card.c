/* ApplyCard: the first card of a person, who is registered with it (R1, R42). */
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"
#include "services/card/rules/identity_number.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <string.h>

enum { CODE_POINTS_MAX = 64, NAME_CODE_POINTS_MAX = 50 };

bool apply_card_part_of(rpc_call *call, const ProtobufCMessage *message, uint8_t *part)
{
        const Card__ApplyCardRequest *request = (const Card__ApplyCardRequest *)message;
        *part = service_part_of_text(service_call_of(call)->instance, request->identity_number);
        return true;
}

static bool check_parent(rpc_call *call)
{
        const service_call *state = service_call_of(call);
        if (state->has_name && *state->name.collection == '\0') return true;
        rpc_reply_invalid(call, "parent", "RESOURCE_NAME_INVALID", NULL,
                          "parent must be regions/{region}");
        return false;
}

static bool check_texts(rpc_call *call, const Card__ApplyCardRequest *request)
{
        if (*request->person_name == '\0') {
                rpc_reply_invalid(call, "person_name", "PERSON_NAME_REQUIRED", "R1",
                                  "person_name is required");
                return false;
        }
        return text_check(call, "person_name", request->person_name, NAME_CODE_POINTS_MAX) &&
               phone_check(call, "phone", request->phone) &&
               text_check(call, "photo_reference", request->photo_reference, CODE_POINTS_MAX * 2) &&
               text_check(call, "bank_code", request->bank_code, BANK_CODE_MAX) &&
               text_check(call, "delivery_outlet", request->delivery_outlet, OUTLET_CODE_MAX);
}

static bool fill_event(rpc_call *call, const Card__ApplyCardRequest *request, card_event *event)
{
        const service_call *state = service_call_of(call);
        event->identity =
                identity_number_check(request->identity_number, strlen(request->identity_number),
                                      civil_date_at(state->now_ms), &event->born_on);
        event->apply_reason =
                request->reason ? (card_apply_reason)request->reason : CARD_APPLY_FIRST;
        event->fulfilment = (card_fulfilment)request->fulfilment;
        event->photo = text_or_null(request->photo_reference);
        event->bank = text_or_null(request->bank_code);
        event->outlet = delivery_outlet_read(call, request->delivery_outlet, event->fulfilment);
        event->scope = state->instance->directory.region;
        if (event->photo) event->evidence |= CARD_E(PHOTO);
        event->new_card =
                ulid_new(state->now_ms, loop_random(state->instance->seams.loop), state->part);
        return mail_address_read(call, request->mail_address, &event->mail_address) &&
               consent_read(call, request->consent, event);
}

void handle_apply_card(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ApplyCardRequest *request = (const Card__ApplyCardRequest *)message;
        const service_call *state = service_call_of(call);
        if (!check_parent(call) || !check_texts(call, request)) return;
        card_command *command = card_command_begin(call, CARD_OPERATION_APPLY);
        if (!command || !fill_event(call, request, &command->event)) return;
        person_record *person = arena_zalloc(rpc_call_arena(call), sizeof *person);
        person->holder =
                ulid_new(state->now_ms, loop_random(state->instance->seams.loop), state->part);
        person->person.born_on = command->event.born_on;
        person->identity_hash = service_lookup_hash(state->instance, request->identity_number);
        person->secret = (person_private){request->identity_number, request->person_name,
                                          request->phone, request->photo_reference};
        person->opened = true;
        card_command_run_on_person(command, person);
}
