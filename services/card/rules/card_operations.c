/* Who may do what, where, and with which evidence: state-machines.md 2.1.1 as a table. Rows of one
 * operation are alternatives; a role that no row names may not do it at all. */
#include "services/card/rules/card_operations.h"

#include <assert.h>
#include <string.h>

#define C(name) POLICY_C(name)
#define R(name) POLICY_R(name)
#define N(name) CARD_N(name)
#define W(name) CARD_WHEN_##name

#define ONLINE POLICY_CHANNELS_ONLINE
#define COUNTERS (C(BRANCH) | C(BANK_BRANCH))
#define PEOPLE (R(HOLDER) | R(GUARDIAN))
#define AGENTS_PAPERS (N(MANDATE) | N(AGENT_ID_DOCUMENT))
#define APPLICATION (C(BRANCH) | C(BANK_BRANCH) | ONLINE) /* R31 */
#define FACTORY (R(PLATFORM) | R(SYSTEM))

#define ELSEWHERE(name, where, whom)                                                               \
        .elsewhere = {.code = "USE_ALLOWED_CHANNEL",                                               \
                      .operation = name,                                                           \
                      .lifts = true,                                                               \
                      .text = {"请改用可办理的渠道。", "Do it on a channel that may."},            \
                      .channels = (where),                                                         \
                      .who = (whom),                                                               \
                      .rule = "S11"}

/* Applying, and asking for a replacement: the same process (R30); only `more` differs. */
#define WHO_APPLIES(more)                                                                          \
        .who = {                                                                                   \
                {R(HOLDER), APPLICATION, (more) | N(CONSENT), 0},                                  \
                {R(GUARDIAN), APPLICATION, (more) | N(CONSENT) | N(GUARDIANSHIP), 0},              \
                {R(AGENT), APPLICATION, (more) | N(CONSENT) | AGENTS_PAPERS, 0},                   \
                {R(OPERATOR), C(BRANCH), (more) | N(CONSENT) | N(STRONG_IDENTITY), 0},             \
                {R(BANK_OPERATOR), C(BANK_BRANCH), (more) | N(CONSENT) | N(STRONG_IDENTITY), 0},   \
        }

/* The factory, or the counter where the holder waits (R33). */
#define WHO_MAKES(needs)                                                                           \
        .who = {                                                                                   \
                {FACTORY, C(SYSTEM), needs, 0},                                                    \
                {R(OPERATOR), C(BRANCH), needs, W(INSTANT)},                                       \
                {R(BANK_OPERATOR), C(BANK_BRANCH), needs, W(INSTANT)},                             \
        }

/* clang-format off */
#define REPLACE(variant, zh, en, number, more) \
[CARD_OPERATION_REPLACE_##variant] = { \
        .name = "ReplaceCard:" #variant, .method = "ReplaceCard", .title = {zh, en}, \
        .event = CARD_REQUEST_REPLACEMENT, .replace_reason = CARD_REPLACE_##variant, .rule = number, \
        WHO_APPLIES(more), \
        ELSEWHERE("ReplaceCard:" #variant, APPLICATION, PEOPLE | R(AGENT))}

static const card_operation_row OPERATIONS[CARD_OPERATION_COUNT] = {
[CARD_OPERATION_APPLY] = {
        .name = "ApplyCard", .method = "ApplyCard", .title = {"申领社保卡", "apply for a card"},
        .scope = CARD_SCOPE_NEW, .rule = "R30",
        WHO_APPLIES(N(PHOTO) | N(BANK)),
        ELSEWHERE("ApplyCard", APPLICATION, PEOPLE | R(AGENT))},
[CARD_OPERATION_WITHDRAW] = {
        .name = "WithdrawApplication", .method = "WithdrawApplication",
        .title = {"撤回申请", "take the application back"},
        .event = CARD_WITHDRAW, .rule = "R30",
        .who = {
                {PEOPLE, APPLICATION, 0, 0},
                {R(AGENT), APPLICATION, AGENTS_PAPERS, 0},
                {R(OPERATOR), C(BRANCH), N(STRONG_IDENTITY), 0},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(STRONG_IDENTITY), 0},
        },
        ELSEWHERE("WithdrawApplication", APPLICATION, PEOPLE | R(AGENT))},
[CARD_OPERATION_START_PRODUCTION] = {
        .name = "StartProduction", .method = "StartProduction",
        .title = {"开始制卡", "start production"},
        .event = CARD_PRODUCTION_STARTED, .rule = "R32", WHO_MAKES(N(CONSENT)),
        ELSEWHERE("StartProduction", C(SYSTEM), R(PLATFORM))},
[CARD_OPERATION_COMPLETE_PRODUCTION] = {
        .name = "CompleteProduction", .method = "CompleteProduction",
        .title = {"完成制卡", "complete production"},
        .event = CARD_PRODUCTION_DONE, .rule = "R36", WHO_MAKES(0),
        ELSEWHERE("CompleteProduction", C(SYSTEM), R(PLATFORM))},
[CARD_OPERATION_FAIL_PRODUCTION] = {
        .name = "FailProduction", .method = "FailProduction",
        .title = {"登记制卡失败", "record that production failed"},
        .event = CARD_PRODUCTION_FAILED, .rule = "R32", WHO_MAKES(0),
        ELSEWHERE("FailProduction", C(SYSTEM), R(PLATFORM))},
[CARD_OPERATION_COLLECT] = {
        .name = "CollectCard", .method = "CollectCard", .title = {"领卡", "collect the card"},
        .event = CARD_COLLECT, .rule = "R37",
        .who = {
                {PEOPLE, COUNTERS, N(ID_DOCUMENT), 0},
                {R(OPERATOR), C(BRANCH), N(ID_DOCUMENT), 0},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(ID_DOCUMENT), 0},
                {R(AGENT), COUNTERS, AGENTS_PAPERS, W(AGENTS)},
                {PEOPLE | R(OPERATOR) | R(BANK_OPERATOR), C(HOME_VISIT),
                        N(ID_DOCUMENT) | N(MOBILITY_GROUND) | N(PROCEDURE), W(HOME_VISITS)},
                {R(PLATFORM), C(SYSTEM), N(DELIVERY_RECEIPT), W(MAIL)},
        },
        ELSEWHERE("CollectCard", COUNTERS, PEOPLE)},
[CARD_OPERATION_COLLECT_AND_ENABLE] = {
        .name = "CollectCard:ENABLE", .method = "CollectCard",
        .title = {"领卡并启用社保功能", "collect the card and enable it"},
        .event = CARD_COLLECT_AND_ENABLE, .rule = "R6",
        .who = {
                {R(OPERATOR), C(BRANCH), N(ID_DOCUMENT), 0},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(ID_DOCUMENT), W(AUTHORISED)},
        },
        ELSEWHERE("CollectCard:ENABLE", C(BRANCH), R(OPERATOR))},
[CARD_OPERATION_ENABLE] = {
        .name = "EnableSocialFunction", .method = "EnableSocialFunction",
        .title = {"启用社保功能", "enable the social security function"},
        .event = CARD_ENABLE_SOCIAL, .rule = "R38",
        .who = {
                {PEOPLE, C(BRANCH) | C(SELF_SERVICE) | ONLINE, N(IDENTITY), 0},
                {PEOPLE, C(BANK_BRANCH), N(IDENTITY), W(AUTHORISED)},
                {R(OPERATOR), C(BRANCH), N(STRONG_IDENTITY), 0},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(STRONG_IDENTITY), W(AUTHORISED)},
                {R(KIOSK), C(SELF_SERVICE), N(IDENTITY), 0},
                {PEOPLE | R(HOTLINE), C(PHONE_12333), N(IDENTITY), W(ENABLE_PHONE)},
        },
        ELSEWHERE("EnableSocialFunction", C(BRANCH) | C(SELF_SERVICE) | ONLINE, PEOPLE)},
[CARD_OPERATION_ENABLE_BY_PIN_CHANGE] = {
        .name = "EnableByPinChange", .method = "EnableByPinChange",
        .title = {"修改初始密码启用", "enable by changing the initial password"},
        .event = CARD_INITIAL_PASSWORD_CHANGED, .internal = true, .rule = "R7",
        .who = {{R(SYSTEM), C(SYSTEM), 0, 0}},
        ELSEWHERE("EnableByPinChange", C(SYSTEM), R(SYSTEM))},
[CARD_OPERATION_REPORT_TEMP_LOSS] = {
        .name = "ReportLoss:TEMPORARY", .method = "ReportLoss",
        .title = {"临时挂失", "report a temporary loss"},
        .event = CARD_REPORT_TEMP_LOSS, .rule = "R13",
        .who = {
                {PEOPLE | R(AGENT), C(PHONE_12333) | ONLINE | COUNTERS | C(SELF_SERVICE), N(IDENTITY), 0},
                {R(OPERATOR), C(BRANCH), N(IDENTITY), 0},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(IDENTITY), 0},
                {R(KIOSK), C(SELF_SERVICE), N(IDENTITY), 0},
                {R(HOTLINE), C(PHONE_12333), N(IDENTITY), 0},
        },
        ELSEWHERE("ReportLoss:TEMPORARY", C(PHONE_12333) | ONLINE | COUNTERS | C(SELF_SERVICE),
                  PEOPLE | R(AGENT))},
[CARD_OPERATION_REPORT_FORMAL_LOSS] = {
        .name = "ReportLoss:FORMAL", .method = "ReportLoss",
        .title = {"正式挂失", "report a loss formally"},
        .event = CARD_REPORT_FORMAL_LOSS, .rule = "R44",
        .who = {
                {PEOPLE, C(BRANCH), N(ID_DOCUMENT), 0},
                {PEOPLE, C(BANK_BRANCH), N(ID_DOCUMENT), W(AUTHORISED)},
                {R(AGENT), C(BRANCH), AGENTS_PAPERS, 0},
                {R(AGENT), C(BANK_BRANCH), AGENTS_PAPERS, W(AUTHORISED)},
                {R(OPERATOR), C(BRANCH), N(ID_DOCUMENT), 0},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(ID_DOCUMENT), W(AUTHORISED)},
                {PEOPLE, ONLINE, N(STRONG_IDENTITY), W(LOSS_ONLINE)},
        },
        ELSEWHERE("ReportLoss:FORMAL", C(BRANCH), PEOPLE)},
[CARD_OPERATION_RECOVER] = {
        .name = "RecoverCard", .method = "RecoverCard", .title = {"解除挂失", "recover the card"},
        .event = CARD_RECOVER, .rule = "A2",
        .who = {
                {PEOPLE | R(OPERATOR), C(BRANCH), N(CARD_PRESENTED) | N(STRONG_IDENTITY), W(TEMP_LOST)},
                {PEOPLE | R(KIOSK), C(SELF_SERVICE), N(CARD_PRESENTED) | N(STRONG_IDENTITY), W(TEMP_LOST)},
                {PEOPLE, ONLINE, N(FACE), W(TEMP_LOST)},
                {PEOPLE | R(OPERATOR), C(BRANCH), N(CARD_PRESENTED) | N(ID_DOCUMENT), W(LOST)},
        },
        ELSEWHERE("RecoverCard", C(BRANCH), PEOPLE)},
REPLACE(LOST, "挂失补卡", "replace a lost card", "R31", 0),
REPLACE(DAMAGED, "损坏换卡", "replace a damaged card", "R31", 0),
REPLACE(EXPIRING, "到期换卡", "renew a card that expires", "R32", 0),
REPLACE(PHOTO_OUTDATED, "更换照片换卡", "replace the card with a new photo", "R28", N(PHOTO)),
REPLACE(DATA_CHANGED, "信息变更换卡", "replace the card after a change of data", "R31", 0),
REPLACE(BANK_CHANGE, "更换银行换卡", "replace the card to change the bank", "R31", N(BANK)),
[CARD_OPERATION_CANCEL_BY_HOLDER] = {
        .name = "CancelCard:BY_HOLDER", .method = "CancelCard",
        .title = {"持卡人申请注销", "cancel at the holder's wish"},
        .event = CARD_CANCEL_BY_HOLDER, .rule = "R45",
        .who = {
                {PEOPLE | R(OPERATOR), C(BRANCH), N(NO_LOCAL_ENTITLEMENTS) | N(STRONG_IDENTITY), 0},
                {R(AGENT), C(BRANCH), N(NO_LOCAL_ENTITLEMENTS) | AGENTS_PAPERS, 0},
        },
        ELSEWHERE("CancelCard:BY_HOLDER", C(BRANCH), PEOPLE | R(AGENT))},
[CARD_OPERATION_CANCEL_BY_AUTHORITY] = {
        .name = "CancelCard:BY_AUTHORITY", .method = "CancelCard",
        .title = {"依职权注销", "cancel by the authority"},
        .event = CARD_CANCEL_BY_AUTHORITY, .rule = "R42",
        .who = {
                {R(OPERATOR), C(BRANCH), N(AUTHORITY_DOCUMENT) | N(SECOND_PERSON), 0},
                {R(PLATFORM), C(SYSTEM), N(DEATH_RECORD), W(REASON_DEATH)},
        },
        ELSEWHERE("CancelCard:BY_AUTHORITY", C(BRANCH), R(OPERATOR))},
[CARD_OPERATION_REPORT_LOST_IN_DELIVERY] = {
        .name = "ReportLostInDelivery", .method = "ReportLostInDelivery",
        .title = {"登记投递丢失", "record a loss in delivery"},
        .event = CARD_LOST_IN_DELIVERY, .rule = "R37",
        .who = {
                {R(OPERATOR), C(BRANCH), 0, 0},
                {R(PLATFORM), C(SYSTEM), 0, 0},
        },
        ELSEWHERE("ReportLostInDelivery", C(BRANCH), R(OPERATOR))},
[CARD_OPERATION_RECORD_DEATH] = {
        .name = "RecordDeath", .method = "RecordDeath", .title = {"登记死亡", "record a death"},
        .scope = CARD_SCOPE_PERSON, .rule = "R1",
        .who = {
                {R(OPERATOR), C(BRANCH), N(DEATH_RECORD), 0},
                {R(PLATFORM), C(SYSTEM), N(DEATH_RECORD), 0},
        },
        ELSEWHERE("RecordDeath", C(BRANCH), R(OPERATOR))},
[CARD_OPERATION_SET_ENTITLEMENT] = {
        .name = "SetEntitlement", .method = "SetEntitlement",
        .title = {"更新本地待遇信息", "say whether local benefits are drawn"},
        .scope = CARD_SCOPE_PERSON, .rule = "R45",
        .who = {{R(PLATFORM), C(SYSTEM), 0, 0}},
        ELSEWHERE("SetEntitlement", C(SYSTEM), R(PLATFORM))},
};
/* clang-format on */

const card_operation_row *card_operation_row_of(card_operation operation)
{
        assert(operation < CARD_OPERATION_COUNT);
        assert(OPERATIONS[operation].who[CARD_WHO_MAX - 1].roles == 0); /* every list ends */
        return &OPERATIONS[operation];
}

card_operation card_operation_find(const char *name)
{
        for (int i = 0; i < CARD_OPERATION_COUNT; i++)
                if (strcmp(OPERATIONS[i].name, name) == 0) return (card_operation)i;
        return CARD_OPERATION_COUNT;
}
