/* A link beside its card. Must never say that an account is usable when its card has ended. */
#include "services/bank/rules/bank_link.h"

#include "services/card/rules/card_holder.h"

#include <assert.h>
#include <string.h>

int bank_holder_find(const bank_holder *holder, ulid card)
{
        for (int i = 0; i < holder->link_count; i++)
                if (ulid_equal(holder->links[i].card, card)) return i;
        return -1;
}

static bool is_over(const bank_link *link)
{
        if (link->state == BANK_CLOSED) return true;
        return link->state == BANK_NONE &&
               !bank_request_is_open(&link->requests[BANK_REQUEST_PRE_OPEN]);
}

static bool make_room(bank_holder *links, ulid *leaver)
{
        for (int i = 0; i < links->link_count; i++) {
                if (!is_over(&links->links[i])) continue;
                *leaver = links->links[i].card;
                size_t behind = (size_t)(links->link_count - i - 1);
                memmove(&links->links[i], &links->links[i + 1], behind * sizeof *links->links);
                links->link_count--;
                return true;
        }
        return false;
}

bool bank_holder_put(bank_holder *links, const bank_link *link, ulid *leaver)
{
        *leaver = (ulid){0};
        int index = bank_holder_find(links, link->card);
        if (index < 0 && links->link_count == BANK_LINKS_MAX && !make_room(links, leaver))
                return false;
        if (index < 0) index = links->link_count++;
        links->links[index] = *link;
        return true;
}

card_record bank_card_that_left(const bank_link *link)
{
        card_record card = {.id = link->card,
                            .version = 1,
                            .state = CARD_CANCELLED,
                            .cancel_reason = CARD_CANCEL_HOLDER,
                            .state_since_ms = link->closure.agency_done_at_ms,
                            .bank = link->bank};
        card_record_tidy(&card);
        return card;
}

bank_link bank_link_none(const card_record *card)
{
        bank_link link = {
                .card = card->id, .state = BANK_NONE, .loss = BANK_LOSS_NO, .bank = card->bank};
        bank_link_tidy(&link);
        return link;
}

static const char *text_or_empty(const char *text)
{
        return text != NULL ? text : "";
}

void bank_link_tidy(bank_link *link)
{
        link->bank = text_or_empty(link->bank);
        link->account = text_or_empty(link->account);
        for (int kind = 0; kind < BANK_REQUEST_KIND_COUNT; kind++)
                link->requests[kind].reason = text_or_empty(link->requests[kind].reason);
}

/* ---- beside its card ---- */

bool bank_card_has_ended(const card_record *card)
{
        return card->state == CARD_LOST || card->state == CARD_CANCELLED;
}

static bool is_lost(const card_record *card)
{
        return card->state == CARD_TEMP_LOST || card->state == CARD_LOST;
}

static bool has_account(const bank_link *link)
{
        return link->state == BANK_LOADED || link->state == BANK_ACTIVE ||
               link->state == BANK_CLOSURE_PENDING;
}

void bank_link_derive(bank_link *link, const card_record *card)
{
        assert(ulid_equal(link->card, card->id));
        if (!has_account(link)) return;
        if (is_lost(card) && card->state_since_ms > link->loss_of_ms &&
            link->loss == BANK_LOSS_NO) {
                link->loss = BANK_LOSS_UNKNOWN;
                link->loss_since_ms = card->state_since_ms;
        }
        if (card->state != CARD_CANCELLED) return;
        if (link->state != BANK_CLOSURE_PENDING) {
                link->state = BANK_CLOSURE_PENDING;
                bank_request_drop(link, BANK_REQUEST_ACTIVATE, card->state_since_ms);
        }
        bank_closure_open(link, card, BANK_CLOSURE_CARD_CANCELLED, link->closure.id,
                          card->state_since_ms);
}

bool bank_payout_is_ready(const bank_link *link)
{
        return link->state == BANK_ACTIVE;
}

void bank_closure_open(bank_link *link, const card_record *card, bank_closure_cause cause, ulid id,
                       int64_t at_ms)
{
        bank_closure *closure = &link->closure;
        if (closure->cause == BANK_CLOSURE_NONE) {
                closure->cause = cause;
                closure->opened_at_ms = at_ms;
        }
        if (ulid_is_zero(closure->id)) closure->id = id;
        if (closure->agency_done_at_ms == 0 && bank_card_has_ended(card))
                closure->agency_done_at_ms = card->state_since_ms;
}

void bank_enter_closed(bank_link *link, const card_record *card, ulid id, int64_t at_ms)
{
        bank_closure_open(link, card, BANK_CLOSURE_BY_BANK, id, at_ms);
        link->closure.bank_done_at_ms = at_ms;
        link->state = BANK_CLOSED;
        link->closed_at_ms = at_ms;
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                bank_request_drop(link, (bank_request_kind)kind, at_ms);
}

/* ---- requests ---- */

void bank_request_drop(bank_link *link, bank_request_kind kind, int64_t at_ms)
{
        bank_request *request = &link->requests[kind];
        if (!bank_request_is_open(request)) return;
        request->state = BANK_REQUEST_DROPPED;
        request->answered_at_ms = at_ms;
        request->next_at_ms = 0;
}

void bank_request_begin(bank_link *link, bank_request_kind kind, ulid reference, int64_t at_ms)
{
        assert(kind > BANK_REQUEST_NONE && (int)kind < BANK_REQUEST_KIND_COUNT);
        assert(!ulid_is_zero(reference));
        link->requests[kind] = (bank_request){.state = BANK_REQUEST_OPEN,
                                              .reference = reference,
                                              .asked_at_ms = at_ms,
                                              .next_at_ms = at_ms,
                                              .reason = ""};
}

enum {
        RETRY_FIRST_MS = 2000,
        RETRY_MAX_MS = 15 * 60 * 1000,
        ASK_AGAIN_FIRST_MS = 60 * 1000,
        ASK_AGAIN_MAX_MS = 60 * 60 * 1000,
};

int64_t bank_retry_delay_ms(uint32_t attempts, bank_request_state state)
{
        bool accepted = state == BANK_REQUEST_ACCEPTED;
        int64_t delay = accepted ? ASK_AGAIN_FIRST_MS : RETRY_FIRST_MS;
        int64_t most = accepted ? ASK_AGAIN_MAX_MS : RETRY_MAX_MS;
        for (uint32_t i = 1; i < attempts && delay < most; i++)
                delay *= 2;
        return delay < most ? delay : most;
}

static const char *const KINDS[BANK_REQUEST_KIND_COUNT] = {
        [BANK_REQUEST_PRE_OPEN] = "pre_open",
        [BANK_REQUEST_ACTIVATE] = "activate",
        [BANK_REQUEST_CONFIRM_LOSS] = "confirm_loss",
        [BANK_REQUEST_CLOSE] = "close",
};

const char *bank_request_kind_name(bank_request_kind kind)
{
        assert(kind > BANK_REQUEST_NONE && (int)kind < BANK_REQUEST_KIND_COUNT);
        return KINDS[kind];
}

bank_request_kind bank_request_kind_of(const char *name)
{
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                if (strcmp(KINDS[kind], name) == 0) return (bank_request_kind)kind;
        return BANK_REQUEST_NONE;
}

bank_request_kind bank_request_find(const bank_link *link, ulid reference)
{
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                if (link->requests[kind].state != BANK_REQUEST_NEVER &&
                    ulid_equal(link->requests[kind].reference, reference))
                        return (bank_request_kind)kind;
        return BANK_REQUEST_NONE;
}

/* ---- what always holds ---- */

static const char *requests_broken(const bank_link *link)
{
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++) {
                const bank_request *request = &link->requests[kind];
                if (request->state == BANK_REQUEST_NEVER) continue;
                if (ulid_is_zero(request->reference)) return "a request has no reference";
                if (bank_request_is_open(request) != (request->next_at_ms > 0))
                        return "only an open request waits for its next attempt";
                if (bank_request_is_open(request) && request->answered_at_ms > 0)
                        return "an open request was answered";
                if (bank_request_is_open(request) && link->state == BANK_CLOSED)
                        return "a closed account is asked for something";
        }
        return NULL;
}

const char *bank_link_broken(const bank_link *link)
{
        if (link->state < BANK_NONE || link->state > BANK_CLOSED) return "no such state";
        if ((link->loss == BANK_LOSS_NO) != (link->loss_since_ms == 0))
                return "a loss has a beginning, no loss has none";
        if (link->state == BANK_NONE && *link->account != '\0') return "no account has a reference";
        if (link->state == BANK_ACTIVE && link->activated_at_ms == 0)
                return "an active account was never activated";
        if ((link->state == BANK_CLOSED) != (link->closed_at_ms > 0))
                return "closed and its instant go together";
        bool closing = link->state == BANK_CLOSURE_PENDING || link->state == BANK_CLOSED;
        if (closing != (link->closure.cause != BANK_CLOSURE_NONE))
                return "a closure is a case, and only a closure is";
        if (closing && ulid_is_zero(link->closure.id)) return "a case has an id";
        if ((link->state == BANK_CLOSED) != (link->closure.bank_done_at_ms > 0))
                return "the bank's leg is done when the account is closed";
        return requests_broken(link);
}

/* ---- texts ---- */

static const struct {
        policy_text name, meaning;
} TEXTS[BANK_STATE_COUNT] = {
        [BANK_NONE] = {{"未开户", "No account"},
                       {"该卡尚未开立银行账户。", "No bank account has been opened for the card."}},
        [BANK_LOADED] = {{"未激活", "Not active"},
                         {"银行账户已预先开立，金融功能尚未激活；不影响社会保险缴费。",
                          "The bank has opened an account in advance; the financial function is "
                          "not active. Contributions are not affected."}},
        [BANK_ACTIVE] = {{"已激活", "Active"},
                         {"金融功能已激活，可以通过该卡领取待遇。",
                          "The financial function is active; benefits can be paid to the card."}},
        [BANK_CLOSURE_PENDING] = {{"待销户", "To be closed"},
                                  {"银行账户待注销，须到合作银行网点柜台办理。",
                                   "The account is to be closed, at the counter of its bank."}},
        [BANK_CLOSED] = {{"已销户", "Closed"},
                         {"银行账户已注销。", "The bank has closed the account."}},
};

policy_text bank_state_text(bank_state state)
{
        assert(state >= BANK_NONE && (int)state < BANK_STATE_COUNT);
        return TEXTS[state].name;
}

policy_text bank_state_meaning(bank_state state)
{
        assert(state >= BANK_NONE && (int)state < BANK_STATE_COUNT);
        return TEXTS[state].meaning;
}
