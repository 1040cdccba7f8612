/* CheckPayoutReadiness: can a benefit be paid to the card (R5)? */
#include "services/bank/handlers/bank_handlers.h"
#include "services/bank/handlers/bank_message.h"
#include "services/bank/handlers/subject.h"

#include "sscard/bank/v1/bank_service.pb-c.h"

void handle_check_payout_readiness(rpc_call *call, const ProtobufCMessage *message)
{
        TASK_MAY_SUSPEND(rpc_call_task(call));
        const Bank__CheckPayoutReadinessRequest *request =
                (const Bank__CheckPayoutReadinessRequest *)message;
        bank_subject subject;
        bank_verdict verdict;
        if (!service_check_part(call, "cards", "bankLink")) return;
        if (!bank_subject_of_link(call, &subject)) return;
        bank_rules_payout(&subject.facts, subject.card, &verdict);
        if (bank_verdict_is_refused(&verdict) && request->refuse_if_not_ready) {
                bank_refuse(call, &verdict);
                return;
        }
        const bank_message_context c = bank_message_context_of(call);
        Bank__CheckPayoutReadinessResponse response = BANK__CHECK_PAYOUT_READINESS_RESPONSE__INIT;
        response.rule = verdict.rule;
        response.version = (int64_t)verdict.before.version;
        response.verdict = BANK__PAYOUT_VERDICT__PAYOUT_VERDICT_READY;
        if (bank_verdict_is_refused(&verdict)) {
                response.verdict = BANK__PAYOUT_VERDICT__PAYOUT_VERDICT_NOT_READY;
                response.reason = verdict.refusal.reason;
                response.text = policy_text_in(verdict.refusal.text, c.language);
                bank_message_steps(&c, verdict.before.bank, verdict.refusal.steps,
                                   policy_refusal_step_count(&verdict.refusal),
                                   &response.next_steps, &response.n_next_steps);
        }
        rpc_reply(call, &response.base);
}
