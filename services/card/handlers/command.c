/* Load, decide, commit, reply. Must never keep anything of an attempt for the next one but the
 * event: after a conflict everything is read anew. */
#include "services/card/handlers/command.h"

#include "common/service/approval.h"
#include "services/card/handlers/card_changes.h"
#include "services/card/handlers/card_result.h"
#include "services/card/handlers/evidence.h"
#include "services/card/rules/card_invariants.h"
#include "services/region/region_card.h"
#include "services/region/region_knobs.h"

#include <string.h>

card_command *card_command_begin(rpc_call *call, card_operation operation)
{
        card_command *command = arena_zalloc(rpc_call_arena(call), sizeof *command);
        command->call = call;
        command->app = service_call_app(call);
        command->event.operation = operation;
        if (!evidence_read(call, &command->event.evidence)) return NULL;
        return command;
}

/* ---- load ---- */

void card_answer_not_found(rpc_call *call)
{
        rpc_refuse(call, card_refusal_of(CARD_REFUSAL_CARD_NOT_FOUND), NULL, 0);
}

/* `card`: one that must be there, even if it has left the record; NULL: none. */
static bool load_holder(card_command *command, ulid holder, const ulid *card)
{
        task *t = rpc_call_task(command->call);
        const card_store *store = &command->app->store;
        bool found = false;
        if (!(card ? card_store_load_with(t, store, holder, *card, &command->loaded, &found)
                   : card_store_load(t, store, ulid_part(holder), holder, &command->loaded,
                                     &found)))
                return false; /* the pipeline answers with the task's failure */
        if (!found) {
                card_answer_not_found(command->call);
                return false;
        }
        assert(card_invariants_hold(&command->loaded.record.holder));
        command->person = command->loaded.record.person;
        command->holder_is_new = false;
        service_call_saw(command->call, ulid_part(holder), holder);
        return true;
}

static bool load_by_card(card_command *command, ulid card)
{
        ulid holder;
        bool found = false;
        task *t = rpc_call_task(command->call);
        if (!card_store_find_by_card(t, &command->app->store, card, &holder, &found)) return false;
        if (found) return load_holder(command, holder, &card);
        card_answer_not_found(command->call);
        return false;
}

/* ---- decide ---- */

void card_facts_fill(rpc_call *call, const card_event *event, card_facts *facts)
{
        const service_call *state = service_call_of(call);
        *facts = (card_facts){.knobs = region_card_knobs(rpc_call_arena(call), state->pack),
                              .caller = &state->who,
                              .now_ms = state->now_ms,
                              .region = state->instance->directory.region,
                              /* Nobody asks other regions: what they have is not known (S5). */
                              .other_regions = POLICY_UNKNOWN};
        region_card_outlets(state->pack, event->operation, event->outlet, facts);
}

void card_command_refuse(rpc_call *call, const card_verdict *verdict)
{
        policy_detail view[POLICY_DETAILS_MAX + 1];
        size_t count = policy_details_view(&verdict->details, view, POLICY_DETAILS_MAX);
        if (verdict->code == CARD_REFUSAL_SECOND_PERSON_REQUIRED)
                view[count++] = (policy_detail){"request_hash", approval_request_hash_text(call)};
        rpc_refuse(call, &verdict->refusal, view, count);
}

static bool check_owner(card_command *command, const card_record *card)
{
        bytes hash = bytes_of(command->person.identity_hash.bytes, DIGEST_BYTES);
        return service_check_access(command->call, hash, card ? card->bank : NULL);
}

static void keep_refusal(card_command *command)
{
        policy_detail view[POLICY_DETAILS_MAX];
        size_t count = policy_details_view(&command->verdict.details, view, POLICY_DETAILS_MAX);
        rpc_error error = rpc_error_of_refusal(&command->verdict.refusal, view, count);
        service_write_refused(command->call, command->loaded.record.holder.id, &error);
}

static bool decide(card_command *command)
{
        command->facts.holder = &command->loaded.record.holder;
        card_rules_apply(&command->facts, &command->event, &command->verdict);
        if (command->claim && !card_verdict_is_refused(&command->verdict) &&
            command->verdict.changed) {
                if (!command->claim(command)) return false;
                card_rules_apply(&command->facts, &command->event, &command->verdict);
        }
        if (!card_verdict_is_refused(&command->verdict)) return true;
        if (command->keeps_refusals)
                keep_refusal(command);
        else
                card_command_refuse(command->call, &command->verdict);
        return false;
}

/* ---- commit ---- */

static const person_row_change *person_row_of(const card_command *command, arena *a,
                                              const person_record *person)
{
        person_row_change *row = arena_alloc(a, sizeof *row);
        *row = (person_row_change){.keys = &command->app->store.keys, .person = person};
        return row;
}

const char *card_command_person_event(const card_command *command)
{
        if (command->verdict.person_event) return command->verdict.person_event;
        return command->holder_is_new ? "person.registered" : "person.data_changed";
}

static void add_person(const card_command *command, change_set *changes)
{
        arena *a = changes->arena;
        const person_record *before = &command->loaded.record.person;
        change c = {.kind = &PERSON_CHANGE_KIND,
                    .name = resource_name_format(a, command->app->instance->directory.region,
                                                 "holders", command->verdict.after.id),
                    .id = command->verdict.after.id,
                    .version = (int64_t)command->person.person.version,
                    .event = card_command_person_event(command),
                    .before = command->holder_is_new ? NULL : person_row_of(command, a, before),
                    .after = person_row_of(command, a, &command->person)};
        change_set_add(changes, &c);
}

void card_command_changes(const card_command *command, change_set *changes)
{
        card_changes_add(changes, &command->app->store.keys,
                         command->app->instance->directory.region, command->verdict.after.id,
                         &command->verdict.changes);
        if (command->holder_is_new || command->verdict.person_changed ||
            command->person_data_changed)
                add_person(command, changes);
}

/* What rules never see of a person, once they have said yes. */
static void take_over_person_data(card_command *command)
{
        person_record *person = &command->person;
        command->person_data_changed = false;
        if (!command->verdict.changed) return;
        if (command->new_name && strcmp(person->secret.name, command->new_name) != 0) {
                person->secret.name = command->new_name;
                command->person_data_changed = true;
        }
        if (command->new_photo && strcmp(person->secret.photo, command->new_photo) != 0) {
                person->secret.photo = command->new_photo;
                command->person_data_changed = true;
        }
        if (!command->new_kinds) return;
        memcpy(person->entitlement_kinds, command->new_kinds->entitlement_kinds,
               sizeof person->entitlement_kinds);
        person->entitlement_kind_count = command->new_kinds->entitlement_kind_count;
}

/* What the rules say of the person, and what they never see of them. */
static void settle_person(card_command *command)
{
        uint64_t version = command->verdict.after.person.version;
        bool by_rules = command->verdict.person_changed;
        command->person.person = command->verdict.after.person;
        if (command->holder_is_new)
                version = 1;
        else if (command->person_data_changed && !by_rules)
                version++;
        command->person.person.version = version;
}

static service_write_verdict commit(card_command *command, int attempt)
{
        rpc_call *call = command->call;
        arena *a = rpc_call_arena(call);
        settle_person(command);
        change_set changes = change_set_begin(a);
        card_command_changes(command, &changes);
        holder_record after = {.holder = command->verdict.after, .person = command->person};
        service_write write = {.part = ulid_part(command->verdict.after.id),
                               .holder = command->verdict.after.id,
                               .holder_version = command->loaded.version,
                               .holder_is_new = command->holder_is_new,
                               .changes = &changes,
                               .reply = card_result_message(command),
                               .record = holder_record_pack(&command->app->store.keys, a, &after)};
        if (command->verdict.leaver_count > 0) {
                write.queue_more = card_leavers_queue;
                write.argument = &command->verdict;
        }
        assert(card_invariants_hold(&command->verdict.after));
        write.evidence = evidence_packed(call, &write.evidence_count);
        return service_write_commit(call, &write, attempt);
}

/* ---- the way ---- */

typedef bool load_function(card_command *command);

static bool load_named_card(card_command *command)
{
        ulid card = service_call_of(command->call)->name.id;
        if (!load_by_card(command, card)) return false;
        int index = card_holder_find(&command->loaded.record.holder, card);
        assert(index >= 0);
        const card_record *record = &command->loaded.record.holder.cards[index];
        command->event.card = card;
        return check_owner(command, record) &&
               service_check_etag(command->call, (int64_t)record->version);
}

static bool load_named_holder(card_command *command)
{
        if (!load_holder(command, service_call_of(command->call)->name.id, NULL)) return false;
        return check_owner(command, NULL) &&
               service_check_etag(command->call, (int64_t)command->person.person.version);
}

static void run(card_command *command, load_function *load)
{
        card_facts_fill(command->call, &command->event, &command->facts);
        for (int attempt = 1;; attempt++) {
                if (!load(command) || !decide(command)) return;
                take_over_person_data(command);
                bool writes = command->verdict.changed || command->person_data_changed ||
                              command->verdict.changes.count > 0;
                if (!writes) {
                        settle_person(command);
                        service_write_unchanged(command->call, command->verdict.after.id,
                                                card_result_message(command));
                        return;
                }
                if (commit(command, attempt) == SERVICE_WRITE_ANSWERED) return;
        }
}

void card_command_run_on_card(card_command *command)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        if (service_check_collection(command->call, "cards")) run(command, load_named_card);
}

void card_command_run_on_holder(card_command *command)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        if (service_check_collection(command->call, "holders")) run(command, load_named_holder);
}

static bool load_by_identity(card_command *command)
{
        task *t = rpc_call_task(command->call);
        const service_call *state = service_call_of(command->call);
        ulid holder;
        bool found = false;
        if (!card_store_find_by_identity(t, &command->app->store, state->part,
                                         &command->person.identity_hash, &holder, &found))
                return false;
        if (found) return load_holder(command, holder, NULL) && check_owner(command, NULL);
        command->holder_is_new = true;
        command->loaded = (card_loaded){
                .record = {.holder = {.id = command->person.holder}, .person = command->person}};
        command->loaded.record.holder.person = command->person.person;
        return check_owner(command, NULL);
}

void card_command_run_on_person(card_command *command, const person_record *person)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        command->person = *person;
        run(command, load_by_identity);
}
