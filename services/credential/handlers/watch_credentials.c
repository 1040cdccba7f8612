/* Watch: the change feed of the credential service (S8). */
#include "common/service/watch.h"
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/credential_message.h"
#include "services/region/region_knobs.h"

static const ProtobufCMessage *record_of(rpc_call *call, arena *a, const feed_event *event,
                                         bytes after)
{
        (void)event;
        const service_call *state = service_call_of(call);
        failure f = {0};
        credential_record record;
        if (!credential_unpack(a, after, &record, &f)) return NULL;
        const credential_view view = {.arena = a,
                                      .language = rpc_call_language(call),
                                      .region = state->instance->directory.region,
                                      .knobs = region_credential_knobs(a, state->pack),
                                      .now_ms = state->now_ms};
        return &credential_message(&view, &record)->base;
}

void handle_watch_credentials(rpc_call *call, const ProtobufCMessage *request)
{
        service_watch(call, request, record_of);
}
