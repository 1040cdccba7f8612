/* The handlers of CredentialService, one a file: load → decide → commit → reply. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_CREDENTIAL_HANDLERS_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_CREDENTIAL_HANDLERS_H

#include "common/rpc/call.h"

typedef void credential_handler(rpc_call *call, const ProtobufCMessage *request);

credential_handler handle_issue_credential, handle_verify_pin, handle_change_pin, handle_unlock_pin,
        handle_reset_pin, handle_get_credential, handle_watch_credentials;

#endif
