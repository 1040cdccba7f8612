/* ImportHolders: persons and cards of an older system, old dates and legacy duplicates included.
 * Each holder is a transaction and an idempotency key of its own, so a repeat goes on where the
 * first attempt stopped. */
#include "common/service/message.h"
#include "services/card/handlers/card_changes.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/handlers/claim.h"
#include "services/card/handlers/command.h"
#include "services/card/handlers/evidence.h"
#include "services/card/handlers/import_check.h"
#include "services/card/rules/card_invariants.h"

#include "sscard/card/v1/card_service.pb-c.h"

#include <stdlib.h>
#include <string.h>

enum { HOLDERS_MAX = 500 };

bool import_holders_part_of(rpc_call *call, const ProtobufCMessage *message, uint8_t *part)
{
        (void)call;
        (void)message;
        *part = 0; /* of the call itself; each holder has a part and a key of its own */
        return true;
}

/* One holder of the batch. The large parts serve all of them, one after the other. */
typedef struct import_item {
        const Card__ImportedHolder *message;
        size_t index;
        uint8_t part;
        card_command *command;
        card_holder *import;
        holder_record *after;
        Card__ImportVerdict *verdict;
} import_item;

static void refuse_item(rpc_call *call, import_item *item, const rpc_error *error)
{
        item->verdict->outcome = CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_REFUSED;
        item->verdict->error = rpc_error_status(call, error);
}

static void refuse_by_rule(rpc_call *call, import_item *item, const policy_refusal *refusal)
{
        rpc_error error = rpc_error_of_refusal(refusal, NULL, 0);
        refuse_item(call, item, &error);
}

static void refuse_field(rpc_call *call, import_item *item, const rpc_error_violation *violation)
{
        rpc_error error = {.status = FAILURE_INVALID_ARGUMENT,
                           .reason = violation->reason,
                           .message = violation->description,
                           .violations = {*violation},
                           .violation_count = 1};
        refuse_item(call, item, &error);
}

static void refuse_reuse(rpc_call *call, import_item *item)
{
        rpc_error error = {.status = FAILURE_ALREADY_EXISTS,
                           .reason = "REQUEST_ID_REUSED",
                           .message = "this request_id was used with another person here",
                           .rule = "S1"};
        refuse_item(call, item, &error);
}

/* ---- from the message to the rules' values ---- */

static card_state state_of(const Card__ImportedCard *card)
{
        bool collected = card->delivery_state == CARD__DELIVERY_STATE__DELIVERY_STATE_COLLECTED;
        switch (card->state) {
        case CARD__CARD_STATE__CARD_STATE_REQUESTED:
                return CARD_REQUESTED;
        case CARD__CARD_STATE__CARD_STATE_PRODUCING:
                return CARD_PRODUCING;
        case CARD__CARD_STATE__CARD_STATE_ARCHIVED:
                return collected ? CARD_ARCHIVED_COLLECTED : CARD_ARCHIVED_UNCOLLECTED;
        case CARD__CARD_STATE__CARD_STATE_NORMAL:
                return CARD_NORMAL;
        case CARD__CARD_STATE__CARD_STATE_TEMP_LOST:
                return CARD_TEMP_LOST;
        case CARD__CARD_STATE__CARD_STATE_LOST:
                return CARD_LOST;
        case CARD__CARD_STATE__CARD_STATE_CANCELLED:
                return CARD_CANCELLED;
        case CARD__CARD_STATE__CARD_STATE_WITHDRAWN:
                return CARD_WITHDRAWN;
        default:
                return CARD_STATE_NONE;
        }
}

static card_state prior_of(Card__CardState prior)
{
        if (prior == CARD__CARD_STATE__CARD_STATE_ARCHIVED) return CARD_ARCHIVED_COLLECTED;
        return prior == CARD__CARD_STATE__CARD_STATE_NORMAL ? CARD_NORMAL : CARD_STATE_NONE;
}

static int64_t ms_of(const Google__Protobuf__Timestamp *at)
{
        int64_t unix_ms;
        return message_instant_read(at, &unix_ms) ? unix_ms : 0;
}

static bool fill_card(const Card__ImportedCard *message, card_record *card)
{
        *card = (card_record){.state = state_of(message),
                              .prior = prior_of(message->prior),
                              .temp_loss_until_ms = ms_of(message->temp_loss_until),
                              .cancel_reason = (card_cancel_reason)message->cancel_reason,
                              .apply_reason = CARD_APPLY_FIRST,
                              .legacy_duplicate = message->legacy_duplicate,
                              .fulfilment = (card_fulfilment)message->fulfilment,
                              .requested_at_ms = ms_of(message->requested_at),
                              .number = message->card_number,
                              .bank = message->bank_code,
                              .outlet = message->delivery_outlet};
        if (message->delivery_state == CARD__DELIVERY_STATE__DELIVERY_STATE_IN_MAIL)
                card->fulfilment = CARD_FULFILMENT_MAIL;
        if (message->chip) {
                card->chip_id = message->chip->chip_id;
                card->chip_model = message->chip->model;
                card->chip_key_batch = message->chip->key_batch;
                card->chip_key_origin = (int)message->chip->key_origin;
        }
        if (message->consent) {
                card->consent = (card_consent){.at_ms = ms_of(message->consent->given_at),
                                               .given_by = (policy_role)message->consent->given_by,
                                               .channel = (policy_channel)message->consent->channel,
                                               .statement = message->consent->statement};
        }
        return message_date_read(message->issued_on, &card->issued_on) &&
               message_date_read(message->expires_on, &card->expires_on);
}

static bool fill_person(rpc_call *call, import_item *item, person_record *person)
{
        const Card__ImportedHolder *message = item->message;
        const service_call *state = service_call_of(call);
        card_person *facts = &person->person;
        identity_fault fault =
                identity_number_check(message->identity_number, strlen(message->identity_number),
                                      civil_date_at(state->now_ms), &facts->born_on);
        if (fault != IDENTITY_VALID) {
                refuse_by_rule(call, item, card_refusal_of_identity(fault));
                return false;
        }
        if (!message_date_read(message->died_on, &facts->died_on) ||
            civil_date_compare(facts->died_on, civil_date_at(state->now_ms)) > 0) {
                refuse_by_rule(call, item, card_refusal_of(CARD_REFUSAL_DATE_IMPOSSIBLE));
                return false;
        }
        if (message->entitlement) {
                facts->entitlement = (card_entitlement)message->entitlement->standing;
                facts->entitlement_as_of_ms = ms_of(message->entitlement->as_of);
                assert(message->entitlement->n_kinds <= ENTITLEMENT_KINDS_MAX); /* import_check() */
                for (size_t i = 0; i < message->entitlement->n_kinds; i++)
                        person->entitlement_kinds[person->entitlement_kind_count++] =
                                message->entitlement->kinds[i];
        }
        person->identity_hash = service_lookup_hash(state->instance, message->identity_number);
        person->secret = (person_private){message->identity_number, message->person_name,
                                          message->phone, message->photo_reference};
        person->opened = true;
        item->part = service_part_of_text(state->instance, message->identity_number);
        return true;
}

static bool fill_import(rpc_call *call, import_item *item)
{
        const service_call *state = service_call_of(call);
        random_source *random = loop_random(state->instance->seams.loop);
        if (item->message->n_cards > CARD_CARDS_MAX) {
                refuse_by_rule(call, item, card_refusal_of(CARD_REFUSAL_TOO_MANY_CARDS));
                return false;
        }
        item->import->card_count = (uint8_t)item->message->n_cards;
        for (size_t i = 0; i < item->message->n_cards; i++) {
                card_record *card = &item->import->cards[i];
                if (!fill_card(item->message->cards[i], card)) {
                        refuse_by_rule(call, item,
                                       card_refusal_of(CARD_REFUSAL_IMPORT_INCONSISTENT));
                        return false;
                }
                card->id = ulid_new(state->now_ms, random, item->part);
                card->scope = state->instance->directory.region;
        }
        return true;
}

/* ---- load, decide, claim, commit ---- */

static bool load(card_command *command, uint8_t part)
{
        task *t = rpc_call_task(command->call);
        ulid holder;
        bool found = false;
        if (!card_store_find_by_identity(t, &command->app->store, part,
                                         &command->person.identity_hash, &holder, &found))
                return false;
        command->holder_is_new = !found;
        if (!found) {
                command->loaded = (card_loaded){.record = {.holder = {.id = command->person.holder},
                                                           .person = command->person}};
                return true;
        }
        command->loaded = (card_loaded){0};
        if (!card_store_load(t, &command->app->store, part, holder, &command->loaded, &found))
                return false;
        command->person = command->loaded.record.person;
        return true;
}

/* Numbers and chips of cards that would be made. `*granted` false: somebody else has one. */
static bool claim(card_command *command, bool *granted)
{
        *granted = true;
        ulid holder = command->verdict.after.id;
        for (uint8_t i = 0; i < command->verdict.changes.count && *granted; i++) {
                const card_record *card = &command->verdict.changes.items[i].after;
                if (*card->number &&
                    !card_claim_text(command, "number", card->number, card->id, holder, granted))
                        return false;
                if (*granted && *card->chip_id &&
                    !card_claim_text(command, "chip", card->chip_id, card->id, holder, granted))
                        return false;
        }
        return true;
}

static idempotency_key key_of(rpc_call *call, const import_item *item)
{
        const service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        idempotency_key key = state->key;
        key.part = item->part;
        key.request_id = arena_format(a, "%s/%zu", state->context.request_id, item->index);
        size_t size = protobuf_c_message_get_packed_size(&item->message->base);
        uint8_t *packed = arena_alloc(a, size + 1);
        protobuf_c_message_pack(&item->message->base, packed);
        if (!idempotency_hash_request(state->instance->commit, bytes_of(packed, size),
                                      key.request_hash))
                abort();
        return key;
}

static void fill_names(rpc_call *call, const import_item *item, const card_verdict *verdict)
{
        arena *a = rpc_call_arena(call);
        const char *region = service_call_of(call)->instance->directory.region;
        const char **cards = arena_alloc(a, (CARD_CARDS_MAX + 1) * sizeof *cards);
        size_t count = 0;
        for (uint8_t i = 0; i < verdict->after.card_count; i++)
                cards[count++] =
                        resource_name_format(a, region, "cards", verdict->after.cards[i].id);
        item->verdict->holder = resource_name_format(a, region, "holders", verdict->after.id);
        item->verdict->cards = (__typeof__(item->verdict->cards))cards;
        item->verdict->n_cards = count;
}

static commit_outcome commit(rpc_call *call, import_item *item, commit_answer *first)
{
        card_command *command = item->command;
        const service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        change_set changes = change_set_begin(a);
        command->person.person = command->verdict.after.person;
        command->person.holder = command->verdict.after.id;
        card_command_changes(command, &changes);
        idempotency_key key = key_of(call, item);
        commit_origin origin = {.caller = state->caller_key,
                                .caller_role = policy_role_name(state->who.role),
                                .actor_role = "NONE",
                                .channel = policy_channel_name(state->who.channel),
                                .outlet = state->who.outlet,
                                .operator_id = state->who.operator_id,
                                .note = state->context.note,
                                .case_reference = state->context.case_reference,
                                .method = key.method,
                                .request_id = key.request_id,
                                .pack_version = pack_version(state->pack)};
        item->after->holder = command->verdict.after;
        item->after->person = command->person;
        commit_request request = {
                .part = item->part,
                .holder = command->verdict.after.id,
                .holder_version = command->loaded.version,
                .holder_is_new = command->holder_is_new,
                .changes = &changes,
                .origin = &origin,
                .key = state->context.validate_only ? NULL : &key,
                .record = holder_record_pack(&command->app->store.keys, a, item->after),
                .validate_only = state->context.validate_only,
                .queue_more = card_leavers_queue,
                .argument = &command->verdict};
        return commit_apply(rpc_call_task(call), state->instance->commit, &request, first);
}

/* False: the task failed; the whole call ends with that failure. */
static bool decide_and_commit(rpc_call *call, import_item *item, bool *again)
{
        card_command *command = item->command;
        bool granted = true;
        *again = false;
        if (!load(command, item->part)) return false;
        command->facts.holder = &command->loaded.record.holder;
        card_rules_import(&command->facts, item->import, &command->verdict);
        if (!card_verdict_is_refused(&command->verdict) && !claim(command, &granted)) return false;
        if (card_verdict_is_refused(&command->verdict) || !granted) {
                refuse_by_rule(call, item,
                               granted ? &command->verdict.refusal
                                       : card_refusal_of(CARD_REFUSAL_CARD_NUMBER_IN_USE));
                return true;
        }
        fill_names(call, item, &command->verdict);
        item->verdict->outcome = CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_UNCHANGED;
        if (!command->verdict.changed) return true;
        commit_answer first;
        switch (commit(call, item, &first)) {
        case COMMIT_COMMITTED:
        case COMMIT_PREVIEWED:
                item->verdict->outcome = CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED;
                return true;
        case COMMIT_CONFLICT:
        case COMMIT_REPEATED:
                *again = true; /* it is there now: look again */
                return true;
        case COMMIT_REQUEST_ID_REUSED:
                refuse_reuse(call, item);
                return true;
        case COMMIT_UNAVAILABLE:
                break;
        }
        return task_fail(rpc_call_task(call), FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                         "the import stopped; repeat it under the same request_id");
}

static bool import_one(rpc_call *call, import_item *item)
{
        const service_call *state = service_call_of(call);
        memset(item->command, 0, sizeof *item->command);
        memset(item->import, 0, sizeof *item->import);
        item->command->call = call;
        item->command->app = service_call_app(call);
        card_facts_fill(call, &item->command->event, &item->command->facts);
        person_record person = {0};
        rpc_error_violation violation;
        if (!import_check(rpc_call_arena(call), item->message, item->index, &violation)) {
                refuse_field(call, item, &violation);
                return true;
        }
        if (!fill_person(call, item, &person)) return true;
        person.holder =
                ulid_new(state->now_ms, loop_random(state->instance->seams.loop), item->part);
        item->import->id = person.holder;
        item->import->person = person.person;
        if (!fill_import(call, item)) return true;
        for (int attempt = 1; attempt <= COMMIT_TRIES_MAX; attempt++) {
                bool again = false;
                item->command->person = person;
                if (!decide_and_commit(call, item, &again)) return false;
                if (!again) return true;
        }
        refuse_by_rule(call, item, card_refusal_of(CARD_REFUSAL_VERSION_CONFLICT));
        return true;
}

static void count(Card__ImportHoldersResponse *response, const Card__ImportVerdict *verdict)
{
        switch (verdict->outcome) {
        case CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_IMPORTED:
                response->imported_count++;
                break;
        case CARD__IMPORT_OUTCOME__IMPORT_OUTCOME_UNCHANGED:
                response->unchanged_count++;
                break;
        default:
                response->refused_count++;
        }
}

void handle_import_holders(rpc_call *call, const ProtobufCMessage *message)
{
        const Card__ImportHoldersRequest *request = (const Card__ImportHoldersRequest *)message;
        arena *a = rpc_call_arena(call);
        if (!service_check_collection(call, "")) return;
        if (request->n_holders == 0 || request->n_holders > HOLDERS_MAX) {
                rpc_reply_invalid(call, "holders", "TOO_MANY_HOLDERS", NULL,
                                  "holders must have 1 to %d items", HOLDERS_MAX);
                return;
        }
        Card__ImportHoldersResponse response = CARD__IMPORT_HOLDERS_RESPONSE__INIT;
        response.verdicts = arena_alloc(a, request->n_holders * sizeof *response.verdicts);
        import_item item = {.command = arena_alloc(a, sizeof *item.command),
                            .import = arena_alloc(a, sizeof *item.import),
                            .after = arena_alloc(a, sizeof *item.after)};
        for (size_t i = 0; i < request->n_holders; i++) {
                Card__ImportVerdict *verdict = arena_alloc(a, sizeof *verdict);
                card__import_verdict__init(verdict);
                verdict->index = (int32_t)i;
                item.message = request->holders[i];
                item.index = i;
                item.verdict = verdict;
                if (!import_one(call, &item)) return;
                response.verdicts[response.n_verdicts++] = verdict;
                count(&response, verdict);
        }
        service_write_unchanged(call, (ulid){0}, &response.base); /* S1: the verdicts are kept */
}
