/* The handlers of CardService, one a file: load → decide → commit → reply. */
#ifndef SSCARD_SERVICES_CARD_HANDLERS_CARD_HANDLERS_H
#define SSCARD_SERVICES_CARD_HANDLERS_CARD_HANDLERS_H

#include "common/rpc/call.h"

typedef void card_handler(rpc_call *call, const ProtobufCMessage *request);

card_handler handle_apply_card, handle_withdraw_application, handle_start_production,
        handle_complete_production, handle_fail_production, handle_collect_card,
        handle_enable_social_function, handle_enable_by_pin_change, handle_report_loss,
        handle_recover_card, handle_replace_card, handle_cancel_card,
        handle_report_lost_in_delivery, handle_import_holders, handle_record_death,
        handle_set_entitlement;
card_handler handle_get_holder, handle_find_holder, handle_resolve_card, handle_get_card,
        handle_list_cards, handle_list_expiring_cards, handle_list_card_history, handle_watch;

/* service_method.part_of: ApplyCard's part comes from the identity number. */
bool apply_card_part_of(rpc_call *call, const ProtobufCMessage *request, uint8_t *part);
/* ImportHolders: each holder has its own part and key; the call itself has none. */
bool import_holders_part_of(rpc_call *call, const ProtobufCMessage *request, uint8_t *part);

#endif
