/* GrantAuthorization and RevokeAuthorization: what the holder allows while the card is lost (R13).
 */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"

#include "common/service/message.h"
#include "common/text/ascii.h"

static const ProtobufCMessage *grant_result(const ecard_command *command)
{
        arena *a = rpc_call_arena(command->call);
        const ecard_verdict *verdict = &command->verdict;
        Ecard__GrantResult *message = arena_alloc(a, sizeof *message);
        ecard__grant_result__init(message);
        message->grant = ecard_grant_message(command, &verdict->after.grants[verdict->grant],
                                             &verdict->view);
        message->changed = verdict->changed;
        message->gate = (Ecard__Gate)verdict->view.gate;
        message->preview = ecard_preview_message(command);
        if (message->preview && command->event.operation == ECARD_OPERATION_GRANT)
                message->grant->name =
                        arena_format(a, "%s/grants/-", ecard_name(command->call, command->holder));
        return &message->base;
}

static bool read_services(rpc_call *call, const Ecard__GrantAuthorizationRequest *request,
                          ecard_grant *grant)
{
        if (request->n_services > ECARD_GRANT_SERVICES_MAX) {
                rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_GRANT_SERVICES_REQUIRED), NULL, 0);
                return false;
        }
        for (size_t i = 0; i < request->n_services; i++) {
                const char *service = request->services[i];
                if (!ascii_is_token(bytes_of_text(service), "-_.", ECARD_SERVICE_CODE_MAX)) {
                        rpc_reply_invalid(call, "services", "SERVICE_CODE_MALFORMED", "R14",
                                          "services[%zu] must have 1 to %d letters, digits, dots",
                                          i, ECARD_SERVICE_CODE_MAX);
                        return false;
                }
                grant->services[grant->service_count++] = service;
        }
        return true;
}

static bool read_channels(rpc_call *call, const Ecard__GrantAuthorizationRequest *request,
                          ecard_grant *grant)
{
        for (size_t i = 0; i < request->n_channels; i++) {
                if (request->channels[i] == COMMON__CHANNEL__CHANNEL_UNSPECIFIED) {
                        rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_GRANT_CHANNELS_REQUIRED),
                                   NULL, 0);
                        return false;
                }
                grant->channels |= POLICY_CHANNEL_BIT((policy_channel)request->channels[i]);
        }
        return true;
}

enum { LIFETIME_SECONDS_MAX = 366 * 86400 };

static bool read_lifetime(rpc_call *call, const Google__Protobuf__Duration *lifetime, int64_t *ms)
{
        if (!lifetime) return true;
        if (message_span_read(lifetime, LIFETIME_SECONDS_MAX, ms) && *ms > 0) return true;
        rpc_reply_invalid(call, "lifetime", "LIFETIME_INVALID", "A9",
                          "lifetime must be longer than nothing and at most a year");
        return false;
}

void handle_grant_authorization(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__GrantAuthorizationRequest *request =
                (const Ecard__GrantAuthorizationRequest *)message;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_GRANT);
        if (!command) return;
        ecard_grant *grant = &command->event.grant;
        if (!read_services(call, request, grant) || !read_channels(call, request, grant) ||
            !read_lifetime(call, request->lifetime, &command->event.lifetime_ms))
                return;
        grant->id = ulid_new(service_call_of(call)->now_ms, command->app->store.keys.random,
                             ulid_part(command->holder));
        command->session = request->session;
        command->reply = grant_result;
        ecard_command_run(command, NULL);
}

void handle_revoke_authorization(rpc_call *call, const ProtobufCMessage *message)
{
        static const char place[] = "ecard/grants/";
        const Ecard__RevokeAuthorizationRequest *request =
                (const Ecard__RevokeAuthorizationRequest *)message;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_REVOKE);
        if (!command) return;
        const char *rest = service_call_of(call)->name.rest;
        bool named = bytes_of_text(rest).length > sizeof place - 1;
        if (!named || !ulid_parse(rest + sizeof place - 1, &command->event.grant_id)) {
                rpc_reply_invalid(call, "name", "RESOURCE_NAME_INVALID", NULL,
                                  "name must end in ecard/grants/{id}");
                return;
        }
        command->session = request->session;
        command->reply = grant_result;
        ecard_command_run(command, NULL);
}
