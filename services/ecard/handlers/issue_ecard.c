/* IssueECard: the card's state, the family, the real name, the password, the face; then the
 * electronic card (R24 to R28). */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/ecard_session.h"
#include "services/ecard/handlers/face_check.h"
#include "services/ecard/handlers/password_attempt.h"
#include "services/ecard/handlers/real_name.h"

#include "common/service/record_service.h"
#include "common/service/request.h"

#include <string.h>

/* Whose account it must be: the applicant's, or for the family the guardian's. */
static bool read_applicant(ecard_command *command, const Ecard__IssueECardRequest *request,
                           ulid delegate)
{
        bytes hash = bytes_of(command->record.person.identity_hash.bytes, DIGEST_BYTES);
        person_record guardian;
        if (!ulid_is_zero(delegate)) {
                if (!real_name_person(command, delegate, &guardian)) return false;
                hash = bytes_of(guardian.identity_hash.bytes, DIGEST_BYTES);
        }
        command->event.real_name = real_name_is(command, request->real_name, hash);
        return true;
}

/* The guardian's own electronic card, proved by its session. */
static bool check_delegate(ecard_command *command, const Ecard__FamilyIssue *family, ulid *delegate)
{
        rpc_call *call = command->call;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        resource_name name;
        const char *why = NULL;
        ecard_loaded *own = arena_zalloc(rpc_call_arena(call), sizeof *own);
        if (!resource_name_parse(family->delegate, &name, &why) || !name.has_id ||
            strcmp(name.collection, "holders") != 0 || strcmp(name.rest, "ecard") != 0) {
                rpc_reply_invalid(call, "family.delegate", "RESOURCE_NAME_INVALID", NULL,
                                  "family.delegate must be regions/{region}/holders/{id}/ecard");
                return false;
        }
        if (!ecard_store_load(rpc_call_task(call), &command->app->store, name.id, false, own))
                return false;
        int64_t wall_ms = clock_wall_ms(command->app->store.clock);
        if (ecard_session_check(command->app, family->delegate_session, &own->row.ecard, wall_ms,
                                NULL) != ECARD_SESSION_LIVE) {
                rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_SESSION_ENDED), NULL, 0);
                return false;
        }
        *delegate = name.id;
        return true;
}

static bool read_family(ecard_command *command, const Ecard__IssueECardRequest *request)
{
        const Ecard__FamilyIssue *family = request->family;
        ulid delegate = {0};
        if (family) {
                if (!text_check(command->call, "family.photo_reference", family->photo_reference,
                                FACE_PHOTO_MAX) ||
                    !check_delegate(command, family, &delegate))
                        return false;
                command->event.relation = (ecard_relation)family->relation;
                command->event.photo_given = *family->photo_reference != '\0';
                command->new_photo = family->photo_reference;
        }
        command->event.delegate = delegate;
        return read_applicant(command, request, delegate) &&
               (!family ||
                ecard_store_count_family(rpc_call_task(command->call), &command->app->store,
                                         delegate, command->holder, command->event.relation,
                                         &command->event.family_count));
}

static bool read_event(ecard_command *command, const Ecard__IssueECardRequest *request)
{
        const service_call *state = service_call_of(command->call);
        command->event.host = (ecard_host)request->host;
        command->event.serial = ulid_new(state->now_ms, command->app->store.keys.random,
                                         ulid_part(command->holder));
        if (!read_family(command, request)) return false;
        const char *photo =
                command->event.photo_given ? command->new_photo : face_photo_of(command);
        command->event.has_photo = *photo != '\0';
        password_judge(command, request->password);
        if (state->context.validate_only) {
                command->event.real_name = POLICY_YES;
                command->event.face = POLICY_YES;
        }
        return true;
}

/* Place in the guardian's family, taken before the electronic card names the guardian: two issues
 * at once see each other's. */
static bool claim_family(ecard_command *command)
{
        task *t = rpc_call_task(command->call);
        TASK_MAY_SUSPEND(t);
        ecard_event *event = &command->event;
        if (ulid_is_zero(event->delegate)) return true;
        return ecard_store_claim_family(t, &command->app->store, event->delegate, command->holder,
                                        event->relation) &&
               ecard_store_count_family(t, &command->app->store, event->delegate, command->holder,
                                        event->relation, &event->family_count);
}

/* Everything that takes time, once; afterwards all is read anew and decided again. */
static bool prepare(ecard_command *command, const Ecard__IssueECardRequest *request)
{
        TASK_MAY_SUSPEND(rpc_call_task(command->call));
        if (!ecard_command_load(command) || !read_event(command, request) ||
            !ecard_command_decide(command))
                return false;
        const char *photo =
                command->event.photo_given ? command->new_photo : face_photo_of(command);
        if (command->verdict.needs_face && !face_check(command, request->face_capture, photo))
                return false;
        if (service_call_of(command->call)->context.validate_only) return true;
        if (!ecard_command_decide(command)) return false;
        if (!command->verdict.changed) return true;
        if (!claim_family(command)) return false;
        command->new_hash = password_hash_new(command, (char *)request->password);
        return command->new_hash != NULL;
}

void handle_issue_ecard(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__IssueECardRequest *request = (const Ecard__IssueECardRequest *)message;
        if (!password_check_field(call, "password", request->password) ||
            !real_name_check(call, request->real_name))
                return;
        size_t length = strnlen(request->face_capture, FACE_CAPTURE_MAX + 1);
        if (length == 0 || length > FACE_CAPTURE_MAX) {
                rpc_reply_invalid(call, "face_capture", "FACE_CAPTURE_REQUIRED", "R24",
                                  "face_capture must have 1 to %d bytes", FACE_CAPTURE_MAX);
                return;
        }
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_ISSUE);
        if (!command) return;
        command->with_secrets = true;
        if (prepare(command, request)) ecard_command_run(command, NULL);
}
