/* Names the parts of the bank service. No row, no method: the build's start-up check refuses a
 * missing or surplus one. */
#include "services/bank/methods.h"

#include "services/bank/handlers/bank_app.h"
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/jobs/bank_requests.h"
#include "services/bank/jobs/card_follower.h"
#include "services/bank/jobs/case_ages.h"
#include "services/bank/rules/bank_access.h"
#include "services/region/region_schema.h"

#include "common/base/scoped.h"
#include "common/service/call.h"

#include "proto/bank_descriptors_embedded.h"
#include "sscard/bank/v1/bank_service.pb-c.h"

static const service_method AUDITED = {.audited = true};

/* clang-format off */
static const rpc_method METHODS[] = {
        SERVICE_METHOD("LoadAccount",               MUTATION, handle_load_account,                NULL),
        SERVICE_METHOD("ActivateFinancialFunction", MUTATION, handle_activate_financial_function, NULL),
        SERVICE_METHOD("ConfirmBankLoss",           MUTATION, handle_confirm_bank_loss,           NULL),
        SERVICE_METHOD("ClearBankLoss",             MUTATION, handle_clear_bank_loss,             NULL),
        SERVICE_METHOD("RequestClosure",            MUTATION, handle_request_closure,             NULL),
        SERVICE_METHOD("ConfirmClosed",             MUTATION, handle_confirm_closed,              NULL),
        SERVICE_METHOD("ReportBankAnswer",          MUTATION, handle_report_bank_answer,          NULL),
        SERVICE_METHOD("RequestPasswordService",    READ,     handle_request_password_service,    &AUDITED),
        SERVICE_METHOD("GetBankLink",               READ,     handle_get_bank_link,               &AUDITED),
        SERVICE_METHOD("ListBankLinks",             READ,     handle_list_bank_links,             &AUDITED),
        SERVICE_METHOD("CheckPayoutReadiness",      READ,     handle_check_payout_readiness,      &AUDITED),
        SERVICE_METHOD("ListBanks",                 READ,     handle_list_banks,                  NULL),
        SERVICE_METHOD("ListOutlets",               READ,     handle_list_outlets,                NULL),
        SERVICE_METHOD("GetOperation",              READ,     service_get_operation,              NULL),
        SERVICE_METHOD("Watch",                     READ,     handle_watch,                       NULL),
};
/* clang-format on */

service_definition bank_service_definition(rpc_service *rpc)
{
        *rpc = (rpc_service){.descriptor = &bank__bank_link_service__descriptor,
                             .methods = METHODS,
                             .method_count = ARRAY_LENGTH(METHODS),
                             .descriptor_set = bank_descriptors,
                             .descriptor_set_bytes = bank_descriptors_bytes};
        return (service_definition){.name = "bank",
                                    .rpc = rpc,
                                    .rpc_count = 1,
                                    .access = BANK_ACCESS,
                                    .access_count = BANK_ACCESS_COUNT,
                                    .schema = &bank_schema,
                                    .packs = &REGION_SCHEMA,
                                    .peers = {"card", "bank_gateway"},
                                    .jobs = &BANK_CASE_AGES,
                                    .job_count = 1,
                                    .consumers = BANK_CONSUMERS,
                                    .consumer_count = ARRAY_LENGTH(BANK_CONSUMERS),
                                    .open = bank_app_open,
                                    .close = bank_app_close,
                                    .load_record = bank_app_load_record,
                                    .fire_timer = bank_request_fire,
                                    .timer_kinds = BANK_TIMER_KINDS};
}
