/* The texts people hear, in Chinese and English, and what lifts each. Steps here are candidates:
 * ecard_rules.c leaves out those that would be refused themselves. */
#include "services/ecard/rules/ecard_refusals.h"

#include "common/policy/access.h"
#include "services/card/rules/card_refusals.h"

#include <assert.h>
#include <string.h>

#define HOLDERS POLICY_R(HOLDER)
#define PEOPLE (POLICY_R(HOLDER) | POLICY_R(GUARDIAN))

/* clang-format off */
const policy_step ECARD_STEP_ISSUE = {
        .code = "ISSUE_ECARD", .operation = "IssueECard", .lifts = true,
        .text = {"请在电子社保卡渠道完成实名和人脸核验后签发电子社保卡。",
                 "Have the electronic card issued: real name and face are checked in the app."},
        .channels = POLICY_CHANNELS_ONLINE, .who = PEOPLE, .rule = "R24"};
const policy_step ECARD_STEP_GRANT = {
        .code = "GRANT_AUTHORIZATION", .operation = "GrantAuthorization", .lifts = true,
        .text = {"请本人在电子社保卡中授权所需服务，最长24小时；挂失状态改变后须重新授权。",
                 "The holder allows the service in the electronic card, for at most 24 hours; a change of the card's state ends it."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R13"};
const policy_step ECARD_STEP_VERIFY_PASSWORD = {
        .code = "VERIFY_PASSWORD", .operation = "VerifyPassword", .lifts = true,
        .text = {"请先输入电子社保卡密码。", "Enter the password of the electronic card first."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R23"};
const policy_step ECARD_STEP_RESET_PASSWORD = {
        .code = "RESET_PASSWORD", .operation = "ResetPassword", .lifts = true,
        .text = {"请在首页点击“我的”，选择“设置”，进入“重置密码”，通过人脸或手机验证后重置。",
                 "Tap \"My\" on the home page, then \"Settings\", then \"Reset Password\"; your face or your phone proves who you are."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R22"};
const policy_step ECARD_STEP_CHANGE_PASSWORD = {
        .code = "CHANGE_PASSWORD", .operation = "ChangePassword",
        .text = {"如需修改密码，请在首页点击“我的”，选择“设置”，进入“修改密码”；修改后各渠道同时生效。",
                 "To change the password tap \"My\" on the home page, then \"Settings\", then \"Change Password\"; it holds on all channels at once."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R22"};
const policy_step ECARD_STEP_BIND = {
        .code = "BIND_CHANNEL", .operation = "BindChannel", .lifts = true,
        .text = {"请先在该渠道开通电子社保卡。", "Set the electronic card up on this channel first."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R12"};
const policy_step ECARD_STEP_PRESENT_CODE = {
        .code = "PRESENT_NEW_CODE", .operation = "PresentCode", .lifts = true,
        .text = {"请刷新二维码后重新出示。", "Refresh the code and show it again."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R12"};
const policy_step ECARD_STEP_UPGRADE = {
        .code = "UPGRADE_ECARD", .operation = "UpgradeECard", .lifts = true,
        .text = {"请先升级为可支付的电子社保卡（需激活社保卡金融功能）。",
                 "Upgrade to an electronic card that pays; the card's financial function must be active."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R5"};
const policy_step ECARD_STEP_FACE_LIGHTING = {
        .code = "FACE_LIGHTING",
        .text = {"请勿在强光或暗处进行人脸识别。", "Do not have your face recognised in strong light or in the dark."},
        .rule = "R25"};
const policy_step ECARD_STEP_FACE_FRAMING = {
        .code = "FACE_FRAMING",
        .text = {"请将面部完整置于取景框内，按提示完成动作。", "Place your face completely in the frame and follow the prompts."},
        .rule = "R26"};
const policy_step ECARD_STEP_CHECK_REAL_NAME = {
        .code = "CHECK_REAL_NAME",
        .text = {"请核对微信“支付—右上角三点—实名认证”是否为本人；如不是，须先更改后再申领。",
                 "Check in WeChat \"Payment - three dots upper right - real-name authentication\" that the name is yours; if not, change it before you apply."},
        .rule = "R27"};
const policy_step ECARD_STEP_NEW_PHOTO = {
        .code = "REPLACE_CARD_WITH_NEW_PHOTO", .operation = "ReplaceCard:PHOTO_OUTDATED",
        .text = {"请比对社保卡照片与本人现貌；变化较大的，请到网点申请换卡并重新提交近照。",
                 "Compare the photo on the card with how you look now; after a big change, have the card replaced at an outlet with a recent photo."},
        .channels = POLICY_C(BRANCH), .who = PEOPLE, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_AGENCY, .rule = "R28"};
static const policy_step CHECK_REAL_NAME_OF_HOST = {
        .code = "CHECK_REAL_NAME",
        .text = {"请核对该应用的实名认证是否为本人；如不是，须先更改后再申领。",
                 "Check that the app's real-name authentication is yours; if not, change it before you apply."},
        .rule = "R27"};
static const policy_step UNLOCK_PIN = {
        .code = "UNLOCK_OR_RESET_PASSWORD",
        .text = {"请携带有效身份证件和社保卡到服务网点解锁或重置社保卡密码。",
                 "Unlock or reset the card's password at a service institution, with your identity document and the card."},
        .channels = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH), .who = HOLDERS,
        .documents = {"ID_DOCUMENT", "CARD_PRESENTED"}, .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R20"};
static const policy_step TRY_AGAIN = {
        .code = "TRY_AGAIN", .text = {"请再试一次。", "Try again."}, .rule = "R22"};
static const policy_step TRY_AGAIN_LATER = {
        .code = "TRY_AGAIN_LATER", .text = {"请稍后再试。", "Try again in a while."}, .rule = "R24"};
static const policy_step CHOOSE_STRONGER_PASSWORD = {
        .code = "CHOOSE_ANOTHER_PASSWORD",
        .text = {"密码应为6至32位，不得为重复或连续字符、出生日期、证件号码末六位，也不得与旧密码相同。",
                 "6 to 32 characters; not one repeated or in sequence, not your birth date, not the end of your identity number, not the old one."},
        .rule = "R22"};
static const policy_step REVOKE_ONE = {
        .code = "REVOKE_GRANT", .operation = "RevokeAuthorization", .lifts = true,
        .text = {"请先撤销不再需要的授权。", "Revoke a grant that is no longer needed."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R13"};
static const policy_step UNBIND_ONE = {
        .code = "UNBIND_CHANNEL", .operation = "UnbindChannel", .lifts = true,
        .text = {"请先解除不再使用的渠道。", "Unbind a channel that is no longer used."},
        .channels = POLICY_CHANNELS_ONLINE, .who = HOLDERS, .rule = "R12"};
static const policy_step USE_IT = {
        .code = "USE_SERVICE",
        .text = {"社保卡状态正常，可直接使用服务，无需授权。", "The card is normal: services can be used, no grant is needed."}, .rule = "R12"};
static const policy_step CORRECT_REQUEST = {
        .code = "CORRECT_REQUEST", .text = {"请补全或更正请求。", "Correct the request."}, .rule = "S10"};
static const policy_step REPEAT_STRONG = {
        .code = "REPEAT_WITHOUT_STALENESS", .text = {"请去掉max_staleness后重试。", "Repeat without max_staleness."}, .rule = "S6"};
static const policy_step ACTIVATE_FINANCIAL = {
        .code = "ACTIVATE_FINANCIAL_FUNCTION",
        .text = {"请本人携带有效身份证件和社保卡，到卡面银行任一网点激活金融功能。",
                 "Activate the card's financial function in person at any outlet of its bank, with your identity document and the card."},
        .channels = POLICY_C(BANK_BRANCH), .who = HOLDERS,
        .documents = {"ID_DOCUMENT", "CARD_PRESENTED"}, .contact = POLICY_CONTACT_BANK, .rule = "R9"};
static const policy_step ASK_12333 = {
        .code = "CALL_12333", .text = {"可拨打发卡地12333咨询。", "Ask 12333 of the issuing place."},
        .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R34"};

#define NO FAILURE_FAILED_PRECONDITION
#define INVALID FAILURE_INVALID_ARGUMENT
#define DENIED FAILURE_PERMISSION_DENIED
#define CODE(name) [ECARD_REFUSAL_##name] = {.reason = #name
#define FACE(name) [ECARD_REFUSAL_##name] = {.reason = "FACE_MISMATCH", .status = NO, .rule = "R24", \
        .text = {"人脸与身份信息不符。", "The face does not match the identity."}

static const policy_refusal REFUSALS[ECARD_REFUSAL_COUNT] = {
CODE(ECARD_NOT_ISSUED), .status = NO, .rule = "R22",
        .text = {"尚未签发电子社保卡。", "There is no electronic card yet."}, .steps = {&ECARD_STEP_ISSUE, &ASK_12333}},
CODE(ECARD_CLOSED), .status = NO, .rule = "R12",
        .text = {"电子社保卡已注销。", "The electronic card was closed."}, .steps = {&ECARD_STEP_ISSUE, &ASK_12333}},
CODE(CREDENTIAL_LOCKED), .status = NO, .rule = "R15",
        .text = {"社保卡密码已锁定。", "The password of the card is locked."}, .steps = {&UNLOCK_PIN}},
CODE(HOLDER_AUTHORIZATION_REQUIRED), .status = NO, .rule = "R13",
        .text = {"社保卡已挂失或锁定，须经本人授权后使用电子社保卡服务。",
                 "The card is lost or locked: this needs the holder's authorization."},
        .steps = {&ECARD_STEP_GRANT, &CARD_STEP_RECOVER_TEMP, &CARD_STEP_RECOVER_LOST, &UNLOCK_PIN}},
CODE(AUTHORIZATION_NOT_NEEDED), .status = NO, .rule = "R12",
        .text = {"社保卡状态正常，无需授权。", "The card is normal: no authorization is needed."}, .steps = {&USE_IT}},
CODE(REALNAME_MISMATCH), .status = NO, .rule = "R27",
        .text = {"该应用的实名认证不是申领人本人，未进行人脸核验。",
                 "The app's real-name authentication is not the applicant's; the face was not checked."},
        .steps = {&ECARD_STEP_CHECK_REAL_NAME, &CHECK_REAL_NAME_OF_HOST}},
FACE(FACE_MISMATCH),
        .steps = {&ECARD_STEP_FACE_LIGHTING, &ECARD_STEP_FACE_FRAMING, &CHECK_REAL_NAME_OF_HOST, &ECARD_STEP_NEW_PHOTO}},
FACE(FACE_MISMATCH_WECHAT),
        .steps = {&ECARD_STEP_CHECK_REAL_NAME, &ECARD_STEP_FACE_LIGHTING, &ECARD_STEP_FACE_FRAMING, &ECARD_STEP_NEW_PHOTO}},
CODE(FACE_CHECK_UNAVAILABLE), .status = FAILURE_UNAVAILABLE, .rule = "R24",
        .text = {"人脸核验暂时无法进行，请稍后再试。", "The face check cannot be made now; please try again in a while."},
        .steps = {&TRY_AGAIN_LATER}},
CODE(WEAK_PASSWORD), .status = INVALID, .rule = "R22", .field = "password",
        .text = {"密码过于简单。", "The password is easily guessed."}, .steps = {&CHOOSE_STRONGER_PASSWORD}},
CODE(PASSWORD_WRONG), .status = NO, .rule = "R22",
        .text = {"电子社保卡密码错误。", "The password of the electronic card is wrong."}, .steps = {&TRY_AGAIN, &ECARD_STEP_RESET_PASSWORD}},
CODE(PASSWORD_LOCKED), .status = NO, .rule = "R22",
        .text = {"电子社保卡密码已锁定，请重置。", "The password of the electronic card is locked; reset it."}, .steps = {&ECARD_STEP_RESET_PASSWORD}},
CODE(SESSION_REQUIRED), .status = DENIED, .rule = "R23",
        .text = {"请先输入电子社保卡密码。", "The password of the electronic card must be entered first."}, .steps = {&ECARD_STEP_VERIFY_PASSWORD, &ECARD_STEP_RESET_PASSWORD}},
CODE(SESSION_ENDED), .status = DENIED, .rule = "R23",
        .text = {"登录已失效，请重新输入密码。", "The session has ended; enter the password again."}, .steps = {&ECARD_STEP_VERIFY_PASSWORD, &ECARD_STEP_RESET_PASSWORD}},
CODE(CHANNEL_NOT_BOUND), .status = NO, .rule = "R12",
        .text = {"该渠道尚未开通电子社保卡。", "The electronic card is not set up on this channel."}, .steps = {&ECARD_STEP_BIND, &ASK_12333}},
CODE(TOO_MANY_CHANNELS), .status = FAILURE_RESOURCE_EXHAUSTED, .rule = "R12",
        .text = {"开通的渠道过多。", "It is set up on too many channels."}, .steps = {&UNBIND_ONE}},
CODE(TOO_MANY_GRANTS), .status = FAILURE_RESOURCE_EXHAUSTED, .rule = "R13",
        .text = {"有效授权过多。", "There are too many live grants."}, .steps = {&REVOKE_ONE}},
CODE(GRANT_NOT_FOUND), .status = FAILURE_NOT_FOUND, .rule = "R13",
        .text = {"没有此项授权。", "There is no such grant."}, .steps = {&ASK_12333}},
CODE(GRANT_TOO_LONG), .status = INVALID, .rule = "A9", .field = "lifetime",
        .text = {"授权时间超过上限。", "A grant cannot last that long."}, .steps = {&CORRECT_REQUEST}},
CODE(GRANT_SERVICES_REQUIRED), .status = INVALID, .rule = "R13", .field = "services",
        .text = {"请列明授权的服务。", "Name 1 to 16 services to be allowed."}, .steps = {&CORRECT_REQUEST}},
CODE(GRANT_CHANNELS_REQUIRED), .status = INVALID, .rule = "R13", .field = "channels",
        .text = {"请列明授权的渠道。", "Name the channels on which they are allowed."}, .steps = {&CORRECT_REQUEST}},
CODE(SERVICE_REQUIRED), .status = INVALID, .rule = "R14", .field = "service",
        .text = {"请说明要使用的服务。", "Say which service is to be used."}, .steps = {&CORRECT_REQUEST}},
CODE(CODE_MALFORMED), .status = INVALID, .rule = "R12", .field = "code",
        .text = {"这不是电子社保卡二维码。", "This is not a code of an electronic card."}, .steps = {&ECARD_STEP_PRESENT_CODE, &ASK_12333}},
CODE(CODE_FORGED), .status = NO, .rule = "R12",
        .text = {"二维码签名无效。", "The code's signature is not valid."}, .steps = {&ECARD_STEP_PRESENT_CODE, &ASK_12333}},
CODE(CODE_EXPIRED), .status = NO, .rule = "R12",
        .text = {"二维码已过期。", "The code has expired."}, .steps = {&ECARD_STEP_PRESENT_CODE, &ASK_12333}},
CODE(CODE_USED), .status = NO, .rule = "R12",
        .text = {"二维码已使用。", "The code was used already."}, .steps = {&ECARD_STEP_PRESENT_CODE, &ASK_12333}},
CODE(CODE_REPLACED), .status = NO, .rule = "R12",
        .text = {"二维码已被新的替换。", "A newer code has replaced this one."}, .steps = {&ECARD_STEP_PRESENT_CODE, &ASK_12333}},
CODE(CODE_OUTDATED), .status = NO, .rule = "R12",
        .text = {"出示二维码后社保卡状态或密码已变化。", "The card's state or the password has changed since the code was made."}, .steps = {&ECARD_STEP_PRESENT_CODE, &ASK_12333}},
[ECARD_REFUSAL_LEVEL_TOO_LOW] = {.reason = "ECARD_LEVEL_TOO_LOW", .status = NO, .rule = "R5",
        .text = {"该服务需要可支付的电子社保卡。", "This service needs an electronic card that pays."}, .steps = {&ECARD_STEP_UPGRADE, &ACTIVATE_FINANCIAL}},
CODE(FINANCIAL_NOT_ACTIVATED), .status = NO, .rule = "R5",
        .text = {"社保卡金融功能未激活。", "The card's financial function is not active."}, .steps = {&ACTIVATE_FINANCIAL}},
CODE(MISSING_EVIDENCE), .status = NO, .rule = "R22",
        .text = {"缺少所需的身份验证。", "A proof of identity is missing."}, .steps = {&CORRECT_REQUEST}},
CODE(FAMILY_LIMIT_REACHED), .status = NO, .rule = "R24",
        .text = {"可代管的家人数量已达上限。", "No more family members of this kind can be looked after."}, .steps = {&ASK_12333}},
CODE(FAMILY_RELATION_REQUIRED), .status = INVALID, .rule = "R24", .field = "family.relation",
        .text = {"请选择与家人的关系。", "Say what the family member is to you."}, .steps = {&CORRECT_REQUEST}},
CODE(FAMILY_GUARDIAN_REQUIRED), .status = DENIED, .rule = "R24",
        .text = {"仅监护人可代家人申领。", "A guardian issues for the family, and only for the family."}, .steps = {&CORRECT_REQUEST}},
CODE(PHOTO_REQUIRED), .status = NO, .rule = "R28",
        .text = {"没有可比对的照片，请提交近照。", "There is no photo to compare with; a recent one is needed."}, .steps = {&CORRECT_REQUEST, &ECARD_STEP_NEW_PHOTO}},
CODE(HOST_REQUIRED), .status = INVALID, .rule = "R27", .field = "host",
        .text = {"请说明所用的应用。", "Say in which program it is."}, .steps = {&CORRECT_REQUEST}},
CODE(PERSON_DEAD), .status = NO, .rule = "R14",
        .text = {"持卡人已故。", "The holder has died."}, .steps = {&ASK_12333}},
CODE(HOLDER_NOT_FOUND), .status = FAILURE_NOT_FOUND, .rule = "R43",
        .text = {"本地没有该人员的社保卡信息。", "This person is not known here."}, .steps = {&ASK_12333}},
CODE(STALENESS_NOT_ALLOWED), .status = INVALID, .rule = "S6", .field = "read_options.max_staleness",
        .text = {"此查询必须使用最新信息。", "This question is answered from the latest state only."}, .steps = {&REPEAT_STRONG}},
};
/* clang-format on */

static const policy_refusal *of_card(ecard_refusal refusal)
{
        switch (refusal) {
        case ECARD_REFUSAL_CARD_NOT_ISSUED:
                return card_refusal_of(CARD_REFUSAL_CARD_NOT_ISSUED);
        case ECARD_REFUSAL_SOCIAL_NOT_ENABLED:
                return card_refusal_of(CARD_REFUSAL_SOCIAL_NOT_ENABLED);
        case ECARD_REFUSAL_CARD_LOST:
                return card_refusal_of(CARD_REFUSAL_CARD_LOST);
        case ECARD_REFUSAL_CARD_CANCELLED:
                return card_refusal_of(CARD_REFUSAL_CARD_CANCELLED);
        default:
                return NULL;
        }
}

const policy_refusal *ecard_refusal_of(ecard_refusal refusal)
{
        assert((int)refusal < ECARD_REFUSAL_COUNT);
        if (refusal == ECARD_REFUSAL_NONE) return NULL;
        const policy_refusal *card = of_card(refusal);
        return card ? card : &REFUSALS[refusal];
}

const policy_refusal *ecard_refusal_find(const char *reason)
{
        for (int i = 1; i < ECARD_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = ecard_refusal_of((ecard_refusal)i);
                if (strcmp(refusal->reason, reason) == 0) return refusal;
        }
        const policy_refusal *card = card_refusal_find(reason);
        return card ? card : policy_access_refusal_find(reason);
}
