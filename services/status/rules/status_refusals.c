/* Texts of the status query's own refusals. */
#include "services/status/rules/status_refusals.h"

#include "common/policy/access.h"
#include "services/bank/rules/bank_refusals.h"
#include "services/card/rules/card_refusals.h"

#include <assert.h>
#include <string.h>

/* clang-format off */
static const policy_step ASK_12333 = {
        .code = "CALL_12333", .text = {"可拨打12333咨询。", "Ask 12333."},
        .contact = POLICY_CONTACT_LOCAL_12333, .rule = "R48"};
static const policy_step REPEAT_STRONG = {
        .code = "REPEAT_WITHOUT_STALENESS", .text = {"请去掉max_staleness后重试。", "Repeat without max_staleness."}, .rule = "S6"};
static const policy_step NAME_A_SUBJECT = {
        .code = "NAME_A_SUBJECT", .text = {"请提供卡号、资源名称或公民身份号码之一。", "Give a card number, a resource name or an identity number."}, .rule = "R48"};

static const policy_step ASK_ABOUT_PERSON = {
        .code = "ASK_ABOUT_PERSON", .text = {"请按本人查询。", "Ask about the person instead."}, .rule = "R43"};

#define INVALID FAILURE_INVALID_ARGUMENT
static const policy_refusal REFUSALS[STATUS_REFUSAL_COUNT] = {
[STATUS_REFUSAL_SUBJECT_REQUIRED] = {.reason = "SUBJECT_REQUIRED", .status = INVALID, .rule = "R48", .field = "subject",
        .text = {"请说明查询哪张卡或哪个人。", "Say which card or person is asked about."}, .steps = {&NAME_A_SUBJECT}},
[STATUS_REFUSAL_PURPOSE_REQUIRED] = {.reason = "PURPOSE_REQUIRED", .status = INVALID, .rule = "R49", .field = "purpose",
        .text = {"请说明用途。", "Say what the answer is for."}, .steps = {&ASK_12333}},
[STATUS_REFUSAL_STALENESS_NOT_ALLOWED] = {.reason = "STALENESS_NOT_ALLOWED", .status = INVALID, .rule = "S6", .field = "read_options.max_staleness",
        .text = {"此查询必须使用最新信息。", "This question is answered from the latest state only."}, .steps = {&REPEAT_STRONG}},
[STATUS_REFUSAL_GUIDANCE_SUBJECT_REQUIRED] = {.reason = "GUIDANCE_SUBJECT_REQUIRED", .status = INVALID, .rule = "R2", .field = "subject",
        .text = {"请说明需要哪方面的指引。", "Say what guidance is wanted about: a card, a reason code or a topic."}, .steps = {&ASK_12333}},
[STATUS_REFUSAL_REASON_UNKNOWN] = {.reason = "REASON_UNKNOWN", .status = FAILURE_NOT_FOUND, .rule = "R2", .field = "reason",
        .text = {"没有这个原因代码。", "There is no such reason code."}, .steps = {&ASK_12333}},
[STATUS_REFUSAL_OPERATION_UNKNOWN] = {.reason = "OPERATION_UNKNOWN", .status = INVALID, .rule = "R2", .field = "operations",
        .text = {"没有这种业务。", "There is no such operation."}, .steps = {&ASK_12333}},
[STATUS_REFUSAL_CARD_ENDED_LONG_AGO] = {.reason = "CARD_ENDED_LONG_AGO", .status = FAILURE_FAILED_PRECONDITION, .rule = "R43",
        .text = {"这张卡早已注销或撤回，请查询本人现在的卡。", "This card ended long ago; ask about the card that the person has now."}, .steps = {&ASK_ABOUT_PERSON}},
[STATUS_REFUSAL_HOLDER_NOT_FOUND] = {.reason = "HOLDER_NOT_FOUND", .status = FAILURE_NOT_FOUND, .rule = "R43",
        .text = {"本地没有该人员的社保卡信息。", "This person is not known here."}, .steps = {&ASK_12333}},
[STATUS_REFUSAL_NOTICE_CODE_MALFORMED] = {.reason = "NOTICE_CODE_MALFORMED", .status = INVALID, .rule = "R35", .field = "code",
        .text = {"核验码为8位字母和数字。", "A check code has eight letters and digits."}, .steps = {&ASK_12333}},
[STATUS_REFUSAL_NOTICE_CHECKS_EXHAUSTED] = {.reason = "NOTICE_CHECKS_EXHAUSTED", .status = FAILURE_RESOURCE_EXHAUSTED, .rule = "R35",
        .text = {"多次核验未通过，请稍后再试。", "Too many codes that were not ours; wait a while."}, .steps = {&ASK_12333}},
};
/* clang-format on */

const policy_refusal *status_refusal_of(status_refusal refusal)
{
        assert((int)refusal < STATUS_REFUSAL_COUNT);
        return &REFUSALS[refusal];
}

const policy_refusal *status_refusal_find(const char *reason)
{
        for (int i = 0; i < STATUS_REFUSAL_COUNT; i++)
                if (strcmp(REFUSALS[i].reason, reason) == 0) return &REFUSALS[i];
        const policy_refusal *of_card = card_refusal_find(reason);
        if (of_card != NULL) return of_card;
        const policy_refusal *of_bank = bank_refusal_find(reason);
        return of_bank != NULL ? of_bank : policy_access_refusal_find(reason);
}
