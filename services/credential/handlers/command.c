/* Load, decide, commit, reply. Must never decide on a card's state that was not read for it. */
#include "services/credential/handlers/command.h"

#include "common/service/peer.h"
#include "common/service/record_service.h"
#include "common/service/request.h"
#include "services/card/rules/card_holder.h"
#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_settle.h"
#include "services/credential/handlers/attempt.h"
#include "services/credential/handlers/enable_case.h"
#include "services/region/region_knobs.h"

#include "sscard/card/v1/card_service.pb-c.h"

credential_command *credential_command_begin(rpc_call *call, credential_operation operation)
{
        credential_command *command = arena_zalloc(rpc_call_arena(call), sizeof *command);
        command->call = call;
        command->app = service_call_app(call);
        command->operation = operation;
        if (!request_evidence(call, card_evidence_counts, &command->evidence)) return NULL;
        return command;
}

bool credential_check_kind(rpc_call *call, Credential__PasswordKind kind)
{
        credential_refusal refusal = CREDENTIAL_REFUSAL_PASSWORD_KIND_REQUIRED;
        if (kind == CREDENTIAL__PASSWORD_KIND__PASSWORD_KIND_SOCIAL_SECURITY) return true;
        if (kind == CREDENTIAL__PASSWORD_KIND__PASSWORD_KIND_BANK_ACCOUNT)
                refusal = CREDENTIAL_REFUSAL_BANK_MANAGED;
        rpc_refuse(call, credential_refusal_of(refusal), NULL, 0);
        return false;
}

const char *credential_name(arena *a, const char *region, ulid card)
{
        return arena_format(a, "%s/credential", resource_name_format(a, region, "cards", card));
}

/* ---- load ---- */

static bool answer_not_found(rpc_call *call)
{
        rpc_refuse(call, card_refusal_of(CARD_REFUSAL_CARD_NOT_FOUND), NULL, 0);
        return false;
}

/* Before its first PIN only the card service knows whose a card is. */
static bool ask_holder(credential_command *command, ulid card, ulid *holder)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        service_instance *instance = command->app->instance;
        Card__GetCardRequest request = CARD__GET_CARD_REQUEST__INIT;
        const ProtobufCMessage *reply = NULL;
        request.name = resource_name_format(&t->arena, instance->directory.region, "cards", card);
        if (!service_peer_ask(t, instance, "card", "sscard.card.v1.CardService/GetCard",
                              &request.base, &card__card__descriptor, &reply)) {
                if (t->failure.kind != FAILURE_NOT_FOUND) return false;
                failure_clear(&t->failure);
                return answer_not_found(command->call);
        }
        resource_name name;
        const char *why = NULL;
        bool fine = resource_name_parse(((const Card__Card *)reply)->holder, &name, &why);
        *holder = name.id;
        return fine || task_fail(t, FAILURE_INTERNAL, "PEER_ANSWER_MALFORMED",
                                 "the card service names no holder");
}

static bool find_holder(credential_command *command, ulid card, ulid *holder)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        bool found = false;
        if (!credential_store_find(t, command->app->store, card, holder, &found)) return false;
        return found || ask_holder(command, card, holder);
}

static bool load_cards(credential_command *command, ulid holder, ulid card)
{
        rpc_call *call = command->call;
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        record_look look;
        if (!service_peer_record(call, "card", holder, &look)) return false;
        if (look.finding != RECORD_FOUND) return answer_not_found(call);
        /* Only a new PIN is compared with what is sealed in the record. */
        bool opens = command->operation == CREDENTIAL_OPERATION_CHANGE;
        const keyring *ring = opens ? command->app->instance->keys.data : NULL;
        command->cards = (holder_record){0};
        if (!holder_record_unpack(ring, &t->arena, look.packed, &command->cards, &t->failure))
                return false;
        card_settle(&command->cards.holder, service_call_of(call)->now_ms);
        int index = card_holder_find(&command->cards.holder, card);
        if (index < 0) return answer_not_found(call);
        command->card = &command->cards.holder.cards[index];
        return true;
}

static void choose(credential_command *command, ulid card)
{
        command->index = credential_find(&command->loaded.holder, card);
        command->none = (credential_record){.card = card, .state = CREDENTIAL_NONE};
        command->record =
                command->index < 0 ? &command->none : &command->loaded.holder.items[command->index];
        command->facts.credential = command->record;
}

bool credential_command_reload(credential_command *command)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        if (!credential_store_load(t, command->app->store, command->loaded.holder.id,
                                   &command->loaded))
                return false;
        choose(command, service_call_of(command->call)->name.id);
        return true;
}

/* The PINs, with nothing left over from those who went before. */
static bool load_pins(credential_command *command, ulid holder)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        command->loaded.holder.id = holder;
        for (;;) {
                if (!credential_command_reload(command)) return false;
                if (enable_case_is_open(&command->loaded)) {
                        if (!enable_case_settle(t, command->app, holder)) {
                                rpc_refuse(command->call,
                                           credential_refusal_of(CREDENTIAL_REFUSAL_CHANGE_PENDING),
                                           NULL, 0);
                                return false;
                        }
                        continue;
                }
                if (!attempt_is_lost(command)) return true;
                if (!attempt_end(command)) return false;
        }
}

static void fill_facts(credential_command *command)
{
        const service_call *state = service_call_of(command->call);
        bool changes = command->operation == CREDENTIAL_OPERATION_CHANGE;
        command->facts = (credential_facts){
                .credential = command->record,
                .card = command->card->state,
                .knobs = region_credential_knobs(rpc_call_arena(command->call), state->pack),
                .caller = &state->who,
                .evidence = command->evidence,
                .outlet_authorised =
                        changes ? pack_outlet_is_authorised(state->pack, state->who.outlet,
                                                            state->who.channel, "ChangePin")
                                : POLICY_UNKNOWN,
                .now_ms = state->now_ms};
}

bool credential_command_load(credential_command *command)
{
        rpc_call *call = command->call;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        if (!service_check_part(call, "cards", "credential")) return false;
        ulid card = service_call_of(call)->name.id, holder = {0};
        if (!find_holder(command, card, &holder)) return false;
        service_call_saw(call, ulid_part(holder), holder);
        if (!load_pins(command, holder) || !load_cards(command, holder, card)) return false;
        bytes hash = bytes_of(command->cards.person.identity_hash.bytes, DIGEST_BYTES);
        if (!service_check_access(call, hash, command->card->bank)) return false;
        fill_facts(command);
        return service_check_etag(call, (int64_t)command->record->version);
}

/* ---- decide ---- */

rpc_error credential_command_error(credential_command *command)
{
        arena *a = rpc_call_arena(command->call);
        policy_detail *view = arena_alloc(a, POLICY_DETAILS_MAX * sizeof *view);
        size_t count = policy_details_view(&command->verdict.details, view, POLICY_DETAILS_MAX);
        return rpc_error_of_refusal(command->verdict.refusal, view, count);
}

void credential_command_refuse(credential_command *command)
{
        rpc_error error = credential_command_error(command);
        rpc_reply_error(command->call, &error);
}

bool credential_command_check(credential_command *command)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        if (!credential_command_load(command)) return false;
        credential_rules_check(&command->facts, command->operation, &command->verdict);
        if (!command->verdict.refusal) return true;
        credential_command_refuse(command);
        return false;
}

/* ---- commit ---- */

change_set credential_changes(arena *a, const char *region, ulid holder,
                              const credential_record *before, const credential_record *after,
                              const credential_row *row, const char *event)
{
        change_set changes = change_set_begin(a);
        credential_change *records = arena_alloc(a, 2 * sizeof *records);
        records[0] = (credential_change){.holder = holder, .record = before, .row = row};
        records[1] = (credential_change){.holder = holder, .record = after, .row = row};
        change c = {.kind = &CREDENTIAL_CHANGE_KIND,
                    .name = credential_name(a, region, after->card),
                    .id = after->card,
                    .version = (int64_t)after->version,
                    .event = event,
                    .before = before->state == CREDENTIAL_NONE ? NULL : &records[0],
                    .after = &records[1]};
        change_set_add(&changes, &c);
        return changes;
}

bytes credential_record_after(arena *a, const credential_holder *holder,
                              const credential_record *after)
{
        credential_holder *copy = arena_alloc(a, sizeof *copy);
        *copy = *holder;
        int index = credential_find(copy, after->card);
        if (index < 0) {
                assert(copy->count < CREDENTIALS_MAX);
                index = copy->count++;
        }
        copy->items[index] = *after;
        return credential_holder_pack(a, copy);
}

service_write_verdict credential_command_write(credential_command *command,
                                               const credential_outcome *outcome, int attempt)
{
        rpc_call *call = command->call;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        arena *a = rpc_call_arena(call);
        const credential_loaded *loaded = &command->loaded;
        change_set changes =
                credential_changes(a, command->app->instance->directory.region, loaded->holder.id,
                                   command->record, outcome->after, outcome->row, outcome->event);
        service_write write = {.part = ulid_part(loaded->holder.id),
                               .holder = loaded->holder.id,
                               .holder_version = loaded->version,
                               .holder_is_new = !loaded->exists,
                               .changes = &changes,
                               .reply = outcome->reply,
                               .kept = outcome->kept,
                               .refusal = outcome->refusal,
                               .case_is_open = outcome->case_is_open};
        if (!outcome->case_is_open)
                write.record = credential_record_after(a, &loaded->holder, outcome->after);
        write.evidence = evidence_packed(call, &write.evidence_count);
        return service_write_commit(call, &write, attempt);
}
