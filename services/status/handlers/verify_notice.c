/* VerifyNotice: is this message ours (R35, N14)? Must never say of another person's notice that it
 * exists, and never let codes be guessed. */
#include "services/status/handlers/notice_check.h"
#include "services/status/handlers/notice_limit.h"
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"
#include "services/status/rules/status_notice.h"
#include "services/status/rules/status_refusals.h"
#include "services/status/rules/status_speakable.h"

#include <string.h>

enum { NOTICES_LOOKED_AT = 200, SPEECH_BYTES = 800, TEXT_BYTES_MAX = 1024 };

static bool check(rpc_call *call, const Status__VerifyNoticeRequest *request,
                  uint8_t mac[NOTICE_CODE_BYTES])
{
        if (!notice_code_read(bytes_of_text(request->code), mac)) {
                rpc_refuse(call, status_refusal_of(STATUS_REFUSAL_NOTICE_CODE_MALFORMED), NULL, 0);
                return false;
        }
        if (strlen(request->text) <= TEXT_BYTES_MAX) return true;
        rpc_reply_invalid(call, "text", "TEXT_TOO_LONG", NULL, "text must have at most %d bytes",
                          TEXT_BYTES_MAX);
        return false;
}

static bool check_limit(rpc_call *call, const subject *s)
{
        const service_call *state = service_call_of(call);
        const status_app *app = service_call_app(call);
        const int64_t wait = notice_limit_wait_ms(
                status_app_notices(app)->limit, state->caller_key, s->record->person.holder,
                clock_monotonic_ms(status_app_notices(app)->clock));
        if (wait == 0) return true;
        const policy_refusal *refusal = status_refusal_of(STATUS_REFUSAL_NOTICE_CHECKS_EXHAUSTED);
        rpc_reply_error(call, &(rpc_error){.status = refusal->status,
                                           .reason = refusal->reason,
                                           .message = "too many codes that were not ours",
                                           .rule = refusal->rule,
                                           .text = refusal->text,
                                           .retry_after_ms = wait});
        return false;
}

static status_notice_verdict judge(const notice_record *notice, const char *text)
{
        if (!notice) return STATUS_NOTICE_NOT_OURS;
        if (*text == '\0' || strcmp(text, notice->text) == 0) return STATUS_NOTICE_GENUINE;
        return STATUS_NOTICE_ALTERED;
}

static const char *speak(rpc_call *call, status_notice_verdict verdict)
{
        const service_call *state = service_call_of(call);
        if (state->who.channel != POLICY_CHANNEL_PHONE_12333) return "";
        return policy_text_in(status_notice_text(verdict), rpc_call_language(call));
}

static void answer(rpc_call *call, const notice_record *notice, status_notice_verdict verdict)
{
        const policy_step *steps[STATUS_NOTICE_STEPS_MAX], *warnings[STATUS_NOTICE_STEPS_MAX];
        const size_t step_count = status_notice_steps(verdict, steps);
        const size_t warning_count = status_notice_warnings(verdict, warnings);
        Status__VerifyNoticeResponse response = STATUS__VERIFY_NOTICE_RESPONSE__INIT;
        Google__Protobuf__Timestamp written = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
        response.verdict = (Status__NoticeVerdict)verdict;
        if (notice) {
                response.template_ = notice->template_code;
                response.text = notice->text;
                written.seconds = notice->written_at_ms / 1000;
                written.nanos = (int32_t)(notice->written_at_ms % 1000) * 1000000;
                response.written_at = &written;
        }
        status_message_steps(call, steps, step_count, NULL, &response.next_steps,
                             &response.n_next_steps);
        status_message_warnings(call, warnings, warning_count, &response.warnings,
                                &response.n_warnings);
        response.speakable = speak(call, verdict);
        rpc_reply(call, &response.base);
}

void handle_verify_notice(rpc_call *call, const ProtobufCMessage *message)
{
        task *t = rpc_call_task(call);
        TASK_MAY_SUSPEND(t);
        const Status__VerifyNoticeRequest *request = (const Status__VerifyNoticeRequest *)message;
        status_app *app = service_call_app(call);
        subject_question question = {0};
        uint8_t mac[NOTICE_CODE_BYTES];
        subject s;
        if (!check(call, request, mac)) return;
        if (request->subject_case == STATUS__VERIFY_NOTICE_REQUEST__SUBJECT_NAME)
                question.name = request->name;
        else if (request->subject_case == STATUS__VERIFY_NOTICE_REQUEST__SUBJECT_IDENTITY_NUMBER)
                question.identity_number = request->identity_number;
        if (!subject_find(call, &question, &s) || !check_limit(call, &s)) return;
        const ulid holder = s.record->person.holder;
        notice_record *notices = NULL;
        size_t count = 0;
        if (!status_store_list(t, &status_app_notices(app)->store, ulid_part(holder), holder,
                               NOTICES_LOOKED_AT, &notices, &count))
                return;
        const notice_record *notice =
                notice_check_find(status_app_notices(app)->key, holder, notices, count, mac);
        if (!notice)
                notice_limit_missed(status_app_notices(app)->limit,
                                    service_call_of(call)->caller_key, holder,
                                    clock_monotonic_ms(status_app_notices(app)->clock));
        answer(call, notice, judge(notice, request->text));
}
