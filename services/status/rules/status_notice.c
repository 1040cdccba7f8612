#include "services/status/rules/status_notice.h"

#include "services/card/rules/card_guidance.h"

#include <assert.h>

/* clang-format off */
static const policy_step DO_NOTHING_IT_SAYS = {
        .code = "DO_NOTHING_IT_SAYS", .rule = "R35",
        .text = {"请勿按该消息操作，不要点击链接，不要提供个人信息。",
                 "Do nothing that the message says: follow no link, give no data."}};
static const policy_step REPORT_THE_MESSAGE = {
        .code = "REPORT_THE_MESSAGE", .rule = "R35", .contact = POLICY_CONTACT_LOCAL_12333,
        .text = {"可拨打12333反映该消息；如已提供信息或转账，请立即报警并联系银行。",
                 "Tell 12333 about it. If you have given data or money, call the police and your bank at once."}};
/* clang-format on */

policy_text status_notice_text(status_notice_verdict verdict)
{
        static const policy_text texts[] = {
                [STATUS_NOTICE_GENUINE] = {"该消息是我们发送的。", "This message is ours."},
                [STATUS_NOTICE_NOT_OURS] = {"该消息不是我们发送的，请勿按其操作。",
                                            "This message is not ours. Do nothing that it says."},
                [STATUS_NOTICE_ALTERED] =
                        {"核验码属于我们发送的消息，但内容已被改动，请勿按其操作。",
                         "The code is of a message of ours, but its text was changed. "
                         "Do nothing that it says."},
        };
        assert(verdict >= STATUS_NOTICE_GENUINE && verdict <= STATUS_NOTICE_ALTERED);
        return texts[verdict];
}

size_t status_notice_steps(status_notice_verdict verdict,
                           const policy_step *steps[STATUS_NOTICE_STEPS_MAX])
{
        if (verdict == STATUS_NOTICE_GENUINE) return 0;
        steps[0] = &DO_NOTHING_IT_SAYS;
        steps[1] = &REPORT_THE_MESSAGE;
        return 2;
}

size_t status_notice_warnings(status_notice_verdict verdict,
                              const policy_step *warnings[STATUS_NOTICE_STEPS_MAX])
{
        (void)verdict;
        warnings[0] = &CARD_WARNING_NO_LINKS;
        return 1;
}
