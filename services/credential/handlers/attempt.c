/* The guess. Must never compare what is not counted, and never answer before it is resolved. */
#include "services/credential/handlers/attempt.h"

#include "common/service/again.h"
#include "services/region/region_knobs.h"

#include <string.h>

enum {
        ATTEMPT_LIFE_MS = 10000,
        WAITS_MAX = 3, /* for another guess in flight, 5 to 50 ms each */
        WAIT_LEAST_MS = 5,
        WAIT_MORE_MS = 45,
};

static const credential_row *row_of(const credential_command *command)
{
        return &command->loaded.rows[command->index];
}

/* ---- those that were left behind ---- */

bool attempt_is_lost(const credential_command *command)
{
        if (command->index < 0 || !row_of(command)->attempt.lives) return false;
        int64_t age_ms = clock_wall_ms(command->app->clock) - row_of(command)->attempt.at_ms;
        return age_ms > ATTEMPT_LIFE_MS || age_ms < 0;
}

static const char *event_after_loss(credential_command *command, credential_record *after)
{
        credential_facts facts = {.credential = command->record,
                                  .knobs = command->facts.knobs,
                                  .now_ms = service_call_of(command->call)->now_ms};
        credential_verdict verdict;
        credential_rules_apply(&facts, credential_wrong_event(&facts, CREDENTIAL_OPERATION_VERIFY),
                               &verdict);
        *after = verdict.after;
        if (verdict.changed) return verdict.event;
        after->version++; /* it was locked: nothing was counted */
        return "credential.refused";
}

bool attempt_end(credential_command *command)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        const credential_loaded *loaded = &command->loaded;
        const idempotency_key *request = &row_of(command)->attempt.request;
        command->facts.knobs = region_credential_knobs(a, service_call_of(command->call)->pack);
        credential_record after;
        credential_row row = *row_of(command);
        const char *event = event_after_loss(command, &after);
        change_set changes =
                credential_changes(a, command->app->instance->directory.region, loaded->holder.id,
                                   command->record, &after, &row, event);
        rpc_error error = rpc_error_of_refusal(
                credential_refusal_of(CREDENTIAL_REFUSAL_ATTEMPT_LOST), NULL, 0);
        commit_origin origin = {.caller = request->caller,
                                .caller_role = "SYSTEM",
                                .method = request->method,
                                .request_id = request->request_id};
        commit_request commit = {.part = request->part,
                                 .holder = loaded->holder.id,
                                 .holder_version = loaded->version,
                                 .changes = &changes,
                                 .origin = &origin,
                                 .key = request,
                                 .answer = {.status = error.status,
                                            .message = error.message,
                                            .bytes = rpc_error_pack(a, &error, "zh")},
                                 .record = credential_record_after(a, &loaded->holder, &after)};
        commit_answer first;
        return commit_apply(t, command->app->instance->commit, &commit, &first) !=
               COMMIT_UNAVAILABLE;
}

/* ---- counting ---- */

static bool is_ours(const credential_command *command)
{
        uint8_t id[CREDENTIAL_ATTEMPT_BYTES];
        if (command->index < 0 || !row_of(command)->attempt.lives) return false;
        credential_attempt_id(&service_call_of(command->call)->key, id);
        return memcmp(id, row_of(command)->attempt.id, sizeof id) == 0;
}

/* This request counted its guess and was cut off: it goes on where it was. */
static bool resume(credential_command *command)
{
        const idempotency_key *first = &row_of(command)->attempt.request;
        const idempotency_key *now = &service_call_of(command->call)->key;
        if (memcmp(first->request_hash, now->request_hash, sizeof now->request_hash) == 0)
                return true;
        again_refuse_reused(command->call);
        return false;
}

static bool wait_a_moment(credential_command *command, int *waits)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        if (++*waits <= WAITS_MAX) {
                uint64_t more = random_u64(loop_random(t->loop)) % WAIT_MORE_MS;
                return task_sleep(t, WAIT_LEAST_MS + (int64_t)more);
        }
        rpc_error error = rpc_error_of_refusal(
                credential_refusal_of(CREDENTIAL_REFUSAL_ATTEMPT_IN_FLIGHT), NULL, 0);
        error.retry_after_ms = WAIT_LEAST_MS + WAIT_MORE_MS;
        rpc_reply_error(command->call, &error);
        return false;
}

bool attempt_reserve(credential_command *command)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        int waits = 0;
        for (;;) {
                if (!credential_command_check(command)) return false;
                if (is_ours(command)) return resume(command);
                if (!row_of(command)->attempt.lives) {
                        credential_reservation outcome;
                        if (!credential_store_reserve(
                                    t, command->app->store, command->loaded.holder.id,
                                    command->record,
                                    command->facts.knobs->values[CREDENTIAL_KNOB_MAX_ERRORS],
                                    &service_call_of(command->call)->key,
                                    clock_wall_ms(command->app->clock), &outcome))
                                return false;
                        if (outcome == CREDENTIAL_RESERVED) return true;
                }
                if (!wait_a_moment(command, &waits)) return false;
        }
}

/* ---- comparing ---- */

bool attempt_compare(credential_command *command, const char *pin, bool *right)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        static const char nobody[] = "000000";
        bool evaluates = command->verdict.evaluates;
        const ulid nobodys = {{0}};
        pin_question question = {.card = evaluates ? command->record->card : nobodys,
                                 .pin = evaluates ? pin : nobody,
                                 .under = &row_of(command)->pin};
        if (!pin_token_ask(t, command->app->token, &question, 1)) return false;
        *right = evaluates && pin_is_right(&question);
        return true;
}

/* ---- resolving ---- */

void attempt_outcome_wrong(credential_command *command, credential_outcome *outcome)
{
        arena *a = rpc_call_arena(command->call);
        bool evaluated = command->verdict.evaluates;
        credential_event event =
                evaluated ? credential_wrong_event(&command->facts, command->operation)
                          : CREDENTIAL_VERIFY_RIGHT;
        bool locked = !evaluated;
        credential_record *after = arena_alloc(a, sizeof *after);
        rpc_error *error = arena_alloc(a, sizeof *error);
        credential_rules_apply(&command->facts, event, &command->verdict);
        *after = command->verdict.after;
        outcome->event = command->verdict.event;
        if (locked) { /* refused after the same work, and written down */
                command->verdict.refusal =
                        credential_refusal_of(CREDENTIAL_REFUSAL_CREDENTIAL_LOCKED);
                *after = *command->record;
                after->version++;
                outcome->event = "credential.refused";
        }
        *error = credential_command_error(command);
        outcome->after = after;
        outcome->row = row_of(command);
        outcome->refusal = error;
}

static void answer_lost(credential_command *command)
{
        rpc_refuse(command->call, credential_refusal_of(CREDENTIAL_REFUSAL_ATTEMPT_LOST), NULL, 0);
}

service_write_verdict attempt_resolve(credential_command *command, attempt_resolution *how)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        bool evaluated = command->verdict.evaluates;
        for (;;) {
                credential_outcome outcome = {0};
                command->verdict.evaluates = evaluated;
                if (how->right)
                        how->outcome_of(command, how, &outcome);
                else
                        attempt_outcome_wrong(command, &outcome);
                service_write_verdict verdict = credential_command_write(command, &outcome, 0);
                if (verdict != SERVICE_WRITE_CONFLICT) return verdict;
                if (!credential_command_reload(command)) return SERVICE_WRITE_ANSWERED;
                if (!is_ours(command)) {
                        answer_lost(command);
                        return SERVICE_WRITE_ANSWERED;
                }
        }
}
