/* Names the parts of the card service. No row, no method: the build's start-up check refuses a
 * missing or surplus one. */
#include "services/card/methods.h"

#include "services/card/handlers/card_app.h"
#include "services/card/handlers/card_handlers.h"
#include "services/card/jobs/card_timers.h"
#include "services/card/rules/card_access.h"

#include "common/base/scoped.h"
#include "common/service/call.h"

#include "proto/card_descriptors_embedded.h"
#include "sscard/card/v1/card_service.pb-c.h"

static const service_method AUDITED = {.audited = true};
static const service_method APPLY = {.part_of = apply_card_part_of};
static const service_method IMPORT = {.part_of = import_holders_part_of};

#define ROW(method, what, handler, said)                                                           \
        {                                                                                          \
                .name = (method), .kind = RPC_##what, .handle = (handler), .declaration = (said)   \
        }

/* clang-format off */
static const rpc_method METHODS[] = {
        ROW("ApplyCard",            MUTATION, handle_apply_card,              &APPLY),
        ROW("WithdrawApplication",  MUTATION, handle_withdraw_application,    NULL),
        ROW("StartProduction",      MUTATION, handle_start_production,        NULL),
        ROW("CompleteProduction",   MUTATION, handle_complete_production,     NULL),
        ROW("FailProduction",       MUTATION, handle_fail_production,         NULL),
        ROW("CollectCard",          MUTATION, handle_collect_card,            NULL),
        ROW("EnableSocialFunction", MUTATION, handle_enable_social_function,  NULL),
        ROW("ReportLoss",           MUTATION, handle_report_loss,             NULL),
        ROW("RecoverCard",          MUTATION, handle_recover_card,            NULL),
        ROW("ReplaceCard",          MUTATION, handle_replace_card,            NULL),
        ROW("CancelCard",           MUTATION, handle_cancel_card,             NULL),
        ROW("ReportLostInDelivery", MUTATION, handle_report_lost_in_delivery, NULL),
        ROW("ImportHolders",        MUTATION, handle_import_holders,          &IMPORT),
        ROW("RecordDeath",          MUTATION, handle_record_death,            NULL),
        ROW("SetEntitlement",       MUTATION, handle_set_entitlement,         NULL),
        ROW("GetHolder",            READ,     handle_get_holder,              &AUDITED),
        ROW("FindHolder",           READ,     handle_find_holder,             &AUDITED),
        ROW("ResolveCard",          READ,     handle_resolve_card,            &AUDITED),
        ROW("GetCard",              READ,     handle_get_card,                &AUDITED),
        ROW("ListCards",            READ,     handle_list_cards,              &AUDITED),
        ROW("ListExpiringCards",    READ,     handle_list_expiring_cards,     &AUDITED),
        ROW("ListCardHistory",      READ,     handle_list_card_history,       &AUDITED),
        ROW("GetOperation",         READ,     service_get_operation,          NULL),
        ROW("Watch",                READ,     handle_watch,                   NULL),
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
                                    .schema = &card_schema,
                                    .open = card_app_open,
                                    .close = card_app_close,
                                    .load_record = card_app_load_record,
                                    .fire_timer = card_timer_fire,
                                    .timer_kinds = CARD_TIMER_KINDS};
}
