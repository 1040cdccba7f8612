/* Rich errors: the order of details, the 4 KiB budget and what is cut first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/rpc/error.h"

#include "google/rpc/error_details.pb-c.h"
#include "google/rpc/status.pb-c.h"
#include "sscard/common/v1/step.pb-c.h"

#include <stdlib.h>
#include <string.h>

static const policy_step short_step = {
        .code = "RECOVER",
        .operation = "Recover",
        .lifts = true,
        .text = {.zh = "请先解挂。", .en = "Recover it first."},
        .channels = POLICY_C(BRANCH) | POLICY_C(PHONE_12333),
        .who = POLICY_R(HOLDER) | POLICY_R(AGENT),
        .documents = {"IDENTITY_DOCUMENT"},
        .rule = "R38",
};

static char long_text[901];
static policy_step long_step;

static GoogleRpc__Status *unpack(bytes packed)
{
        GoogleRpc__Status *status = google_rpc__status__unpack(NULL, packed.length, packed.data);
        assert_non_null(status);
        return status;
}

static const Google__Protobuf__Any *detail_of(const GoogleRpc__Status *status, const char *type)
{
        for (size_t i = 0; i < status->n_details; i++)
                if (strstr(status->details[i]->type_url, type)) return status->details[i];
        return NULL;
}

static void details_stand_in_the_order_of_the_api(void **state)
{
        (void)state;
        static const char *const order[] = {
                "type.googleapis.com/google.rpc.ErrorInfo",
                "type.googleapis.com/sscard.common.v1.Refusal",
                "type.googleapis.com/google.rpc.BadRequest",
                "type.googleapis.com/google.rpc.PreconditionFailure",
                "type.googleapis.com/google.rpc.RetryInfo",
                "type.googleapis.com/google.rpc.LocalizedMessage",
        };
        const rpc_error error = {
                .status = FAILURE_INVALID_ARGUMENT,
                .reason = "EVERYTHING",
                .message = "Everything at once.",
                .rule = "R1",
                .text = {.zh = "全部。", .en = "All."},
                .details = {{"opens_on", "2026-11-23"}},
                .detail_count = 1,
                .violations = {{"name", "Say a name.", "REQUIRED"}},
                .violation_count = 1,
                .precondition_type = "STATE",
                .precondition_subject = "NORMAL",
                .steps = {&short_step},
                .step_count = 1,
                .retry_after_ms = 1500,
        };
        arena a = {0};
        GoogleRpc__Status *status = unpack(rpc_error_pack(&a, &error, "en"));
        assert_int_equal(status->code, FAILURE_INVALID_ARGUMENT);
        assert_int_equal(status->n_details, ARRAY_LENGTH(order));
        for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
                assert_string_equal(status->details[i]->type_url, order[i]);
        google_rpc__status__free_unpacked(status, NULL);
        arena_release(&a);
}

static void error_info_carries_reason_domain_rule_and_metadata(void **state)
{
        (void)state;
        const rpc_error error = {.status = FAILURE_FAILED_PRECONDITION,
                                 .reason = "CARD_LIKE_THING",
                                 .message = "No.",
                                 .rule = "R17",
                                 .details = {{"remaining_attempts", "3"}},
                                 .detail_count = 1};
        arena a = {0};
        bytes packed = rpc_error_pack(&a, &error, "zh");
        assert_string_equal(rpc_error_reason(&a, packed), "CARD_LIKE_THING");
        GoogleRpc__Status *status = unpack(packed);
        const Google__Protobuf__Any *any = detail_of(status, "ErrorInfo");
        GoogleRpc__ErrorInfo *info =
                google_rpc__error_info__unpack(NULL, any->value.len, any->value.data);
        assert_string_equal(info->domain, "sscard");
        assert_int_equal(info->n_metadata, 2);
        assert_string_equal(info->metadata[0]->key, "rule");
        assert_string_equal(info->metadata[0]->value, "R17");
        assert_string_equal(info->metadata[1]->key, "remaining_attempts");
        google_rpc__error_info__free_unpacked(info, NULL);
        google_rpc__status__free_unpacked(status, NULL);
        arena_release(&a);
}

static void the_language_of_the_answer_is_the_callers(void **state)
{
        (void)state;
        const rpc_error error = {.status = FAILURE_ABORTED,
                                 .reason = "X",
                                 .message = "No.",
                                 .text = {.zh = "不行。", .en = "It cannot be."}};
        static const char *const languages[] = {"zh", "en"},
                                 *const texts[] = {"不行。", "It cannot be."},
                                 *const locales[] = {"zh-CN", "en"};
        for (int i = 0; i < 2; i++) {
                arena a = {0};
                GoogleRpc__Status *status = unpack(rpc_error_pack(&a, &error, languages[i]));
                const Google__Protobuf__Any *any = detail_of(status, "LocalizedMessage");
                GoogleRpc__LocalizedMessage *text = google_rpc__localized_message__unpack(
                        NULL, any->value.len, any->value.data);
                assert_string_equal(text->message, texts[i]);
                assert_string_equal(text->locale, locales[i]);
                google_rpc__localized_message__free_unpacked(text, NULL);
                google_rpc__status__free_unpacked(status, NULL);
                arena_release(&a);
        }
}

static void steps_are_cut_first_and_truncated_says_so(void **state)
{
        (void)state;
        rpc_error error = {.status = FAILURE_FAILED_PRECONDITION,
                           .reason = "TOO_MUCH_TO_SAY",
                           .message = "No.",
                           .rule = "R1",
                           .details = {{"key", "value"}},
                           .detail_count = 1};
        for (error.step_count = 0; error.step_count < RPC_ERROR_STEPS_MAX; error.step_count++)
                error.steps[error.step_count] = error.step_count ? &long_step : &short_step;
        arena a = {0};
        bytes packed = rpc_error_pack(&a, &error, "zh");
        assert_true(packed.length <= RPC_ERROR_BYTES_MAX);
        GoogleRpc__Status *status = unpack(packed);
        const Google__Protobuf__Any *any = detail_of(status, "Refusal");
        Common__Refusal *refusal = common__refusal__unpack(NULL, any->value.len, any->value.data);
        assert_true(refusal->truncated);
        assert_true(refusal->n_next_steps >= 1);
        assert_true(refusal->n_next_steps < RPC_ERROR_STEPS_MAX);
        assert_string_equal(refusal->next_steps[0]->code, "RECOVER");
        assert_int_equal(refusal->next_steps[0]->n_channels, 2);
        assert_string_equal(refusal->next_steps[0]->documents[0], "IDENTITY_DOCUMENT");
        common__refusal__free_unpacked(refusal, NULL);
        google_rpc__status__free_unpacked(status, NULL);
        arena_release(&a);
}

static void whatever_is_in_an_error_it_fits_in_four_kibibytes(void **state)
{
        (void)state;
        rpc_error error = {.status = FAILURE_INVALID_ARGUMENT,
                           .reason = "HUGE",
                           .message = long_text,
                           .rule = "R1",
                           .text = {.zh = long_text, .en = long_text},
                           .precondition_type = "STATE",
                           .precondition_subject = "NORMAL",
                           .retry_after_ms = 1};
        for (int i = 0; i < RPC_ERROR_STEPS_MAX; i++)
                error.steps[error.step_count++] = &long_step;
        for (int i = 0; i < RPC_ERROR_VIOLATIONS_MAX; i++)
                error.violations[error.violation_count++] =
                        (rpc_error_violation){"some.field", long_text, "BAD"};
        for (int i = 0; i < RPC_ERROR_DETAILS_MAX; i++)
                error.details[error.detail_count++] = (policy_detail){"some_key", long_text};
        arena a = {0};
        bytes packed = rpc_error_pack(&a, &error, "zh");
        assert_true(packed.length <= RPC_ERROR_BYTES_MAX);
        GoogleRpc__Status *status = unpack(packed);
        assert_true(strlen(status->message) <= 200);
        assert_non_null(detail_of(status, "ErrorInfo"));
        assert_non_null(detail_of(status, "BadRequest"));
        google_rpc__status__free_unpacked(status, NULL);
        arena_release(&a);
}

static void the_message_is_printable_ascii(void **state)
{
        (void)state;
        const rpc_error error = {.status = FAILURE_INTERNAL, .reason = "X", .message = "a\n卡 b"};
        arena a = {0};
        GoogleRpc__Status *status = unpack(rpc_error_pack(&a, &error, "zh"));
        for (const char *c = status->message; *c; c++)
                assert_true(*c >= ' ' && *c <= '~');
        google_rpc__status__free_unpacked(status, NULL);
        arena_release(&a);
}

static void invalid_argument_always_has_a_violation(void **state)
{
        (void)state;
        const rpc_error error = {
                .status = FAILURE_INVALID_ARGUMENT, .reason = "BAD", .message = "It is bad."};
        arena a = {0};
        GoogleRpc__Status *status = unpack(rpc_error_pack(&a, &error, "en"));
        const Google__Protobuf__Any *any = detail_of(status, "BadRequest");
        assert_non_null(any);
        GoogleRpc__BadRequest *bad =
                google_rpc__bad_request__unpack(NULL, any->value.len, any->value.data);
        assert_int_equal(bad->n_field_violations, 1);
        assert_string_equal(bad->field_violations[0]->reason, "BAD");
        google_rpc__bad_request__free_unpacked(bad, NULL);
        google_rpc__status__free_unpacked(status, NULL);
        arena_release(&a);
}

static void rubbish_has_no_reason(void **state)
{
        (void)state;
        arena a = {0};
        assert_string_equal(rpc_error_reason(&a, bytes_of("\xff\xff", 2)), "");
        assert_string_equal(rpc_error_reason(&a, bytes_of(NULL, 0)), "");
        arena_release(&a);
}

int main(void)
{
        for (size_t i = 0; i + 3 < sizeof long_text; i += 3)
                memcpy(long_text + i, "长", 3);
        long_step = short_step;
        long_step.text.zh = long_text;
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(details_stand_in_the_order_of_the_api),
                cmocka_unit_test(error_info_carries_reason_domain_rule_and_metadata),
                cmocka_unit_test(the_language_of_the_answer_is_the_callers),
                cmocka_unit_test(steps_are_cut_first_and_truncated_says_so),
                cmocka_unit_test(whatever_is_in_an_error_it_fits_in_four_kibibytes),
                cmocka_unit_test(the_message_is_printable_ascii),
                cmocka_unit_test(invalid_argument_always_has_a_violation),
                cmocka_unit_test(rubbish_has_no_reason),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
