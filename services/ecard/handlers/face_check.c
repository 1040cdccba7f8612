/* From a command to the vendor's port and back. Must never take silence for a match. */
#include "services/ecard/handlers/face_check.h"

#include "services/ecard/ports/face_match.h"

const char *face_photo_of(const ecard_command *command)
{
        if (*command->loaded.row.photo) return command->loaded.row.photo;
        const card_holder *holder = &command->record.holder;
        int card = ecard_current_card(holder, &command->loaded.row.ecard);
        if (card >= 0 && *holder->cards[card].photo) return holder->cards[card].photo;
        return command->record.person.secret.photo;
}

bool face_check(ecard_command *command, const char *capture, const char *photo)
{
        rpc_call *call = command->call;
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        char id[ULID_TEXT_BYTES + 1];
        ulid_format(ulid_new(clock_wall_ms(command->app->store.clock),
                             command->app->store.keys.random, ulid_part(command->holder)),
                    id);
        face_question question = {.parent = arena_format(&t->arena, "regions/%s",
                                                         command->app->instance->directory.region),
                                  .check_id = id,
                                  .live_capture = capture,
                                  .reference_photo = photo};
        face_finding finding = FACE_UNKNOWN;
        if (!face_match_compare(t, command->app->face_vendor, &question, &finding)) return false;
        if (finding == FACE_UNKNOWN) {
                ecard_refuse(&command->facts, ECARD_REFUSAL_FACE_CHECK_UNAVAILABLE,
                             &command->verdict);
                rpc_error error = rpc_error_of_refusal(&command->verdict.refusal, NULL, 0);
                error.retry_after_ms = 1000;
                rpc_reply_error(call, &error);
                return false;
        }
        command->event.face = finding == FACE_MATCHES ? POLICY_YES : POLICY_NO;
        return true;
}
