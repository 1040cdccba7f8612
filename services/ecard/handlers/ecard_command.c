/* Load, decide, commit, reply. Must never keep anything of an attempt for the next one but the
 * event: after a conflict everything is read anew, the card's record too. */
#include "services/ecard/handlers/ecard_command.h"

#include "common/service/message.h"
#include "common/service/record_service.h"
#include "common/service/request.h"
#include "services/card/rules/card_settle.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/ecard_session.h"
#include "services/ecard/handlers/owners.h"
#include "services/region/region_knobs.h"

#include <stddef.h>
#include <string.h>

static bool refuse_name(rpc_call *call)
{
        rpc_reply_invalid(call, "name", "RESOURCE_NAME_INVALID", NULL,
                          "name must be regions/{region}/holders/{id}/ecard");
        return false;
}

static bool check_name(rpc_call *call)
{
        const service_call *state = service_call_of(call);
        const char *rest = state->name.rest;
        if (state->has_name && strcmp(state->name.collection, "holders") == 0 &&
            state->name.has_id &&
            (strcmp(rest, "ecard") == 0 || strncmp(rest, "ecard/grants/", 13) == 0))
                return true;
        return refuse_name(call);
}

static void prepare(ecard_command *command, rpc_call *call, ecard_operation operation, ulid holder)
{
        memset(command, 0, offsetof(ecard_command, facts));
        command->call = call;
        command->app = service_call_app(call);
        command->holder = holder;
        command->session = "";
        command->event.operation = operation;
        command->event.service.code = "";
        command->event.channel = service_call_of(call)->who.channel;
        command->reply = ecard_result_message;
}

ecard_command *ecard_command_about(rpc_call *call, ecard_operation operation, ulid holder)
{
        ecard_command *command = arena_zalloc(rpc_call_arena(call), sizeof *command);
        prepare(command, call, operation, holder);
        return command;
}

bool ecard_command_open(ecard_command *command, rpc_call *call, ecard_operation operation)
{
        if (!check_name(call)) return false;
        prepare(command, call, operation, service_call_of(call)->name.id);
        return true;
}

ecard_command *ecard_command_begin(rpc_call *call, ecard_operation operation)
{
        if (!check_name(call)) return NULL;
        return ecard_command_about(call, operation, service_call_of(call)->name.id);
}

bool ecard_check_strong(rpc_call *call)
{
        if (service_call_of(call)->context.max_staleness_ms == 0) return true;
        rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_STALENESS_NOT_ALLOWED), NULL, 0);
        return false;
}

/* ---- load ---- */

static bool read_card_record(ecard_command *command, const record_look *look)
{
        task *t = rpc_call_task(command->call);
        const keyring *ring = command->with_secrets ? command->app->store.keys.ring : NULL;
        if (look->finding == RECORD_NOT_FOUND) {
                rpc_refuse(command->call, ecard_refusal_of(ECARD_REFUSAL_HOLDER_NOT_FOUND), NULL,
                           0);
                return false;
        }
        if (look->finding != RECORD_FOUND) {
                service_answer_owner_away(command->call, "card", look->finding);
                return false;
        }
        if (!holder_record_unpack(ring, &t->arena, look->packed, &command->record, &t->failure))
                return false;
        card_settle(&command->record.holder, service_call_of(command->call)->now_ms);
        return true;
}

static void fill_facts(ecard_command *command)
{
        const service_call *state = service_call_of(command->call);
        const ecard_app *app = command->app;
        int64_t wall_ms = clock_wall_ms(app->store.clock);
        arena *a = rpc_call_arena(command->call);
        command->facts = (ecard_facts){.holder = &command->record.holder,
                                       .ecard = &command->loaded.row.ecard,
                                       .lock = {.locked = POLICY_NO},
                                       .bank_active = POLICY_NO,
                                       .knobs = region_ecard_knobs(a, state->pack),
                                       .card_knobs = region_card_knobs(a, state->pack),
                                       .caller = &state->who,
                                       .now_ms = state->now_ms,
                                       .wall_ms = wall_ms,
                                       .region = app->instance->directory.region,
                                       .session = ecard_session_check(app, command->session,
                                                                      &command->loaded.row.ecard,
                                                                      wall_ms, NULL)};
}

/* Only where it matters: AuthorizeService asks for little else than the gate. */
static bool read_owners(ecard_command *command, const record_look *looks)
{
        const ecard_record *ecard = &command->loaded.row.ecard;
        const card_holder *holder = &command->record.holder;
        int current = ecard_current_card(holder, ecard);
        const card_record *card = current >= 0 ? &holder->cards[current] : NULL;
        if (card && card->state == CARD_NORMAL &&
            !owners_lock(rpc_call_task(command->call), &looks[OWNER_CREDENTIAL], card,
                         &command->facts.lock))
                return false;
        if (!command->wants_bank && ecard->level != ECARD_L2) return true;
        return owners_bank_active(rpc_call_task(command->call), &looks[OWNER_BANK], card,
                                  &command->facts.bank_active);
}

bool ecard_command_load(ecard_command *command)
{
        rpc_call *call = command->call;
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        ecard_app *app = command->app;
        record_look looks[SERVICE_PEERS_MAX];
        service_call_saw(call, ulid_part(command->holder), command->holder);
        if (!record_look_up(t, app->instance, ulid_part(command->holder), command->holder, 0,
                            looks) ||
            !read_card_record(command, &looks[OWNER_CARD]))
                return false;
        bytes hash = bytes_of(command->record.person.identity_hash.bytes, DIGEST_BYTES);
        if (!service_check_access(call, hash, NULL)) return false;
        /* What is written again must be whole. */
        bool whole = command->with_secrets || rpc_call_method(call)->kind == RPC_MUTATION;
        if (!ecard_store_load(t, &app->store, command->holder, whole, &command->loaded))
                return false;
        fill_facts(command);
        return read_owners(command, looks);
}

ecard_service ecard_command_service(rpc_call *call, const char *code)
{
        return ecard_service_of(code, pack_service_is_public(service_call_of(call)->pack, code));
}

/* ---- decide ---- */

void ecard_command_refuse(ecard_command *command)
{
        policy_detail view[POLICY_DETAILS_MAX];
        size_t count = policy_details_view(&command->verdict.details, view, POLICY_DETAILS_MAX);
        rpc_refuse(command->call, &command->verdict.refusal, view, count);
}

void ecard_answer_gate_unknown(rpc_call *call)
{
        service_answer_owner_away(call, "credential", RECORD_UNKNOWN);
}

static bool asks_the_gate(ecard_operation operation)
{
        return operation == ECARD_OPERATION_ISSUE || operation == ECARD_OPERATION_BIND ||
               operation == ECARD_OPERATION_GRANT || operation == ECARD_OPERATION_PRESENT_CODE ||
               operation == ECARD_OPERATION_TAKE_CODE;
}

static bool knows_bank(ecard_command *command)
{
        if (!command->wants_bank || command->facts.bank_active != POLICY_UNKNOWN) return true;
        service_answer_owner_away(command->call, "bank", RECORD_UNKNOWN);
        return false;
}

bool ecard_command_decide(ecard_command *command)
{
        if (!knows_bank(command)) return false;
        ecard_rules_apply(&command->facts, &command->event, &command->verdict);
        if (ecard_verdict_is_refused(&command->verdict)) {
                ecard_command_refuse(command);
                return false;
        }
        if (command->verdict.view.gate == ECARD_GATE_UNKNOWN &&
            asks_the_gate(command->event.operation)) {
                ecard_answer_gate_unknown(command->call);
                return false;
        }
        return true;
}

/* ---- commit ---- */

static const ecard_row *row_with(const ecard_command *command, const ecard_record *record)
{
        ecard_row *row = arena_alloc(rpc_call_arena(command->call), sizeof *row);
        *row = command->loaded.row;
        row->ecard = *record;
        return row;
}

const ecard_row *ecard_command_row_after(const ecard_command *command)
{
        ecard_row *row = arena_alloc(rpc_call_arena(command->call), sizeof *row);
        *row = *row_with(command, &command->verdict.after);
        if (command->new_hash) row->password_hash = command->new_hash;
        if (command->new_photo) row->photo = command->new_photo;
        return row;
}

static const ecard_row_change *row_change(const ecard_command *command, const ecard_row *row)
{
        ecard_row_change *change = arena_alloc(rpc_call_arena(command->call), sizeof *change);
        *change = (ecard_row_change){.keys = &command->app->store.keys, .row = row};
        return change;
}

static void add_change(const ecard_command *command, change_set *changes, const char *event,
                       const ecard_row *before, const ecard_row *after)
{
        change c = {.kind = &ECARD_CHANGE_KIND,
                    .name = ecard_name(command->call, command->holder),
                    .id = command->holder,
                    .version = (int64_t)after->ecard.version,
                    .event = event,
                    .before = before ? row_change(command, before) : NULL,
                    .after = row_change(command, after)};
        change_set_add(changes, &c);
}

void ecard_command_changes(const ecard_command *command, change_set *changes)
{
        const ecard_verdict *verdict = &command->verdict;
        const ecard_row *before = command->loaded.is_new ? NULL : &command->loaded.row;
        if (verdict->settlement) {
                const ecard_row *settled = row_with(command, &verdict->settled);
                add_change(command, changes, verdict->settlement, before, settled);
                before = settled;
        }
        add_change(command, changes, verdict->event, before, ecard_command_row_after(command));
}

service_write_verdict ecard_command_commit(ecard_command *command, int attempt)
{
        rpc_call *call = command->call;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        arena *a = rpc_call_arena(call);
        if (!command->verdict.changed) {
                service_write_unchanged(call, command->holder, command->reply(command));
                return SERVICE_WRITE_ANSWERED;
        }
        change_set changes = change_set_begin(a);
        ecard_command_changes(command, &changes);
        service_write write = {.part = ulid_part(command->holder),
                               .holder = command->holder,
                               .holder_version = command->loaded.version,
                               .holder_is_new = command->loaded.is_new,
                               .changes = &changes,
                               .reply = command->reply(command),
                               .record = ecard_row_pack(NULL, a, ecard_command_row_after(command))};
        write.evidence = evidence_packed(call, &write.evidence_count);
        return service_write_commit(call, &write, attempt);
}

void ecard_command_run(ecard_command *command, bool (*again)(ecard_command *command))
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        for (int attempt = 1;; attempt++) {
                if (!ecard_command_load(command)) return;
                if (!service_check_etag(command->call, (int64_t)command->loaded.row.ecard.version))
                        return;
                if (again && !again(command)) return;
                if (!ecard_command_decide(command)) return;
                if (ecard_command_commit(command, attempt) == SERVICE_WRITE_ANSWERED) return;
        }
}
