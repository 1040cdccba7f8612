/* The texts people hear when a rule of the bank link says no, in Chinese and English, and what
 * lifts each. Steps here are candidates: bank_rules.c leaves out those that would be refused. */
#include "services/bank/rules/bank_refusals.h"

#include "common/base/scoped.h"
#include "services/card/rules/card_refusals.h"

#include <assert.h>
#include <string.h>

#define PEOPLE (POLICY_R(HOLDER) | POLICY_R(GUARDIAN))
#define PEOPLE_OR_AGENT (PEOPLE | POLICY_R(AGENT))

/* clang-format off */
const policy_step BANK_STEP_ACTIVATE = {
        .code = "ACTIVATE_FINANCIAL_FUNCTION", .operation = "ActivateFinancialFunction", .lifts = true,
        .text = {"须本人携带有效身份证件和社保卡，到卡面银行全国任一网点柜台激活金融功能。",
                 "Activate the financial function in person at the counter of any outlet of the card's bank in the country, with your valid identity document and the card."},
        .channels = POLICY_C(BANK_BRANCH), .who = POLICY_R(HOLDER),
        .documents = {"ID_DOCUMENT", "CARD_PRESENTED", "IN_PERSON"}, .contact = POLICY_CONTACT_BANK, .rule = "R9"};
const policy_step BANK_STEP_HOME_VISIT_OR_AGENT = {
        .code = "HOME_VISIT_OR_AGENT", .operation = "ActivateFinancialFunction",
        .text = {"高龄、重病、残疾等行动不便的，可按规定程序申请上门服务或委托他人代办。",
                 "Where age, serious illness or disability keeps you from coming, the bank visits you or an agent acts for you, by the procedure for it."},
        .channels = POLICY_C(HOME_VISIT) | POLICY_C(BANK_BRANCH), .who = PEOPLE_OR_AGENT,
        .documents = {"MOBILITY_GROUND", "PROCEDURE"}, .contact = POLICY_CONTACT_BANK, .rule = "R11"};
const policy_step BANK_STEP_CLOSE_AT_COUNTER = {
        .code = "CLOSE_BANK_ACCOUNT_AT_COUNTER", .operation = "RequestClosure", .lifts = false,
        .text = {"请到合作银行网点柜台注销卡上的银行账户。",
                 "Close the card's bank account at the counter of the partner bank."},
        .channels = POLICY_C(BANK_BRANCH), .who = PEOPLE_OR_AGENT, .documents = {"ID_DOCUMENT"},
        .contact = POLICY_CONTACT_BANK, .rule = "R44"};
const policy_step BANK_STEP_TELL_BANK = {
        .code = "REPORT_TO_BANK_TOO",
        .text = {"社保功能已挂失；银行账户请同时向银行挂失。",
                 "The social security function is stopped; report the loss to the bank too."},
        .who = PEOPLE, .contact = POLICY_CONTACT_BANK, .rule = "R13"};
const policy_step BANK_STEP_WAIT_FOR_BANK = {
        .code = "WAIT_FOR_BANK",
        .text = {"已提交银行办理，请稍后查询结果。", "The bank has been asked; look again for its answer."},
        .contact = POLICY_CONTACT_BANK, .rule = "R3"};
const policy_step BANK_STEP_ASK_BANK = {
        .code = "ASK_BANK",
        .text = {"请咨询卡面银行。", "Ask the card's bank."},
        .contact = POLICY_CONTACT_BANK, .rule = "R21"};
static const policy_step OPEN_ACCOUNT = {
        .code = "OPEN_ACCOUNT_IN_ADVANCE", .operation = "LoadAccount", .lifts = true,
        .text = {"银行账户由银行预先开立，开立后再办理。", "The bank opens the account in advance; come again when it has."},
        .channels = POLICY_C(SYSTEM), .who = POLICY_R(PLATFORM), .contact = POLICY_CONTACT_BANK, .rule = "R3"};
static const policy_step KEEP_UNTIL_ENDED = {
        .code = "END_CARD_FIRST",
        .text = {"卡片仍有效；须先正式挂失或注销社保卡，再注销银行账户。",
                 "The card is still valid: report its loss formally or cancel it first, then close the account."},
        .channels = POLICY_C(BRANCH), .who = PEOPLE_OR_AGENT, .contact = POLICY_CONTACT_AGENCY, .rule = "R45"};
static const policy_step GO_TO_RIGHT_BANK = {
        .code = "GO_TO_RIGHT_BANK",
        .text = {"请到卡面银行的网点办理，全国网点均可。", "Go to any outlet of the card's own bank, anywhere in the country."},
        .channels = POLICY_C(BANK_BRANCH), .who = PEOPLE_OR_AGENT, .contact = POLICY_CONTACT_BANK, .rule = "R10"};
static const policy_step BRING_EVIDENCE = {
        .code = "BRING_EVIDENCE",
        .text = {"请补齐所缺材料后再办理。", "Come again with what is missing."}, .rule = "R9"};

#define NO FAILURE_FAILED_PRECONDITION
#define DENIED FAILURE_PERMISSION_DENIED
#define INVALID FAILURE_INVALID_ARGUMENT
#define CODE(name) [BANK_REFUSAL_##name] = { .reason = #name

static const policy_refusal REFUSALS[BANK_REFUSAL_COUNT] = {
CODE(NO_ACCOUNT), .status = NO, .rule = "R3",
        .text = {"该卡尚未开立银行账户。", "The card has no bank account yet."},
        .steps = {&BANK_STEP_WAIT_FOR_BANK, &OPEN_ACCOUNT, &BANK_STEP_ASK_BANK}},
CODE(ACCOUNT_ACTIVE), .status = NO, .rule = "R3",
        .text = {"银行账户已激活。", "The account is active already."},
        .steps = {&BANK_STEP_ASK_BANK}},
CODE(CLOSURE_IN_PROGRESS), .status = NO, .rule = "R44",
        .text = {"银行账户正在销户，不能再激活。", "The account is being closed."},
        .steps = {&BANK_STEP_WAIT_FOR_BANK, &BANK_STEP_CLOSE_AT_COUNTER}},
CODE(ACCOUNT_CLOSED), .status = NO, .rule = "R44",
        .text = {"银行账户已注销。", "The account is closed."},
        .steps = {&BANK_STEP_ASK_BANK}},
CODE(CARD_STILL_VALID), .status = NO, .rule = "R44",
        .text = {"卡片仍有效，不能注销其银行账户。", "The card is still valid; its account cannot be closed."},
        .steps = {&KEEP_UNTIL_ENDED}},
CODE(IN_PERSON_REQUIRED), .status = DENIED, .rule = "R8",
        .text = {"按银行监管规定，金融功能须本人到银行柜台激活。",
                 "By banking supervision the financial function is activated in person, at the bank's counter."},
        .steps = {&BANK_STEP_ACTIVATE, &BANK_STEP_HOME_VISIT_OR_AGENT}},
CODE(MISSING_EVIDENCE), .status = NO, .rule = "R9",
        .text = {"缺少办理所需材料。", "Evidence is missing."},
        .steps = {&BRING_EVIDENCE}},
CODE(MOBILITY_GROUND_REQUIRED), .status = NO, .rule = "R11",
        .text = {"上门服务或代办须有高龄、重病、残疾等行动不便的事由。",
                 "A home visit or an agent needs a ground: age, serious illness, disability or another that is told."},
        .steps = {&BRING_EVIDENCE, &BANK_STEP_ACTIVATE}},
CODE(WRONG_BANK), .status = NO, .rule = "R10",
        .text = {"这不是该卡的银行。", "This is not the card's bank."},
        .steps = {&GO_TO_RIGHT_BANK}},
CODE(BANK_MANAGED), .status = NO, .rule = "R21",
        .text = {"银行账户密码由银行管理，请按银行规定办理。",
                 "The password of the bank account is managed by the bank, by the bank's rules."},
        .steps = {&BANK_STEP_ASK_BANK}},
CODE(FINANCIAL_NOT_ACTIVATED), .status = NO, .rule = "R5",
        .text = {"金融功能未激活，不能通过该卡领取待遇。不影响社会保险缴费。",
                 "The financial function is not active: benefits cannot be paid to the card. Contributions are not affected."},
        .steps = {&BANK_STEP_WAIT_FOR_BANK, &BANK_STEP_ACTIVATE, &BANK_STEP_HOME_VISIT_OR_AGENT, &BANK_STEP_ASK_BANK}},
CODE(CHANNEL_NOT_ALLOWED), .status = DENIED, .rule = "R44",
        .text = {"此渠道不能办理该业务。", "This cannot be done on this channel."}},
CODE(ROLE_NOT_ALLOWED), .status = DENIED, .rule = "S7",
        .text = {"您的身份不能办理此业务。", "Your role may not do this."},
        .steps = {&BANK_STEP_ASK_BANK}},
CODE(REFERENCE_UNKNOWN), .status = NO, .rule = "S1",
        .text = {"没有以该编号向银行提出的请求。", "The bank was not asked anything under this reference."}},
CODE(ANSWER_CONTRADICTS), .status = NO, .rule = "S1",
        .text = {"该请求此前已有不同的答复。", "This request was answered differently before."}},
CODE(ACCOUNT_REFERENCE_REQUIRED), .status = INVALID, .rule = "R3", .field = "account_reference",
        .text = {"须提供银行的账户编号。", "The bank's reference for the account is needed."}},
CODE(TOO_MANY_ACCOUNTS), .status = NO, .rule = "R44",
        .text = {"该人员未注销的银行账户过多，请先销户。", "This person has too many accounts that are not closed; close some first."},
        .steps = {&BANK_STEP_CLOSE_AT_COUNTER, &BANK_STEP_ASK_BANK}},
CODE(ACCOUNT_REFERENCE_DIFFERS), .status = NO, .rule = "R3",
        .text = {"该卡已关联另一个账户。", "The card is linked to another account."},
        .steps = {&BANK_STEP_ASK_BANK}},
};
/* clang-format on */

/* What the card's own state refuses, in the card's words. */
static const struct {
        bank_refusal refusal;
        card_refusal of_card;
} OF_CARD[] = {
        {BANK_REFUSAL_CARD_NOT_FOUND, CARD_REFUSAL_CARD_NOT_FOUND},
        {BANK_REFUSAL_CARD_NOT_ISSUED, CARD_REFUSAL_CARD_NOT_ISSUED},
        {BANK_REFUSAL_NOT_COLLECTED, CARD_REFUSAL_NOT_COLLECTED},
        {BANK_REFUSAL_CARD_TEMP_LOST, CARD_REFUSAL_CARD_TEMP_LOST},
        {BANK_REFUSAL_CARD_LOST, CARD_REFUSAL_CARD_LOST},
        {BANK_REFUSAL_CARD_CANCELLED, CARD_REFUSAL_CARD_CANCELLED},
        {BANK_REFUSAL_APPLICATION_ENDED, CARD_REFUSAL_APPLICATION_ENDED},
};

const policy_refusal *bank_refusal_of(bank_refusal refusal)
{
        assert(refusal < BANK_REFUSAL_COUNT);
        for (size_t i = 0; i < ARRAY_LENGTH(OF_CARD); i++)
                if (OF_CARD[i].refusal == refusal) return card_refusal_of(OF_CARD[i].of_card);
        return refusal == BANK_REFUSAL_NONE ? NULL : &REFUSALS[refusal];
}

const policy_refusal *bank_refusal_find(const char *reason)
{
        for (int i = 1; i < BANK_REFUSAL_COUNT; i++) {
                const policy_refusal *refusal = bank_refusal_of((bank_refusal)i);
                if (strcmp(refusal->reason, reason) == 0) return refusal;
        }
        return NULL;
}
