/* A failure: the world broke. What a `false` from a MUST_CHECK function means.
 * Refusals of rules are values of their own (common/policy/refusal.h), never a failure. */
#ifndef SSCARD_COMMON_BASE_FAILURE_H
#define SSCARD_COMMON_BASE_FAILURE_H

#include "common/base/scoped.h"

#include <stdbool.h>

/* The gRPC status that a failure becomes if it reaches the end of a call. Same numbers. */
typedef enum failure_kind {
        FAILURE_NONE = 0,
        FAILURE_CANCELLED = 1,
        FAILURE_UNKNOWN = 2,
        FAILURE_INVALID_ARGUMENT = 3,
        FAILURE_DEADLINE_EXCEEDED = 4,
        FAILURE_NOT_FOUND = 5,
        FAILURE_ALREADY_EXISTS = 6,
        FAILURE_PERMISSION_DENIED = 7,
        FAILURE_RESOURCE_EXHAUSTED = 8,
        FAILURE_FAILED_PRECONDITION = 9,
        FAILURE_ABORTED = 10,
        FAILURE_OUT_OF_RANGE = 11,
        FAILURE_UNIMPLEMENTED = 12,
        FAILURE_INTERNAL = 13,
        FAILURE_UNAVAILABLE = 14,
        FAILURE_DATA_LOSS = 15,
        FAILURE_UNAUTHENTICATED = 16,
} failure_kind;

enum { FAILURE_MESSAGE_BYTES = 200 };

/* Embedded; zero is "none". The first failure wins. */
typedef struct failure {
        failure_kind kind;
        const char *reason;                  /* UPPER_SNAKE, static storage; "" when none */
        char message[FAILURE_MESSAGE_BYTES]; /* one ASCII sentence, no personal data */
} failure;

/* Records it unless one is recorded already. Always returns false: `return failure_set(…)`. */
bool failure_set(failure *f, failure_kind kind, const char *reason, const char *format, ...)
        FORMAT_CHECK(4, 5);
void failure_clear(failure *f);
/* "UNAVAILABLE" and so on. Static. */
const char *failure_kind_name(failure_kind kind);

#endif
