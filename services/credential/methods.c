/* Names the parts of the credential service. */
#include "services/credential/methods.h"

#include "common/service/call.h"
#include "services/credential/handlers/credential_app.h"
#include "services/credential/handlers/credential_handlers.h"
#include "services/credential/handlers/enable_case.h"
#include "services/credential/jobs/credential_jobs.h"
#include "services/credential/rules/credential_access.h"
#include "services/region/region_schema.h"

#include "proto/credential_descriptors_embedded.h"
#include "sscard/credential/v1/credential_service.pb-c.h"

static const service_method AUDITED = {.audited = true};

/* clang-format off */
static const rpc_method METHODS[] = {
        SERVICE_METHOD("IssueCredential", MUTATION, handle_issue_credential,  NULL),
        SERVICE_METHOD("VerifyPin",       MUTATION, handle_verify_pin,        NULL),
        SERVICE_METHOD("ChangePin",       MUTATION, handle_change_pin,        NULL),
        SERVICE_METHOD("UnlockPin",       MUTATION, handle_unlock_pin,        NULL),
        SERVICE_METHOD("ResetPin",        MUTATION, handle_reset_pin,         NULL),
        SERVICE_METHOD("GetCredential",   READ,     handle_get_credential,    &AUDITED),
        SERVICE_METHOD("GetOperation",    READ,     service_get_operation,    NULL),
        SERVICE_METHOD("Watch",           READ,     handle_watch_credentials, NULL),
};
/* clang-format on */

service_definition credential_service_definition(rpc_service *rpc)
{
        *rpc = (rpc_service){.descriptor = &credential__credential_service__descriptor,
                             .methods = METHODS,
                             .method_count = ARRAY_LENGTH(METHODS),
                             .descriptor_set = credential_descriptors,
                             .descriptor_set_bytes = credential_descriptors_bytes};
        return (service_definition){.name = "credential",
                                    .rpc = rpc,
                                    .rpc_count = 1,
                                    .access = CREDENTIAL_ACCESS,
                                    .access_count = CREDENTIAL_ACCESS_COUNT,
                                    .packs = &REGION_SCHEMA,
                                    .schema = &credential_schema,
                                    .peers = {"card"},
                                    .jobs = &CREDENTIAL_SETTLE_JOB,
                                    .job_count = 1,
                                    .consumers = &CREDENTIAL_CARD_CONSUMER,
                                    .consumer_count = 1,
                                    .options = pin_token_options(),
                                    .open = credential_app_open,
                                    .close = credential_app_close,
                                    .load_record = credential_app_load_record,
                                    .settle = enable_case_settle_holder};
}
