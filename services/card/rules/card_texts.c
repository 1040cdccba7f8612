/* Names and meanings of states. Must never say more than the rules do: archived does not mean that
 * contributions stopped (R36, R40). */
#include "services/card/rules/card_texts.h"

typedef struct state_texts {
        policy_text name, meaning;
        const char *aaz502;
} state_texts;

static const state_texts TEXTS[CARD_STATE_COUNT] = {
        [CARD_STATE_NONE] = {{"无卡", "No card"},
                             {"尚未申领社保卡。", "No card was applied for."},
                             ""},
        [CARD_REQUESTED] = {{"申领中", "Requested"},
                            {"申请已受理，社保卡尚未开始制作。",
                             "The application was accepted; the card is not being made yet."},
                            ""},
        [CARD_PRODUCING] = {{"制卡中", "In production"},
                            {"社保卡正在制作。", "The card is being made."},
                            ""},
        [CARD_ARCHIVED_UNCOLLECTED] = {{"封存", "Archived"},
                                       {"社保卡的社会保障功能尚未启用；不影响正常缴纳社会保险费。",
                                        "The social security function of the card has not been "
                                        "activated; contributions are not affected."},
                                       "0"},
        [CARD_ARCHIVED_COLLECTED] = {{"封存", "Archived"},
                                     {"社保卡的社会保障功能尚未启用；不影响正常缴纳社会保险费。",
                                      "The social security function of the card has not been "
                                      "activated; contributions are not affected."},
                                     "0"},
        [CARD_NORMAL] = {{"正常", "Normal"},
                         {"社保卡的社会保障功能已启用，可以正常使用。",
                          "The social security function is enabled; the card can be used."},
                         "1"},
        [CARD_TEMP_LOST] = {{"临时挂失", "Temporarily lost"},
                            {"社保卡已临时挂失，在所有渠道暂停使用。",
                             "The card was reported lost for a while; it is suspended on every "
                             "channel."},
                            "4"},
        [CARD_LOST] = {{"挂失", "Lost"},
                       {"社保卡已正式挂失，在所有渠道停止使用。",
                        "The card was formally reported lost; it is stopped on every channel."},
                       "2"},
        [CARD_CANCELLED] = {{"注销", "Cancelled"},
                            {"社保卡已注销，不能再使用。", "The card has ended for good."},
                            "9"},
        [CARD_WITHDRAWN] = {{"已撤回", "Withdrawn"},
                            {"申请已撤回，没有制作社保卡。",
                             "The application ended before a card was made."},
                            ""},
};

static const state_texts *texts_of(card_state state)
{
        return &TEXTS[(unsigned)state < CARD_STATE_COUNT ? state : CARD_STATE_NONE];
}

policy_text card_state_text(card_state state)
{
        return texts_of(state)->name;
}

policy_text card_state_meaning(card_state state)
{
        return texts_of(state)->meaning;
}

const char *card_state_aaz502(card_state state)
{
        return texts_of(state)->aaz502;
}

int card_state_number(card_state state)
{
        static const int8_t numbers[CARD_STATE_COUNT] = {[CARD_REQUESTED] = 1,
                                                         [CARD_PRODUCING] = 2,
                                                         [CARD_ARCHIVED_UNCOLLECTED] = 3,
                                                         [CARD_ARCHIVED_COLLECTED] = 3,
                                                         [CARD_NORMAL] = 4,
                                                         [CARD_TEMP_LOST] = 5,
                                                         [CARD_LOST] = 6,
                                                         [CARD_CANCELLED] = 7,
                                                         [CARD_WITHDRAWN] = 8};
        return (size_t)state < sizeof numbers ? numbers[state] : 0;
}
