/* The handlers of BankLinkService, one a file: load → decide → commit → reply. */
#ifndef SSCARD_SERVICES_BANK_HANDLERS_BANK_HANDLERS_H
#define SSCARD_SERVICES_BANK_HANDLERS_BANK_HANDLERS_H

#include "common/rpc/call.h"

typedef void bank_handler(rpc_call *call, const ProtobufCMessage *request);

bank_handler handle_load_account, handle_activate_financial_function, handle_confirm_bank_loss,
        handle_clear_bank_loss, handle_request_closure, handle_confirm_closed,
        handle_report_bank_answer;
bank_handler handle_request_password_service, handle_get_bank_link, handle_list_bank_links,
        handle_check_payout_readiness, handle_list_banks, handle_list_outlets, handle_watch;

#endif
