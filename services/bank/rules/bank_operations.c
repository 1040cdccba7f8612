/* Who may do what, where, and with which evidence. Rows of one operation are alternatives; a role
 * that no row names may not do it at all. */
#include "services/bank/rules/bank_operations.h"

#include <assert.h>
#include <string.h>

#define C(name) POLICY_C(name)
#define R(name) POLICY_R(name)
#define N(name) CARD_N(name)
#define W(name) BANK_WHEN_##name

#define AGENTS_PAPERS (N(MANDATE) | N(AGENT_ID_DOCUMENT))
#define EXCEPTION (N(MOBILITY_GROUND) | N(PROCEDURE)) /* R11 */
#define R9_PAPERS (N(ID_DOCUMENT) | N(CARD_PRESENTED))
#define BANKS_SYSTEM (R(PLATFORM) | R(SYSTEM))

/* The bank itself: its systems, or its staff at the counter. */
#define BANK_SAYS                                                                                  \
        .who = {                                                                                   \
                {BANKS_SYSTEM, C(SYSTEM), 0, false, 0},                                            \
                {R(BANK_OPERATOR), C(BANK_BRANCH), 0, false, 0},                                   \
        }

#define ELSEWHERE(name, where, whom)                                                               \
        .elsewhere = {.code = "USE_ALLOWED_CHANNEL",                                               \
                      .operation = name,                                                           \
                      .lifts = true,                                                               \
                      .text = {"请改用可办理的渠道。", "Do it on a channel that may."},            \
                      .channels = (where),                                                         \
                      .who = (whom),                                                               \
                      .rule = "S11"}

/* clang-format off */
static const bank_operation_row OPERATIONS[BANK_OPERATION_COUNT] = {
[BANK_OPERATION_LOAD] = {
        .name = "LoadAccount", .method = "LoadAccount",
        .title = {"预开银行账户", "open the account in advance"},
        .event = BANK_LOAD, .at_the_bank = true, .rule = "R3",
        .who = {{BANKS_SYSTEM, C(SYSTEM), 0, false, 0}},
        ELSEWHERE("LoadAccount", C(SYSTEM), R(PLATFORM))},
[BANK_OPERATION_ACTIVATE] = {
        .name = "ActivateFinancialFunction", .method = "ActivateFinancialFunction",
        .title = {"激活金融功能", "activate the financial function"},
        .event = BANK_ACTIVATE, .at_the_bank = true, .rule = "R8",
        .who = {
                {R(BANK_OPERATOR), C(BANK_BRANCH), R9_PAPERS, true, W(HOLDER_CAME)},
                {R(BANK_OPERATOR), C(BANK_BRANCH), R9_PAPERS | AGENTS_PAPERS | EXCEPTION, false,
                        W(AGENT_CAME) | W(AGENTS)},
                {R(BANK_OPERATOR), C(HOME_VISIT), R9_PAPERS | EXCEPTION, false, W(HOLDER_CAME) | W(HOME_VISITS)},
        },
        ELSEWHERE("ActivateFinancialFunction", C(BANK_BRANCH), R(BANK_OPERATOR))},
[BANK_OPERATION_CONFIRM_LOSS] = {
        .name = "ConfirmBankLoss", .method = "ConfirmBankLoss",
        .title = {"银行确认挂失", "the bank confirms the loss"},
        .event = BANK_CONFIRMS_LOSS, .at_the_bank = true, .rule = "R13", BANK_SAYS,
        ELSEWHERE("ConfirmBankLoss", C(BANK_BRANCH), R(BANK_OPERATOR))},
[BANK_OPERATION_CLEAR_LOSS] = {
        .name = "ClearBankLoss", .method = "ClearBankLoss",
        .title = {"银行解除挂失", "the bank clears the loss"},
        .event = BANK_CLEARS_LOSS, .at_the_bank = true, .rule = "R13", BANK_SAYS,
        ELSEWHERE("ClearBankLoss", C(BANK_BRANCH), R(BANK_OPERATOR))},
[BANK_OPERATION_REQUEST_CLOSURE] = {
        .name = "RequestClosure", .method = "RequestClosure",
        .title = {"柜台销户", "close the account at the counter"},
        .event = BANK_CLOSE_AT_COUNTER, .at_the_bank = true, .rule = "R44",
        .who = {
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(ID_DOCUMENT), false, W(HOLDER_CAME)},
                {R(BANK_OPERATOR), C(BANK_BRANCH), N(ID_DOCUMENT) | AGENTS_PAPERS, false,
                        W(AGENT_CAME) | W(AGENTS_CLOSE)},
        },
        ELSEWHERE("RequestClosure", C(BANK_BRANCH), R(BANK_OPERATOR))},
[BANK_OPERATION_CONFIRM_CLOSED] = {
        .name = "ConfirmClosed", .method = "ConfirmClosed",
        .title = {"银行报告已销户", "the bank reports the account closed"},
        .event = BANK_REPORTS_CLOSED, .at_the_bank = true, .rule = "R44", BANK_SAYS,
        ELSEWHERE("ConfirmClosed", C(BANK_BRANCH), R(BANK_OPERATOR))},
[BANK_OPERATION_REPORT_ANSWER] = {
        .name = "ReportBankAnswer", .method = "ReportBankAnswer",
        .title = {"银行答复", "the bank answers a request"},
        .event = BANK_LOAD, .at_the_bank = true, .rule = "S1",
        .who = {{BANKS_SYSTEM, C(SYSTEM), 0, false, 0}},
        ELSEWHERE("ReportBankAnswer", C(SYSTEM), R(PLATFORM))},
[BANK_OPERATION_PASSWORD] = {
        .name = "RequestPasswordService", .method = "RequestPasswordService",
        .title = {"银行账户密码业务", "anything about the password of the account"},
        .event = BANK_PASSWORD_REQUEST, .rule = "R21",
        .who = {{POLICY_ROLES_ALL, POLICY_CHANNELS_ALL, 0, false, 0}},
        ELSEWHERE("RequestPasswordService", POLICY_CHANNELS_ALL, POLICY_ROLES_ALL)},
};
/* clang-format on */

const bank_operation_row *bank_operation_row_of(bank_operation operation)
{
        assert(operation < BANK_OPERATION_COUNT);
        return &OPERATIONS[operation];
}

bank_operation bank_operation_find(const char *name)
{
        for (int i = 0; i < BANK_OPERATION_COUNT; i++)
                if (strcmp(OPERATIONS[i].name, name) == 0) return (bank_operation)i;
        return BANK_OPERATION_COUNT;
}
