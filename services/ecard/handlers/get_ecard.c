/* GetECard, ListAuthorizations, CheckSession: what stands now, derived anew each time. */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/ecard_session.h"

#include "common/service/message.h"

static ecard_command *read_now(rpc_call *call, const char *session)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        if (!ecard_check_strong(call)) return NULL;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_PROVE);
        if (!command) return NULL;
        command->session = session;
        return ecard_command_load(command) ? command : NULL;
}

void handle_get_ecard(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        ecard_command *command = read_now(call, "");
        if (!command) return;
        ecard_record settled = command->loaded.row.ecard;
        (void)ecard_settle(&command->facts, &settled);
        rpc_reply(call, &ecard_message(command, &settled)->base);
}

void handle_list_authorizations(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        ecard_command *command = read_now(call, "");
        if (!command) return;
        const ecard_record *record = &command->loaded.row.ecard;
        arena *a = rpc_call_arena(call);
        ecard_view view = ecard_view_of(command->facts.holder, record, command->facts.lock,
                                        command->facts.knobs);
        Ecard__ListAuthorizationsResponse message = ECARD__LIST_AUTHORIZATIONS_RESPONSE__INIT;
        message.gate = (Ecard__Gate)view.gate;
        message.grants = arena_alloc(a, (record->grant_count + 1u) * sizeof *message.grants);
        for (int i = record->grant_count - 1; i >= 0; i--)
                message.grants[message.n_grants++] =
                        ecard_grant_message(command, &record->grants[i], &view);
        rpc_reply(call, &message.base);
}

void handle_check_session(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__CheckSessionRequest *request = (const Ecard__CheckSessionRequest *)message;
        ecard_command *command = read_now(call, request->session);
        if (!command) return;
        const ecard_record *record = &command->loaded.row.ecard;
        int64_t expires_at_ms = 0;
        if (ecard_session_check(command->app, request->session, record, command->facts.wall_ms,
                                &expires_at_ms) != ECARD_SESSION_LIVE) {
                ecard_refuse(&command->facts, ECARD_REFUSAL_SESSION_ENDED, &command->verdict);
                ecard_command_refuse(command);
                return;
        }
        Ecard__CheckSessionResponse answer = ECARD__CHECK_SESSION_RESPONSE__INIT;
        answer.expires_at = message_timestamp(rpc_call_arena(call), expires_at_ms);
        answer.password_epoch = record->password.epoch;
        answer.gate = (Ecard__Gate)ecard_view_of(command->facts.holder, record, command->facts.lock,
                                                 command->facts.knobs)
                              .gate;
        rpc_reply(call, &answer.base);
}
