/* BindChannel and UnbindChannel: where the electronic card is set up; one password for all (R23).
 */
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/handlers/ecard_message.h"
#include "services/ecard/handlers/real_name.h"

static bool compare_real_name(ecard_command *command)
{
        const Ecard__BindChannelRequest *request =
                (const Ecard__BindChannelRequest *)rpc_call_request(command->call);
        bytes hash = bytes_of(command->record.person.identity_hash.bytes, DIGEST_BYTES);
        command->event.real_name = service_call_of(command->call)->context.validate_only
                                           ? POLICY_YES
                                           : real_name_is(command, request->real_name, hash);
        return true;
}

void handle_bind_channel(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__BindChannelRequest *request = (const Ecard__BindChannelRequest *)message;
        if (!real_name_check(call, request->real_name)) return;
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_BIND);
        if (!command) return;
        command->session = request->session;
        command->event.host = (ecard_host)request->host;
        ecard_command_run(command, compare_real_name);
}

void handle_unbind_channel(rpc_call *call, const ProtobufCMessage *message)
{
        const Ecard__UnbindChannelRequest *request = (const Ecard__UnbindChannelRequest *)message;
        if (request->channel == COMMON__CHANNEL__CHANNEL_UNSPECIFIED) {
                rpc_reply_invalid(call, "channel", "CHANNEL_REQUIRED", "R12",
                                  "channel must say which one to unbind");
                return;
        }
        if (request->host == ECARD__HOST__HOST_UNSPECIFIED) {
                rpc_refuse(call, ecard_refusal_of(ECARD_REFUSAL_HOST_REQUIRED), NULL, 0);
                return;
        }
        ecard_command *command = ecard_command_begin(call, ECARD_OPERATION_UNBIND);
        if (!command) return;
        command->session = request->session;
        command->event.channel = (policy_channel)request->channel;
        command->event.host = (ecard_host)request->host;
        ecard_command_run(command, NULL);
}
