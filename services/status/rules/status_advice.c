#include "services/status/rules/status_advice.h"

#include "services/card/rules/card_holder.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
static const struct {
        policy_text text;
        const char *rule;
} ADVICE[STATUS_ADVICE_COUNT] = {
[STATUS_ADVICE_KEEP] = {{"这是您在用的社保卡，请保留。", "This is the card in use: keep it."}, "R43"},
[STATUS_ADVICE_KEEP_FOR_BENEFITS] = {{"您正在当地享受就业、社保等公共服务，请保留此卡。",
        "Local employment, social security or other public services are drawn on it: keep it."}, "R46"},
[STATUS_ADVICE_CHECK_LOCAL_BENEFITS] = {{"您有多张社保卡。请确认是否在当地享受就业、社保等公共服务；如无，请到当地经办机构注销，并一并注销银行账户。",
        "You have several cards. Find out whether local public services are drawn on this one; if none are, end it at the local agency, and its bank account with it."}, "R45"},
[STATUS_ADVICE_CANCEL] = {{"您有多张社保卡，此卡未享受当地公共服务，请到当地经办机构注销，并一并注销银行账户。",
        "You have several cards and draw no local services on this one: end it at the local agency, and its bank account with it."}, "R45"},
[STATUS_ADVICE_CLOSE_BANK_ACCOUNT] = {{"此卡不能使用，请到合作银行网点柜台注销卡上的银行账户。",
        "This card cannot be used: close its bank account at the counter of the partner bank."}, "R44"},
[STATUS_ADVICE_COLLECT] = {{"此卡已制成，请先领取。", "It is made: collect it first."}, "R37"},
[STATUS_ADVICE_ENABLE] = {{"此卡已领取，请启用社保功能。", "You have it: enable its social security function."}, "R38"},
[STATUS_ADVICE_WAIT] = {{"此卡正在制作。", "It is being made."}, "R37"},
[STATUS_ADVICE_RESOLVE_LOSS] = {{"此卡已临时挂失，请找到后解除，或办理正式挂失。",
        "It is temporarily lost: recover it when found, or report the loss formally."}, "R44"},
[STATUS_ADVICE_NOTHING] = {{"此卡已终止，无需办理。", "It has ended; nothing is left to be done."}, "R43"},
};
/* clang-format on */

static bool account_may_be_open(const status_facts *facts)
{
        return facts->financial != STATUS_FINANCIAL_CLOSED &&
               facts->financial != STATUS_FINANCIAL_NONE;
}

/* R45, R46: a normal card beside another live one that is not its successor. */
static status_advice advise_normal(const status_facts *facts)
{
        if (!card_is_duplicate(facts->holder, facts->card)) return STATUS_ADVICE_KEEP;
        switch (facts->holder->person.entitlement) {
        case CARD_ENTITLEMENT_DRAWN:
                return STATUS_ADVICE_KEEP_FOR_BENEFITS;
        case CARD_ENTITLEMENT_NONE:
                return STATUS_ADVICE_CANCEL;
        default:
                return STATUS_ADVICE_CHECK_LOCAL_BENEFITS;
        }
}

status_advice status_advise(const status_facts *facts)
{
        assert(facts->card >= 0 && facts->card < facts->holder->card_count);
        switch (facts->holder->cards[facts->card].state) {
        case CARD_REQUESTED:
        case CARD_PRODUCING:
                return STATUS_ADVICE_WAIT;
        case CARD_ARCHIVED_UNCOLLECTED:
                return STATUS_ADVICE_COLLECT;
        case CARD_ARCHIVED_COLLECTED:
                return STATUS_ADVICE_ENABLE;
        case CARD_NORMAL:
                return advise_normal(facts);
        case CARD_TEMP_LOST:
                return STATUS_ADVICE_RESOLVE_LOSS;
        case CARD_LOST:
        case CARD_CANCELLED:
                return account_may_be_open(facts) ? STATUS_ADVICE_CLOSE_BANK_ACCOUNT
                                                  : STATUS_ADVICE_NOTHING;
        default:
                return STATUS_ADVICE_NOTHING;
        }
}

policy_text status_advice_text(status_advice advice)
{
        assert(advice >= STATUS_ADVICE_KEEP && advice < STATUS_ADVICE_COUNT);
        return ADVICE[advice].text;
}

const char *status_advice_rule(status_advice advice)
{
        assert(advice >= STATUS_ADVICE_KEEP && advice < STATUS_ADVICE_COUNT);
        return ADVICE[advice].rule;
}

static bool is_live(const card_record *card)
{
        return card->state != CARD_CANCELLED && card->state != CARD_WITHDRAWN;
}

/* Ids are in the order of time. */
static bool comes_before(const card_record *a, const card_record *b)
{
        if (is_live(a) != is_live(b)) return is_live(a);
        return memcmp(a->id.bytes, b->id.bytes, ULID_BYTES) > 0;
}

size_t status_advice_order(const card_holder *holder, uint8_t order[CARD_CARDS_MAX])
{
        for (uint8_t i = 0; i < holder->card_count; i++) {
                size_t at = i;
                while (at > 0 && comes_before(&holder->cards[i], &holder->cards[order[at - 1]])) {
                        order[at] = order[at - 1];
                        at--;
                }
                order[at] = i;
        }
        return holder->card_count;
}
