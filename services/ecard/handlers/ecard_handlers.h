/* The handlers of ECardService, one a verb: load → decide → commit → reply. */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_ECARD_HANDLERS_H
#define SSCARD_SERVICES_ECARD_HANDLERS_ECARD_HANDLERS_H

#include "common/rpc/call.h"

typedef void ecard_handler(rpc_call *call, const ProtobufCMessage *request);

ecard_handler handle_issue_ecard, handle_bind_channel, handle_unbind_channel,
        handle_verify_password, handle_change_password, handle_reset_password,
        handle_grant_authorization, handle_revoke_authorization, handle_present_code,
        handle_verify_code, handle_upgrade_ecard, handle_close_ecard;
ecard_handler handle_get_ecard, handle_check_session, handle_list_authorizations,
        handle_authorize_service, handle_watch;

/* service_method.part_of: VerifyCode's part is that of the holder in the code. */
bool verify_code_part_of(rpc_call *call, const ProtobufCMessage *request, uint8_t *part);

#endif
