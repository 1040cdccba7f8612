/* The handlers of StatusService, one a file. */
#ifndef SSCARD_SERVICES_STATUS_HANDLERS_STATUS_HANDLERS_H
#define SSCARD_SERVICES_STATUS_HANDLERS_STATUS_HANDLERS_H

#include "common/rpc/call.h"

typedef void status_handler(rpc_call *call, const ProtobufCMessage *request);

status_handler handle_get_card_status, handle_list_allowed_actions, handle_check_usable,
        handle_get_guidance, handle_advise_cards, handle_get_case, handle_verify_notice;

#endif
