/* Names of changes, and what they mean for others. */
#include "services/card/rules/card_change.h"

#include <assert.h>
#include <string.h>

const char *card_timer_kind_name(card_timer_kind kind)
{
        static const char *const names[] = {"none",      "temp_loss_end", "temp_loss_warning",
                                            "unclaimed", "expiring",      "expired"};
        _Static_assert(ARRAY_LENGTH(names) == CARD_TIMER_KIND_COUNT, "a name for every timer");
        assert((int)kind < CARD_TIMER_KIND_COUNT);
        return names[kind];
}

static bool is_lost(card_state state)
{
        return state == CARD_TEMP_LOST || state == CARD_LOST;
}

card_credential_effect card_change_credential_effect(const card_change *change)
{
        card_state before = change->before.state, after = change->after.state;
        if (before == after) return CARD_CREDENTIAL_SAME;
        if (before == CARD_PRODUCING && after == CARD_ARCHIVED_UNCOLLECTED)
                return CARD_CREDENTIAL_ISSUED;
        if (after == CARD_CANCELLED && card_state_is_made(before)) return CARD_CREDENTIAL_VOID;
        if (is_lost(after) && !is_lost(before)) return CARD_CREDENTIAL_SUSPENDED;
        if (is_lost(before) && !is_lost(after)) return CARD_CREDENTIAL_RESUMED;
        return CARD_CREDENTIAL_SAME;
}

card_bank_effect card_change_bank_effect(const card_change *change)
{
        card_state before = change->before.state, after = change->after.state;
        if (before == after) return CARD_BANK_SAME;
        if (before == CARD_PRODUCING && after == CARD_ARCHIVED_UNCOLLECTED) return CARD_BANK_LOADED;
        if (after == CARD_CANCELLED && card_state_is_made(before)) return CARD_BANK_CLOSURE_PENDING;
        if (is_lost(after) && !is_lost(before)) return CARD_BANK_TOLD_OF_LOSS;
        return CARD_BANK_SAME;
}

/* clang-format off */
static const struct {
        const char *code;
        policy_text text;
} NOTICES[] = {
        {"card.ready", {"您的社保卡已制成，请携带有效身份证件领取。咨询请拨打12333。",
                        "Your social security card is ready; collect it with a valid identity document. Questions: 12333."}},
        {"card.enabled", {"您的社保卡社保功能已启用。", "The social security function of your card is enabled."}},
        {"card.temp_lost", {"您的社保卡已临时挂失，请同时向银行挂失银行账户。非本人办理请拨打12333。",
                            "Your card is reported temporarily lost. Report it to the bank too. If this was not you, call 12333."}},
        {"card.temp_loss_ending", {"您的社保卡临时挂失将于24小时内到期。未找到卡片的，请到网点办理正式挂失。",
                                   "The temporary loss of your card ends within 24 hours. Not found? Report the loss formally at an outlet."}},
        {"card.lost", {"您的社保卡已正式挂失，可申请补领。请同时向银行挂失银行账户。",
                       "Your card is reported lost; you can ask for a replacement. Report it to the bank too."}},
        {"card.recovered", {"您的社保卡挂失已解除。银行账户请向银行另行办理。",
                            "The loss of your card is ended. The bank account is recovered at the bank."}},
        {"card.cancelled", {"您的社保卡已注销。请到合作银行网点柜台办理卡内银行账户销户。",
                            "Your card is cancelled. Close its bank account at the counter of the partner bank."}},
        {"card.expiring", {"您的社保卡将在60日内到期，可到网点或通过官方线上平台办理换卡。社保部门不会发送带链接的到期短信，请勿点击。",
                           "Your card expires within 60 days; renew it at an outlet or on an official platform. We never send links about expiry: do not follow any."}},
        {"card.expired", {"您的社保卡已到期，可到网点或通过官方线上平台办理换卡。社保部门不会发送带链接的到期短信，请勿点击。",
                          "Your card has expired; renew it at an outlet or on an official platform. We never send links about expiry: do not follow any."}},
};
/* clang-format on */

static int notice_find(const char *code)
{
        for (size_t i = 0; i < ARRAY_LENGTH(NOTICES); i++)
                if (strcmp(NOTICES[i].code, code) == 0) return (int)i;
        return -1;
}

const char *card_change_notice(const card_change *change)
{
        int index = notice_find(change->event);
        return index < 0 ? NULL : NOTICES[index].code;
}

policy_text card_notice_text(const char *notice)
{
        int index = notice_find(notice);
        return index < 0 ? (policy_text){NULL, NULL} : NOTICES[index].text;
}
