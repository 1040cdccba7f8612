/* Rich errors in exactly the wire format of the API: google.rpc.Status in grpc-status-details-bin
 * with ErrorInfo, sscard.common.v1.Refusal, BadRequest or PreconditionFailure, RetryInfo and
 * LocalizedMessage, in this order; 4 KiB at most, next steps are cut first. */
#ifndef SSCARD_COMMON_RPC_ERROR_H
#define SSCARD_COMMON_RPC_ERROR_H

#include "common/policy/refusal.h"
#include "common/rpc/call.h"

#include "google/rpc/status.pb-c.h"

enum { RPC_ERROR_VIOLATIONS_MAX = 8, RPC_ERROR_DETAILS_MAX = 12, RPC_ERROR_STEPS_MAX = 8 };

typedef struct rpc_error_violation {
        const char *field;       /* path, "context.request_id" */
        const char *description; /* ASCII sentence that names the rule */
        const char *reason;      /* UPPER_SNAKE */
} rpc_error_violation;

/* Everything borrowed: it lives as long as the call's arena. Zero fields are left out. */
typedef struct rpc_error {
        int status;          /* gRPC code, never 0 */
        const char *reason;  /* ErrorInfo.reason, UPPER_SNAKE */
        const char *message; /* one ASCII sentence, at most 200 bytes */
        const char *rule;    /* "S2"; NULL */
        policy_text text;    /* LocalizedMessage; NULLs: the message in English */
        policy_detail details[RPC_ERROR_DETAILS_MAX]; /* ErrorInfo.metadata */
        size_t detail_count;
        rpc_error_violation violations[RPC_ERROR_VIOLATIONS_MAX]; /* INVALID_ARGUMENT needs one */
        size_t violation_count;
        const char *precondition_type, *precondition_subject; /* PreconditionFailure; NULL: none */
        const policy_step *steps[RPC_ERROR_STEPS_MAX];
        size_t step_count;
        int64_t retry_after_ms; /* RetryInfo; 0: none */
} rpc_error;

/* Answers the call. In the call's language. */
void rpc_reply_error(rpc_call *call, const rpc_error *error);
/* INVALID_ARGUMENT for one field. `reason` static. */
void rpc_reply_invalid(rpc_call *call, const char *field, const char *reason, const char *rule,
                       const char *format, ...) FORMAT_CHECK(5, 6);
/* A rule said no: status, reason, rule, texts and steps of the refusal; `details` may be NULL. */
void rpc_refuse(rpc_call *call, const policy_refusal *refusal, const policy_detail *details,
                size_t detail_count);
/* What rpc_refuse() answers, for those who answer otherwise. */
rpc_error rpc_error_of_refusal(const policy_refusal *refusal, const policy_detail *details,
                               size_t detail_count);
/* What a call of its own would have been answered, for one item of many. In the call's arena. */
GoogleRpc__Status *rpc_error_status(rpc_call *call, const rpc_error *error);
/* The packed google.rpc.Status, for storing and for streams. In the arena. */
enum { RPC_ERROR_BYTES_MAX = 4096 };
bytes rpc_error_pack(arena *a, const rpc_error *error, const char *language);
/* ErrorInfo.reason of a packed google.rpc.Status, in the arena; "" when there is none. */
const char *rpc_error_reason(arena *a, bytes packed);

#endif
