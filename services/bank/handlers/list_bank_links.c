/* ListBankLinks: the links of all cards of a holder (R44). Staff of a bank sees its own bank's. */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/bank_message.h"
#include "services/bank/handlers/subject.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

#include <string.h>

static bool may_see(const policy_caller *who, const card_record *card)
{
        return who->role != POLICY_ROLE_BANK_OPERATOR ||
               (who->bank && strcmp(who->bank, card->bank) == 0);
}

void handle_list_bank_links(rpc_call *call, const ProtobufCMessage *request)
{
        (void)request;
        TASK_MAY_SUSPEND(rpc_call_task(call));
        bank_subject subject;
        if (!service_check_collection(call, "holders")) return;
        if (!bank_subject_of_holder(call, &subject)) return;
        const bank_message_context c = bank_message_context_of(call);
        const card_holder *holder = &subject.cards->holder;
        Bank__ListBankLinksResponse response = BANK__LIST_BANK_LINKS_RESPONSE__INIT;
        response.links = arena_alloc(c.arena, CARD_CARDS_MAX * sizeof *response.links);
        for (uint8_t i = 0; i < holder->card_count; i++)
                if (may_see(&service_call_of(call)->who, &holder->cards[i]))
                        response.links[response.n_links++] =
                                bank_link_message(&c, &subject.facts, holder->cards[i].id);
        rpc_reply(call, &response.base);
}
