/* Names the parts of the card service. No row, no method: the build's start-up check refuses a
 * missing or surplus one. */
#include "services/card/methods.h"

#include "services/card/handlers/card_app.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/jobs/card_timers.h"
#include "services/card/rules/card_access.h"
#include "services/region/region_schema.h"

#include "common/base/scoped.h"
#include "common/service/call.h"

#include "proto/card_descriptors_embedded.h"
#include "sscard/card/v1/card_service.pb-c.h"

static const service_method AUDITED = {.audited = true};
static const service_method APPLY = {.part_of = apply_card_part_of};
static const service_method IMPORT = {.part_of = import_holders_part_of};

/* clang-format off */
static const rpc_method METHODS[] = {
        SERVICE_METHOD("ApplyCard",            MUTATION, handle_apply_card,              &APPLY),
        SERVICE_METHOD("WithdrawApplication",  MUTATION, handle_withdraw_application,    NULL),
        SERVICE_METHOD("StartProduction",      MUTATION, handle_start_production,        NULL),
        SERVICE_METHOD("CompleteProduction",   MUTATION, handle_complete_production,     NULL),
        SERVICE_METHOD("FailProduction",       MUTATION, handle_fail_production,         NULL),
        SERVICE_METHOD("CollectCard",          MUTATION, handle_collect_card,            NULL),
        SERVICE_METHOD("EnableSocialFunction", MUTATION, handle_enable_social_function,  NULL),
        SERVICE_METHOD("EnableByPinChange",    MUTATION, handle_enable_by_pin_change,    NULL),
        SERVICE_METHOD("ReportLoss",           MUTATION, handle_report_loss,             NULL),
        SERVICE_METHOD("RecoverCard",          MUTATION, handle_recover_card,            NULL),
        SERVICE_METHOD("ReplaceCard",          MUTATION, handle_replace_card,            NULL),
        SERVICE_METHOD("CancelCard",           MUTATION, handle_cancel_card,             NULL),
        SERVICE_METHOD("ReportLostInDelivery", MUTATION, handle_report_lost_in_delivery, NULL),
        SERVICE_METHOD("ImportHolders",        MUTATION, handle_import_holders,          &IMPORT),
        SERVICE_METHOD("RecordDeath",          MUTATION, handle_record_death,            NULL),
        SERVICE_METHOD("SetEntitlement",       MUTATION, handle_set_entitlement,         NULL),
        SERVICE_METHOD("GetHolder",            READ,     handle_get_holder,              &AUDITED),
        SERVICE_METHOD("FindHolder",           READ,     handle_find_holder,             &AUDITED),
        SERVICE_METHOD("ResolveCard",          READ,     handle_resolve_card,            &AUDITED),
        SERVICE_METHOD("GetCard",              READ,     handle_get_card,                &AUDITED),
        SERVICE_METHOD("ListCards",            READ,     handle_list_cards,              &AUDITED),
        SERVICE_METHOD("ListExpiringCards",    READ,     handle_list_expiring_cards,     &AUDITED),
        SERVICE_METHOD("ListCardHistory",      READ,     handle_list_card_history,       &AUDITED),
        SERVICE_METHOD("GetOperation",         READ,     service_get_operation,          NULL),
        SERVICE_METHOD("Watch",                READ,     handle_watch,                   NULL),
};
/* clang-format on */

service_definition card_service_definition(rpc_service *rpc)
{
        *rpc = (rpc_service){.descriptor = &card__card_service__descriptor,
                             .methods = METHODS,
                             .method_count = ARRAY_LENGTH(METHODS),
                             .descriptor_set = card_descriptors,
                             .descriptor_set_bytes = card_descriptors_bytes};
        return (service_definition){.name = "card",
                                    .rpc = rpc,
                                    .rpc_count = 1,
                                    .access = CARD_ACCESS,
                                    .access_count = CARD_ACCESS_COUNT,
                                    .packs = &REGION_SCHEMA,
                                    .schema = &card_schema,
                                    .open = card_app_open,
                                    .close = card_app_close,
                                    .load_record = card_app_load_record,
                                    .fire_timer = card_timer_fire,
                                    .timer_kinds = CARD_TIMER_KINDS};
}
