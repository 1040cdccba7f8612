/* Names the parts of the electronic card service. */
#include "services/ecard/methods.h"

#include "services/ecard/handlers/ecard_app.h"
#include "services/ecard/handlers/ecard_handlers.h"
#include "services/ecard/rules/ecard_access.h"
#include "services/region/region_schema.h"

#include "common/base/scoped.h"
#include "common/service/call.h"

#include "proto/ecard_descriptors_embedded.h"
#include "sscard/ecard/v1/ecard_service.pb-c.h"

static const service_method AUDITED = {.audited = true};
static const service_method BY_CODE = {.part_of = verify_code_part_of};

/* clang-format off */
static const rpc_method METHODS[] = {
        SERVICE_METHOD("IssueECard",          MUTATION, handle_issue_ecard,          NULL),
        SERVICE_METHOD("GetECard",            READ,     handle_get_ecard,            &AUDITED),
        SERVICE_METHOD("BindChannel",         MUTATION, handle_bind_channel,         NULL),
        SERVICE_METHOD("UnbindChannel",       MUTATION, handle_unbind_channel,       NULL),
        SERVICE_METHOD("VerifyPassword",      MUTATION, handle_verify_password,      NULL),
        SERVICE_METHOD("CheckSession",        READ,     handle_check_session,        &AUDITED),
        SERVICE_METHOD("ChangePassword",      MUTATION, handle_change_password,      NULL),
        SERVICE_METHOD("ResetPassword",       MUTATION, handle_reset_password,       NULL),
        SERVICE_METHOD("GrantAuthorization",  MUTATION, handle_grant_authorization,  NULL),
        SERVICE_METHOD("RevokeAuthorization", MUTATION, handle_revoke_authorization, NULL),
        SERVICE_METHOD("ListAuthorizations",  READ,     handle_list_authorizations,  &AUDITED),
        SERVICE_METHOD("AuthorizeService",    READ,     handle_authorize_service,    &AUDITED),
        SERVICE_METHOD("PresentCode",         MUTATION, handle_present_code,         NULL),
        SERVICE_METHOD("VerifyCode",          MUTATION, handle_verify_code,          &BY_CODE),
        SERVICE_METHOD("UpgradeECard",        MUTATION, handle_upgrade_ecard,        NULL),
        SERVICE_METHOD("CloseECard",          MUTATION, handle_close_ecard,          NULL),
        SERVICE_METHOD("GetOperation",        READ,     service_get_operation,       NULL),
        SERVICE_METHOD("Watch",               READ,     handle_watch,                NULL),
};
/* clang-format on */

service_definition ecard_service_definition(rpc_service *rpc)
{
        *rpc = (rpc_service){.descriptor = &ecard__ecard_service__descriptor,
                             .methods = METHODS,
                             .method_count = ARRAY_LENGTH(METHODS),
                             .descriptor_set = ecard_descriptors,
                             .descriptor_set_bytes = ecard_descriptors_bytes};
        return (service_definition){.name = "ecard",
                                    .rpc = rpc,
                                    .rpc_count = 1,
                                    .access = ECARD_ACCESS,
                                    .access_count = ECARD_ACCESS_COUNT,
                                    .schema = &ecard_schema,
                                    .packs = &REGION_SCHEMA,
                                    .peers = {"card", "credential", "bank"},
                                    .options = ecard_app_options(),
                                    .open = ecard_app_open,
                                    .close = ecard_app_close,
                                    .load_record = ecard_app_load_record};
}
