/* Texts in Chinese and English, and what lifts each refusal. */
#include "services/credential/rules/credential_refusals.h"

#include <assert.h>
#include <string.h>

#define SERVICE "sscard.credential.v1.CredentialService/"
#define COUNTER POLICY_C(BRANCH)
#define PADS (POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH) | POLICY_C(SELF_SERVICE))
#define PEOPLE POLICY_R(HOLDER)

/* clang-format off */
const policy_step CREDENTIAL_STEP_CHANGE_INITIAL = {
        .code = "CHANGE_INITIAL_PIN", .operation = SERVICE "ChangePin",
        .text = {"请及时修改社保卡初始密码，可到网点或自助机办理。", "Change the initial password soon, at an outlet or a self-service machine."},
        .channels = PADS, .who = PEOPLE, .rule = "R17"};
const policy_step CREDENTIAL_STEP_UNLOCK = {
        .code = "UNLOCK_PIN", .operation = SERVICE "UnlockPin", .lifts = true,
        .text = {"请本人携带身份证件到社保卡经办网点解锁密码。", "Go to an agency outlet with your identity document to have the password unlocked."},
        .channels = COUNTER, .who = PEOPLE, .documents = {"ID_DOCUMENT"}, .contact = POLICY_CONTACT_AGENCY, .rule = "R20"};
const policy_step CREDENTIAL_STEP_RESET = {
        .code = "RESET_PIN", .operation = SERVICE "ResetPin", .lifts = true,
        .text = {"忘记密码的，请本人携带身份证件到社保卡经办网点重置密码。", "Forgotten? Go to an agency outlet with your identity document to have it reset."},
        .channels = COUNTER, .who = PEOPLE, .documents = {"ID_DOCUMENT"}, .contact = POLICY_CONTACT_AGENCY, .rule = "R20"};
const policy_step CREDENTIAL_STEP_REPLACE = {
        .code = "REPLACE_CARD", .operation = "sscard.card.v1.CardService/ReplaceCard",
        .text = {"该密码已作废，请办理补换卡。", "This password has ended for good; have the card replaced."},
        .channels = PADS | POLICY_CHANNELS_ONLINE, .who = PEOPLE, .contact = POLICY_CONTACT_LOCAL_12333, .rule = "A4"};
static const policy_step TRY_AGAIN = {
        .code = "TRY_AGAIN", .lifts = true,
        .text = {"请核对后再次输入；连续六次错误将锁定。", "Check it and enter it again; six errors in a row lock it."}, .rule = "R19"};
static const policy_step CHOOSE_ANOTHER = {
        .code = "CHOOSE_ANOTHER_PIN", .operation = SERVICE "ChangePin", .lifts = true,
        .text = {"请另选六位数字：不要用生日、证件号或卡号末六位、重复或连续数字、原密码或初始密码。",
                 "Choose six other digits: no birth date, no last six of the identity or card number, no repeated or "
                 "sequential digits, not the old or the initial password."}, .rule = "R17"};
static const policy_step WAIT_FOR_ISSUE = {
        .code = "ISSUE_CREDENTIAL", .operation = SERVICE "IssueCredential", .lifts = true,
        .text = {"该卡尚未设置密码，请联系当地12333。", "This card has no password yet; ask the local 12333."},
        .channels = POLICY_C(SYSTEM), .who = POLICY_R(PLATFORM), .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R17"};
static const policy_step GO_ELSEWHERE = {
        .code = "GO_TO_AN_OUTLET",
        .text = {"请到社保卡服务网点或自助服务设备办理。", "This is done at an outlet or a self-service machine."},
        .channels = PADS, .who = PEOPLE, .rule = "R18"};
static const policy_step GO_TO_INSTITUTION = {
        .code = "GO_TO_SERVICE_INSTITUTION",
        .text = {"请本人携带有效身份证件到社保卡服务机构办理。", "Go to a service institution with a valid identity document."},
        .channels = POLICY_C(BRANCH) | POLICY_C(BANK_BRANCH), .who = PEOPLE, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_AGENCY, .rule = "R20"};
static const policy_step ASK_ISSUING_PLACE = {
        .code = "CALL_ISSUING_12333",
        .text = {"就近的服务机构可咨询发卡地12333。", "Ask 12333 of the issuing place where the nearest one is."},
        .contact = POLICY_CONTACT_ISSUING_12333, .rule = "R20"};
static const policy_step SHOW_EVIDENCE = {
        .code = "BRING_EVIDENCE", .lifts = true,
        .text = {"请提供所需的证件或出示卡片。", "Show the document or the card that is asked for."}, .rule = "R20"};
static const policy_step ASK_BANK = {
        .code = "ASK_THE_BANK",
        .text = {"银行账户密码请向发卡银行咨询办理。", "The bank account's password is managed by the bank; ask there."},
        .contact = POLICY_CONTACT_BANK, .rule = "R21"};
static const policy_step REPEAT = {
        .code = "REPEAT_REQUEST", .lifts = true,
        .text = {"请用同一请求编号重试。", "Repeat the request with the same request id."}, .rule = "S1"};

#define NO FAILURE_FAILED_PRECONDITION
#define INVALID FAILURE_INVALID_ARGUMENT
#define DENIED FAILURE_PERMISSION_DENIED
#define CODE(name) [CREDENTIAL_REFUSAL_##name] = {.reason = #name
static const policy_refusal REFUSALS[CREDENTIAL_REFUSAL_COUNT] = {
CODE(CREDENTIAL_NOT_SET), .status = NO, .rule = "R17",
        .text = {"该卡尚未设置社保密码。", "This card has no social security password yet."}, .steps = {&WAIT_FOR_ISSUE}},
CODE(CREDENTIAL_LOCKED), .status = NO, .rule = "R19",
        .text = {"社保密码已锁定。", "The password is locked."}, .steps = {&CREDENTIAL_STEP_UNLOCK, &CREDENTIAL_STEP_RESET}},
CODE(CREDENTIAL_VOID), .status = NO, .rule = "A4",
        .text = {"该卡的社保密码已终止。", "The password of this card has ended."}, .steps = {&CREDENTIAL_STEP_REPLACE}},
CODE(CREDENTIAL_EXISTS), .status = NO, .rule = "R17",
        .text = {"该卡已有社保密码。", "This card has a password already."}, .steps = {&CREDENTIAL_STEP_RESET}},
CODE(PIN_WRONG), .status = NO, .rule = "R19",
        .text = {"社保密码错误。", "The password is wrong."}, .steps = {&TRY_AGAIN, &CREDENTIAL_STEP_RESET}},
CODE(WEAK_PASSWORD), .status = NO, .rule = "R17",
        .text = {"新密码过于简单或不能使用。", "The new password is too easily guessed or may not be used."}, .steps = {&CHOOSE_ANOTHER}},
CODE(CHANNEL_NOT_ALLOWED), .status = DENIED, .rule = "R18",
        .text = {"此渠道不能办理该业务。", "This cannot be done on this channel."}, .steps = {&GO_ELSEWHERE}},
CODE(GO_TO_SERVICE_INSTITUTION), .status = DENIED, .rule = "R20",
        .text = {"密码解锁、重置须到社保卡服务机构办理。", "A password is unlocked or reset at a service institution, by its staff."},
        .steps = {&GO_TO_INSTITUTION, &ASK_ISSUING_PLACE}},
CODE(MISSING_EVIDENCE), .status = NO, .rule = "R20",
        .text = {"缺少办理所需材料。", "Evidence is missing."}, .steps = {&SHOW_EVIDENCE}},
CODE(OUTLET_NOT_AUTHORISED), .status = DENIED, .rule = "R18",
        .text = {"该银行网点未获授权办理此业务。", "This bank outlet is not authorised for this."}, .steps = {&GO_ELSEWHERE}},
CODE(PIN_MALFORMED), .status = INVALID, .rule = "R16", .field = "pin",
        .text = {"社保密码为六位数字。", "A password has six digits."}, .steps = {&TRY_AGAIN}},
CODE(NEW_PIN_MALFORMED), .status = INVALID, .rule = "R16", .field = "new_pin",
        .text = {"新密码应为六位数字。", "The new password has six digits."}, .steps = {&CHOOSE_ANOTHER}},
CODE(PASSWORD_KIND_REQUIRED), .status = INVALID, .rule = "R16", .field = "password",
        .text = {"请说明是社保密码还是银行密码。", "Say which password is meant: social security or bank."}, .steps = {&TRY_AGAIN}},
CODE(BANK_MANAGED), .status = NO, .rule = "R21",
        .text = {"银行账户密码由银行管理，本服务不办理。", "The bank account's password is the bank's; nothing is done about it here."}, .steps = {&ASK_BANK}},
CODE(ATTEMPT_IN_FLIGHT), .status = FAILURE_ABORTED, .rule = "R19",
        .text = {"另一次密码校验正在进行，请稍后重试。", "Another check of this password is under way; try again."}, .steps = {&REPEAT}},
CODE(ATTEMPT_LOST), .status = FAILURE_ABORTED, .rule = "R19",
        .text = {"该次校验未能完成，已计为一次错误。", "This check did not come to its end; it counts as an error."}, .steps = {&TRY_AGAIN}},
CODE(CHANGE_PENDING), .status = FAILURE_UNAVAILABLE, .rule = "R7",
        .text = {"密码修改正在处理，将自动完成。", "The change is under way and finishes by itself."}, .steps = {&REPEAT}},
};
/* clang-format on */

const policy_refusal *credential_refusal_of(credential_refusal refusal)
{
        assert(refusal < CREDENTIAL_REFUSAL_COUNT);
        return refusal == CREDENTIAL_REFUSAL_NONE ? NULL : &REFUSALS[refusal];
}

const policy_refusal *credential_refusal_find(const char *reason)
{
        for (int i = 1; i < CREDENTIAL_REFUSAL_COUNT; i++)
                if (strcmp(REFUSALS[i].reason, reason) == 0) return &REFUSALS[i];
        return NULL;
}
