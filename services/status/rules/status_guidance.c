/* Questions and answers as the public hears them. Where a step exists in the tables of the rules it
 * is that very step. */
#include "services/status/rules/status_guidance.h"

#include "services/card/rules/card_guidance.h"

/* clang-format off */
#define STEP(name, step_code, step_rule, zh, en) \
        static const policy_step name = {.code = step_code, .text = {zh, en}, .rule = step_rule}

STEP(IN_PERSON, "ACTIVATE_IN_PERSON", "R9",
     "携带有效身份证件和社保卡，到同一银行的全国任一网点柜台激活金融功能。",
     "Take a valid identity document and the card to any outlet of the same bank, anywhere in the country, and activate the financial function.");
STEP(HOME_VISIT, "ASK_FOR_HOME_VISIT", "R11",
     "高龄、重病、残疾等行动不便的人员，可按规定申请上门服务或委托代办。",
     "For the elderly, the seriously ill and people with a disability there are home visits, or an agent with a mandate.");
STEP(GRANT, "AUTHORISE_ECARD", "R13",
     "实体卡临时挂失或挂失期间，经本人授权可使用电子社保卡。",
     "While the card is reported lost, the electronic card can be used with the holder's authorisation.");
STEP(CHANGE_PASSWORD, "CHANGE_PASSWORD", "R18",
     "领卡后请及时修改初始密码，可到社保卡服务机构或自助设备办理。",
     "Change the initial password soon, at a card service institution or a self-service machine.");
STEP(RESET_PASSWORD, "UNLOCK_OR_RESET_PASSWORD", "R20",
     "忘记密码，或连续输错六次被锁定的，请到社保卡服务机构重置或解锁。",
     "Forgotten, or locked after six wrong tries in a row? Reset or unlock it at a card service institution.");
STEP(BANK_PASSWORD, "ASK_THE_BANK", "R21",
     "银行账户密码按社保卡服务银行的规定办理。",
     "The password of the bank account is managed by the bank.");
STEP(ECARD_MENU, "ECARD_PASSWORD_MENU", "R22",
     "在电子社保卡首页点击“我的”，选择“设置”，即可修改密码、重置密码。",
     "On the home page of the electronic card tap 'My', then 'Settings': 'Change Password' and 'Reset Password'.");
STEP(FACE_LIGHTING, "FACE_LIGHTING", "R25",
     "请勿在光线过强或过暗处进行人脸识别。", "Do not do it in strong light or in the dark.");
STEP(FACE_FRAMING, "FACE_FRAMING", "R26",
     "请将脸部完整置于识别框内，并按提示操作。", "Put your whole face in the frame and follow the prompts.");
STEP(REAL_NAME, "CHECK_REAL_NAME", "R27",
     "请核对微信实名认证（“支付”－右上角三个点－实名认证）是否为本人，不是本人的须修改后再申领。",
     "Check that the real-name authentication of WeChat ('Payment', three dots upper right, real-name authentication) is yours; if not, change it first.");
STEP(NEW_PHOTO, "REPLACE_CARD_WITH_NEW_PHOTO", "R28",
     "实体卡照片与现在相貌差别较大的，请到服务网点换卡并重新提交近照。",
     "If the photo on the card no longer looks like you, replace the card at an outlet with a recent photo.");
STEP(OTHER_PLACE, "NATIONAL_CHANNELS", "R34",
     "异地居住的，可通过国家政务服务平台、电子社保卡、掌上12333等全国统一渠道办理，具体咨询发卡地12333。",
     "Living elsewhere? Use the national government service platform, the electronic card or Pocket 12333; 12333 of the issuing place explains how.");
STEP(CONFIRM_STATUS, "CONFIRM_STATUS", "R43",
     "请先查询各张卡的应用状态。", "First look up the status of each card.");
STEP(ASK_ANYWHERE, "ASK_ON_ANY_CHANNEL", "R48",
     "可通过电子社保卡、国家社会保险公共服务平台、全国人社政务服务平台、地方线上平台、12333电话、经办网点、自助机查询。",
     "Ask on the electronic card, the national platforms, the local online platform, by telephone 12333, at an outlet or a self-service machine.");

static const status_guidance TOPICS[STATUS_TOPIC_COUNT] = {
[STATUS_TOPIC_ENABLE_AND_ACTIVATE] = {
        .title = {"社保卡如何启用和激活？", "How to enable and activate the card?"},
        .text = {"社保卡有社会保障功能和金融功能。用卡前须启用社会保障功能；通过卡领取补贴、养老金等待遇的，须激活金融功能。",
                 "The card has a social security function and a financial function. The first must be enabled before use; the second must be activated to receive benefits on the card."},
        .steps = {&CARD_STEP_ENABLE, &IN_PERSON, &HOME_VISIT}, .rules = {"R3", "R4", "R5", "R6", "R8", "R11"}},
[STATUS_TOPIC_ECARD_AFTER_LOSS] = {
        .title = {"实体卡挂失后，电子社保卡还能用吗？", "Can the electronic card be used after the card was reported lost?"},
        .text = {"实体卡正常时可以使用；临时挂失或挂失期间，经本人授权可以使用；注销后，涉及个人业务的服务不能使用。",
                 "It can while the card is normal; while it is reported lost, with the holder's authorisation; after it is cancelled, personal services are not available."},
        .steps = {&GRANT}, .rules = {"R12", "R13", "R14"}},
[STATUS_TOPIC_CARD_PASSWORD] = {
        .title = {"社保卡密码如何修改？", "How to change the card's password?"},
        .text = {"社保卡密码分为社保应用密码和银行账户密码，分别管理。",
                 "The password for social security and the password of the bank account are two, managed apart."},
        .steps = {&CHANGE_PASSWORD, &RESET_PASSWORD, &BANK_PASSWORD}, .rules = {"R16", "R17", "R18", "R19", "R20", "R21"}},
[STATUS_TOPIC_ECARD_PASSWORD] = {
        .title = {"电子社保卡密码如何修改和重置？", "How to change or reset the electronic card's password?"},
        .text = {"修改后，所有服务渠道的电子社保卡密码同时更新并生效。",
                 "A change holds on all service channels at the same time."},
        .steps = {&ECARD_MENU}, .rules = {"R22", "R23"}},
[STATUS_TOPIC_FACE_MISMATCH] = {
        .title = {"人脸识别总提示与身份不符怎么办？", "The face check says that it is not me. What now?"},
        .text = {"申领电子社保卡时出现这一提示，请依次尝试以下办法。", "Try these in order."},
        .steps = {&FACE_LIGHTING, &FACE_FRAMING, &REAL_NAME, &NEW_PHOTO}, .rules = {"R24", "R25", "R26", "R27", "R28"}},
[STATUS_TOPIC_EXPIRY] = {
        .title = {"社保卡到期怎么办？", "What to do when the card expires?"},
        .text = {"有效期届满前60日起可申请换发，流程与新申领相同，可通过服务网点或线上平台办理。",
                 "From 60 days before the day of expiry it can be renewed, as one applies for a new card, at an outlet or online."},
        .steps = {&CARD_STEP_REPLACE_EXPIRING, &OTHER_PLACE}, .warnings = {&CARD_WARNING_NO_LINKS},
        .rules = {"R29", "R30", "R31", "R32", "R34", "R35"}},
[STATUS_TOPIC_ARCHIVED] = {
        .title = {"社保卡显示封存怎么办？还能缴费吗？", "The card shows 'archived'. Can I still pay contributions?"},
        .text = {"封存是指社保卡的社会保障功能尚未激活，不影响正常缴纳社会保险费。",
                 "Archived means that the social security function of the card has not been activated. It does not affect contributions."},
        .steps = {&CARD_STEP_COLLECT, &CARD_STEP_ENABLE}, .warnings = {&CARD_WARNING_CONTRIBUTIONS},
        .rules = {"R36", "R37", "R38", "R39", "R40"}},
[STATUS_TOPIC_SEVERAL_CARDS] = {
        .title = {"有多张社保卡怎么办？", "What if I have several cards?"},
        .text = {"省内基本实现一人一卡。请先确认各卡状态，再处理不用的卡。省内转移社保关系不需换卡，跨省转移目前需要换发新卡。",
                 "Within a province there is one card a person. Confirm the status of each card first, then end those not needed. Moving inside a province needs no new card; moving to another province currently does."},
        .steps = {&CONFIRM_STATUS, &CARD_STEP_CLOSE_BANK_ACCOUNT, &CARD_STEP_CANCEL_DUPLICATE},
        .rules = {"R41", "R42", "R43", "R44", "R45", "R47"}},
[STATUS_TOPIC_WHERE_TO_ASK] = {
        .title = {"在哪里查询社保卡状态？", "Where can I ask for the status of my card?"},
        .text = {"本人、监护人或受托人可以在多种渠道查询；每次查询都有记录，本人可以查看。",
                 "The person, a guardian or an agent can ask on many channels; every question is recorded, and the person can see by whom."},
        .steps = {&ASK_ANYWHERE}, .rules = {"R48", "R49"}},
[STATUS_TOPIC_LOSS] = {
        .title = {"社保卡丢失或找到了怎么办？", "Lost or found: what to do?"},
        .text = {"丢失请立即临时挂失，再到网点正式挂失并补领；找到后可解除挂失。银行账户须另向银行挂失。",
                 "Report it at once, then formally at an outlet and ask for a replacement; if you find it, end the loss. Report the bank account to the bank too."},
        .steps = {&CARD_STEP_REPORT_TEMP_LOSS, &CARD_STEP_REPORT_FORMAL_LOSS, &CARD_STEP_RECOVER_TEMP,
                  &CARD_STEP_REPLACE_LOST, &CARD_STEP_TELL_BANK}, .rules = {"R13", "R44"}},
};
/* clang-format on */

const status_guidance *status_guidance_of(status_topic topic)
{
        if ((unsigned)topic >= STATUS_TOPIC_COUNT || topic == STATUS_TOPIC_UNSPECIFIED) return NULL;
        return &TOPICS[topic];
}
