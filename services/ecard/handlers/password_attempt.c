/* Counts before comparing: two tries that compared first would allow a seventh guess.
 * Must never answer before what it counted is durable. */
#include "services/ecard/handlers/password_attempt.h"

#include "common/crypto/password_hash.h"
#include "common/crypto/secret_buffer.h"
#include "common/rpc/error.h"
#include "common/service/again.h"
#include "services/ecard/handlers/ecard_message.h"

#include <string.h>

bool password_check_field(rpc_call *call, const char *field, const char *password)
{
        size_t length = strnlen(password, PASSWORD_TEXT_MAX + 1);
        if (length > 0 && length <= PASSWORD_TEXT_MAX) return true;
        rpc_reply_invalid(call, field, length == 0 ? "PASSWORD_MISSING" : "TEXT_TOO_LONG", "R22",
                          length == 0 ? "%s is required" : "%s is too long", field);
        return false;
}

void password_judge(ecard_command *command, const char *password)
{
        const person_record *person = &command->record.person;
        command->event.password = ecard_password_check(password, person->person.born_on,
                                                       person->secret.identity_number);
}

static digest digest_and_wipe(const ecard_command *command, char *password)
{
        digest secret =
                password_digest(command->app->pepper, bytes_of(command->holder.bytes, ULID_BYTES),
                                bytes_of_text(password));
        secret_wipe(password, strlen(password));
        return secret;
}

const char *password_hash_new(ecard_command *command, char *password)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        password_job job = {.secret = digest_and_wipe(command, password)};
        bool undisturbed = task_offload(t, password_job_make, &job);
        const char *text = undisturbed && job.fine ? arena_strdup(&t->arena, job.text) : NULL;
        bool made = job.fine;
        password_job_wipe(&job);
        if (undisturbed && !made)
                (void)!task_fail(t, FAILURE_RESOURCE_EXHAUSTED, "NO_MEMORY",
                                 "no memory to hash a password");
        return text;
}

/* Whose attempt it is: a repeat of the request goes on with it. */
static void name_attempt(ecard_command *command)
{
        const service_call *state = service_call_of(command->call);
        keyed_hash *hash = command->app->pepper;
        keyed_hash_begin(hash);
        keyed_hash_add(hash, bytes_of("attempt", 8));
        keyed_hash_add(hash, bytes_of_text(state->caller_key));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, bytes_of_text(state->key.method));
        keyed_hash_add(hash, bytes_of("", 1));
        keyed_hash_add(hash, bytes_of_text(state->context.request_id));
        digest name = keyed_hash_end(hash);
        memcpy(command->event.attempt, name.bytes, ECARD_ATTEMPT_BYTES);
}

static commit_outcome commit_count(ecard_command *command)
{
        rpc_call *call = command->call;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const service_call *state = service_call_of(call);
        arena *a = rpc_call_arena(call);
        change_set changes = change_set_begin(a);
        ecard_command_changes(command, &changes);
        commit_origin origin = {.caller = state->caller_key,
                                .caller_role = policy_role_name(state->who.role),
                                .actor_role = policy_actor_name(state->who.actor),
                                .channel = policy_channel_name(state->who.channel),
                                .method = state->key.method,
                                .request_id = state->context.request_id};
        commit_request request = {
                .part = ulid_part(command->holder),
                .holder = command->holder,
                .holder_version = command->loaded.version,
                .changes = &changes,
                .origin = &origin,
                .record = ecard_row_pack(NULL, a, ecard_command_row_after(command))};
        return commit_apply(rpc_call_task(call), state->instance->commit, &request, NULL);
}

static bool answer_busy(rpc_call *call)
{
        rpc_reply_error(call, &(rpc_error){.status = FAILURE_ABORTED,
                                           .reason = "VERSION_CONFLICT",
                                           .message = "others changed the same holder at the "
                                                      "same time; try again",
                                           .rule = "S2",
                                           .retry_after_ms = 50});
        return false;
}

/* True: it is counted, durably. */
static bool count(ecard_command *command)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        name_attempt(command);
        for (int tries = 0; tries < COMMIT_TRIES_MAX; tries++) {
                command->event.operation = ECARD_OPERATION_ATTEMPT;
                if (!ecard_command_load(command) ||
                    !service_check_etag(command->call,
                                        (int64_t)command->loaded.row.ecard.version) ||
                    !ecard_command_decide(command))
                        return false;
                if (!command->verdict.changed) return true;
                switch (commit_count(command)) {
                case COMMIT_COMMITTED:
                        return true;
                case COMMIT_CONFLICT:
                        break;
                default:
                        return false;
                }
        }
        return answer_busy(command->call);
}

/* Kept under the request's id, so that a repeat is told the same and counts no second time. */
static void answer_wrong(ecard_command *command)
{
        rpc_call *call = command->call;
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        const service_call *state = service_call_of(call);
        int64_t left = ecard_attempts_left(&command->verdict.after, command->facts.knobs);
        policy_detail detail = {"attempts_left", arena_format(&t->arena, "%lld", (long long)left)};
        ecard_refuse(&command->facts, ECARD_REFUSAL_PASSWORD_WRONG, &command->verdict);
        rpc_error error = rpc_error_of_refusal(&command->verdict.refusal, &detail, 1);
        commit_answer first,
                answer = {.status = error.status,
                          .message = error.message,
                          .bytes = rpc_error_pack(&t->arena, &error, rpc_call_language(call))};
        switch (commit_keep_answer(t, state->instance->commit, &state->key, &command->holder,
                                   &answer, &first)) {
        case COMMIT_COMMITTED:
                rpc_reply_error(call, &error);
                break;
        case COMMIT_REPEATED:
                again_reply_first(call, &first);
                break;
        case COMMIT_REQUEST_ID_REUSED:
                again_refuse_reused(call);
                break;
        default:
                rpc_reply_failure(call, &t->failure);
        }
}

bool password_attempt(ecard_command *command, char *password)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        password_job job = {.secret = digest_and_wipe(command, password)};
        command->with_secrets = true;
        bool right = false;
        if (count(command)) {
                strncpy(job.text, command->loaded.row.password_hash, sizeof job.text - 1);
                if (task_offload(t, password_job_check, &job)) {
                        right = job.fine;
                        if (!right) answer_wrong(command);
                }
        }
        password_job_wipe(&job);
        return right;
}
