/* Names the parts of the status service. It owns no record of holders; it reads those of its peers,
 * and tells people what happened. */
#include "services/status/methods.h"

#include "common/service/call.h"
#include "services/region/region_schema.h"
#include "services/status/handlers/status_app.h"
#include "services/status/handlers/status_handlers.h"
#include "services/status/jobs/notices.h"
#include "services/status/rules/status_access.h"

#include "proto/status_descriptors_embedded.h"
#include "sscard/status/v1/status_service.pb-c.h"

static const service_method AUDITED = {.audited = true};

/* clang-format off */
static const rpc_method METHODS[] = {
        SERVICE_METHOD("GetCardStatus",      READ, handle_get_card_status,      &AUDITED),
        SERVICE_METHOD("ListAllowedActions", READ, handle_list_allowed_actions, &AUDITED),
        SERVICE_METHOD("CheckUsable",        READ, handle_check_usable,         &AUDITED),
        SERVICE_METHOD("GetGuidance",        READ, handle_get_guidance,         &AUDITED),
        SERVICE_METHOD("AdviseCards",        READ, handle_advise_cards,         &AUDITED),
        SERVICE_METHOD("GetCase",            READ, handle_get_case,             &AUDITED),
        SERVICE_METHOD("VerifyNotice",       READ, handle_verify_notice,        &AUDITED),
};
/* clang-format on */

service_definition status_service_definition(rpc_service *rpc)
{
        *rpc = (rpc_service){.descriptor = &status__status_service__descriptor,
                             .methods = METHODS,
                             .method_count = ARRAY_LENGTH(METHODS),
                             .descriptor_set = status_descriptors,
                             .descriptor_set_bytes = status_descriptors_bytes};
        return (service_definition){.name = "status",
                                    .rpc = rpc,
                                    .rpc_count = 1,
                                    .access = STATUS_ACCESS,
                                    .access_count = STATUS_ACCESS_COUNT,
                                    .packs = &REGION_SCHEMA,
                                    .schema = &status_schema,
                                    .peers = {"card", "bank", "credential", "ecard"},
                                    .consumers = &NOTICE_CONSUMER,
                                    .consumer_count = 1,
                                    .options = status_app_options(),
                                    .open = status_app_open,
                                    .close = status_app_close,
                                    .fire_timer = notice_timer_fire,
                                    .timer_kinds = NOTICE_TIMER_KINDS};
}
