/* Reads the bank's part of a card. Must never take "its owner is away" for "no account". */
#include "services/status/handlers/subject_account.h"

#include "services/bank/record/link_record.h"
#include "services/bank/rules/bank_rules.h"

static bool is_asked(const bank_link *link)
{
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                if (kind != BANK_REQUEST_CONFIRM_LOSS &&
                    bank_request_is_open(&link->requests[kind]))
                        return true;
        return false;
}

bool subject_account_read(rpc_call *call, const record_look *look, const card_record *card,
                          subject_account *account)
{
        *account = (subject_account){0};
        account->financial =
                look->finding == RECORD_ABSENT ? STATUS_FINANCIAL_ABSENT : STATUS_FINANCIAL_UNKNOWN;
        if (look->finding == RECORD_ABSENT || look->finding == RECORD_UNKNOWN) return true;
        bank_link link = bank_link_none(card);
        if (look->finding == RECORD_FOUND) {
                bank_holder *links = arena_zalloc(rpc_call_arena(call), sizeof *links);
                if (!bank_holder_unpack(NULL, rpc_call_arena(call), look->packed, links,
                                        &rpc_call_task(call)->failure))
                        return false;
                int index = bank_holder_find(links, card->id);
                if (index >= 0) link = links->links[index];
        }
        bank_link_derive(&link, card);
        *account = (subject_account){.financial = status_financial_of(&link),
                                     .bank_is_asked = is_asked(&link),
                                     .bank_has_stopped = link.loss == BANK_LOSS_CONFIRMED};
        return true;
}
