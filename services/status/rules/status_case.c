#include "services/status/rules/status_case.h"

#include "services/card/rules/card_holder.h"

#include <assert.h>

/* clang-format off */
#define LEG(name, code_, rule_, zh, en) static const status_leg name = {.code = code_, .title = {zh, en}, .rule = rule_}
LEG(CARD_LOSS, "CARD_LOSS", "R13", "社保卡挂失", "the card is reported lost");
LEG(PIN_CHECKS, "PIN_CHECKS", "R13", "社保卡密码停用", "its password is not checked any more");
LEG(ELECTRONIC_CARD, "ELECTRONIC_CARD", "R13", "电子社保卡须本人授权", "the electronic card needs the holder's word; earlier grants are void");
LEG(BANK_LOSS, "BANK_LOSS", "R13", "银行确认挂失", "the bank confirms the loss of the account's card");
LEG(PRODUCTION, "PRODUCTION", "R32", "新卡制作", "the new card is made");
LEG(COLLECTION, "COLLECTION", "R37", "新卡领取", "the new card is collected");
LEG(ENABLING, "ENABLING", "R38", "新卡启用", "the new card is enabled");
LEG(OLD_CARD, "OLD_CARD", "R30", "旧卡注销", "the old card is cancelled");
LEG(FIRST_PIN, "FIRST_PIN", "R17", "新卡初始密码", "the new card has a first password");
LEG(NEW_ACCOUNT, "NEW_ACCOUNT", "R3", "新卡银行账户预开", "the new card's account is opened in advance");
LEG(OLD_ACCOUNT, "OLD_ACCOUNT", "R44", "旧卡银行账户销户", "the old card's account is closed");
LEG(AGENCY, "AGENCY", "R45", "社保卡注销", "the card is cancelled");
LEG(ACCOUNT, "ACCOUNT", "R45", "银行账户销户", "the account is closed");
/* clang-format on */

static void add(status_case *c, const status_leg *leg, status_leg_state state, int64_t since_ms,
                status_party waits_for)
{
        assert(c->count < STATUS_LEGS_MAX);
        status_leg *added = &c->legs[c->count++];
        *added = *leg;
        added->state = state;
        added->since_ms = state == STATUS_LEG_NOT_YET || state == STATUS_LEG_UNKNOWN ? 0 : since_ms;
        added->waits_for = state == STATUS_LEG_PENDING ? waits_for : STATUS_PARTY_NOBODY;
}

int status_case_predecessor(const card_holder *holder, int card)
{
        const ulid id = holder->cards[card].supersedes;
        return ulid_is_zero(id) ? -1 : card_holder_find(holder, id);
}

static bool is_over(card_state state)
{
        return state == CARD_CANCELLED || state == CARD_WITHDRAWN;
}

status_case_kind status_case_find(const card_holder *holder, int card, int *about)
{
        const card_record *c = &holder->cards[card];
        const int successor =
                ulid_is_zero(c->superseded_by) ? -1 : card_holder_find(holder, c->superseded_by);
        *about = card;
        if (successor >= 0 && !is_over(holder->cards[successor].state)) {
                *about = successor;
                return STATUS_CASE_REPLACEMENT;
        }
        if (!ulid_is_zero(c->supersedes) && !is_over(c->state)) return STATUS_CASE_REPLACEMENT;
        if (c->state == CARD_TEMP_LOST || c->state == CARD_LOST) return STATUS_CASE_LOSS;
        return c->state == CARD_CANCELLED ? STATUS_CASE_CLOSURE : STATUS_CASE_NONE;
}

/* ---- the legs ---- */

static void fill_loss(const card_record *card, const status_case_part *part, status_case *c)
{
        const int64_t since = card->state_since_ms;
        add(c, &CARD_LOSS, STATUS_LEG_DONE, since, STATUS_PARTY_NOBODY);
        /* Both follow from the card's record at every read: they hold with it. */
        if (part->pin != STATUS_CASE_PIN_ABSENT)
                add(c, &PIN_CHECKS, STATUS_LEG_DONE, since, STATUS_PARTY_NOBODY);
        add(c, &ELECTRONIC_CARD, STATUS_LEG_DONE, since, STATUS_PARTY_NOBODY);
        if (part->financial == STATUS_FINANCIAL_UNKNOWN)
                add(c, &BANK_LOSS, STATUS_LEG_UNKNOWN, 0, STATUS_PARTY_NOBODY);
        else if (part->financial != STATUS_FINANCIAL_ABSENT &&
                 part->financial != STATUS_FINANCIAL_NONE)
                add(c, &BANK_LOSS, part->bank_has_stopped ? STATUS_LEG_DONE : STATUS_LEG_PENDING,
                    part->bank_has_stopped ? 0 : since, STATUS_PARTY_BANK);
}

static void add_closure(const status_leg *leg, const card_record *card,
                        const status_case_part *part, status_case *c)
{
        switch (part->financial) {
        case STATUS_FINANCIAL_ABSENT:
        case STATUS_FINANCIAL_NONE:
                return;
        case STATUS_FINANCIAL_UNKNOWN:
                add(c, leg, STATUS_LEG_UNKNOWN, 0, STATUS_PARTY_NOBODY);
                return;
        case STATUS_FINANCIAL_CLOSED:
                add(c, leg, STATUS_LEG_DONE, 0, STATUS_PARTY_NOBODY);
                return;
        case STATUS_FINANCIAL_CLOSURE_PENDING:
                add(c, leg, STATUS_LEG_PENDING, card->state_since_ms, STATUS_PARTY_HOLDER);
                return;
        default:
                add(c, leg, STATUS_LEG_NOT_YET, 0, STATUS_PARTY_NOBODY);
        }
}

static void add_new_account(const card_record *card, const status_case_part *part, status_case *c)
{
        if (part->financial == STATUS_FINANCIAL_ABSENT) return;
        if (part->financial == STATUS_FINANCIAL_UNKNOWN)
                add(c, &NEW_ACCOUNT, STATUS_LEG_UNKNOWN, 0, STATUS_PARTY_NOBODY);
        else if (part->financial != STATUS_FINANCIAL_NONE)
                add(c, &NEW_ACCOUNT, STATUS_LEG_DONE, 0, STATUS_PARTY_NOBODY);
        else
                add(c, &NEW_ACCOUNT, card->made_at_ms ? STATUS_LEG_PENDING : STATUS_LEG_NOT_YET,
                    card->made_at_ms, STATUS_PARTY_BANK);
}

static void add_first_pin(const card_record *card, const status_case_part *part, status_case *c)
{
        if (part->pin == STATUS_CASE_PIN_ABSENT) return;
        if (part->pin == STATUS_CASE_PIN_UNKNOWN)
                add(c, &FIRST_PIN, STATUS_LEG_UNKNOWN, 0, STATUS_PARTY_NOBODY);
        else if (part->pin == STATUS_CASE_PIN_SET)
                add(c, &FIRST_PIN, STATUS_LEG_DONE, 0, STATUS_PARTY_NOBODY);
        else
                add(c, &FIRST_PIN, card->made_at_ms ? STATUS_LEG_PENDING : STATUS_LEG_NOT_YET,
                    card->made_at_ms, STATUS_PARTY_FACTORY);
}

/* A leg that `done_ms` ends and that begins when the one before it ended. */
static void add_step(status_case *c, const status_leg *leg, int64_t done_ms, int64_t begun_ms,
                     status_party who)
{
        if (done_ms)
                add(c, leg, STATUS_LEG_DONE, done_ms, who);
        else
                add(c, leg, begun_ms ? STATUS_LEG_PENDING : STATUS_LEG_NOT_YET, begun_ms, who);
}

static void fill_replacement(const card_holder *holder, int about, const status_case_part *part,
                             const status_case_part *predecessor, status_case *c)
{
        const card_record *card = &holder->cards[about];
        const int old = status_case_predecessor(holder, about);
        add_step(c, &PRODUCTION, card->made_at_ms, card->requested_at_ms, STATUS_PARTY_FACTORY);
        add_first_pin(card, part, c);
        add_new_account(card, part, c);
        add_step(c, &COLLECTION, card->collected_at_ms, card->made_at_ms, STATUS_PARTY_HOLDER);
        add_step(c, &ENABLING, card->ever_normal ? card->state_since_ms : 0, card->collected_at_ms,
                 STATUS_PARTY_HOLDER);
        if (old < 0) return;
        const card_record *ended = &holder->cards[old];
        add_step(c, &OLD_CARD, is_over(ended->state) ? ended->state_since_ms : 0, 0,
                 STATUS_PARTY_NOBODY);
        add_closure(&OLD_ACCOUNT, ended, predecessor, c);
}

void status_case_fill(const card_holder *holder, status_case_kind kind, int about,
                      const status_case_part *part, const status_case_part *predecessor,
                      status_case *result)
{
        const card_record *card = &holder->cards[about];
        *result = (status_case){.kind = kind, .card = about, .done = true};
        switch (kind) {
        case STATUS_CASE_LOSS:
                fill_loss(card, part, result);
                break;
        case STATUS_CASE_REPLACEMENT:
                fill_replacement(holder, about, part, predecessor, result);
                break;
        case STATUS_CASE_CLOSURE:
                add(result, &AGENCY, STATUS_LEG_DONE, card->state_since_ms, STATUS_PARTY_NOBODY);
                add_closure(&ACCOUNT, card, part, result);
                break;
        case STATUS_CASE_NONE:
                break;
        }
        for (size_t i = 0; i < result->count; i++)
                result->done &= result->legs[i].state == STATUS_LEG_DONE;
}
