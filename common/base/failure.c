/* Failures: the first one wins and keeps its sentence.
 * Must never allocate or log: the end of the call does, once. */
#include "common/base/failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

bool failure_set(failure *f, failure_kind kind, const char *reason, const char *format, ...)
{
        assert(kind != FAILURE_NONE);
        if (f->kind != FAILURE_NONE) return false;

        f->kind = kind;
        f->reason = reason ? reason : "";
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(f->message, sizeof f->message, format, arguments);
        va_end(arguments);
        /* It goes into headers and logs: one line of ASCII, whatever the arguments held. */
        for (char *c = f->message; *c; c++)
                if (*c < 0x20 || *c > 0x7e) *c = '?';
        return false;
}

void failure_clear(failure *f)
{
        f->kind = FAILURE_NONE;
        f->reason = "";
        f->message[0] = '\0';
}

const char *failure_kind_name(failure_kind kind)
{
        static const char *const names[] = {
                [FAILURE_NONE] = "OK",
                [FAILURE_CANCELLED] = "CANCELLED",
                [FAILURE_UNKNOWN] = "UNKNOWN",
                [FAILURE_INVALID_ARGUMENT] = "INVALID_ARGUMENT",
                [FAILURE_DEADLINE_EXCEEDED] = "DEADLINE_EXCEEDED",
                [FAILURE_NOT_FOUND] = "NOT_FOUND",
                [FAILURE_ALREADY_EXISTS] = "ALREADY_EXISTS",
                [FAILURE_PERMISSION_DENIED] = "PERMISSION_DENIED",
                [FAILURE_RESOURCE_EXHAUSTED] = "RESOURCE_EXHAUSTED",
                [FAILURE_FAILED_PRECONDITION] = "FAILED_PRECONDITION",
                [FAILURE_ABORTED] = "ABORTED",
                [FAILURE_OUT_OF_RANGE] = "OUT_OF_RANGE",
                [FAILURE_UNIMPLEMENTED] = "UNIMPLEMENTED",
                [FAILURE_INTERNAL] = "INTERNAL",
                [FAILURE_UNAVAILABLE] = "UNAVAILABLE",
                [FAILURE_DATA_LOSS] = "DATA_LOSS",
                [FAILURE_UNAUTHENTICATED] = "UNAUTHENTICATED",
        };
        _Static_assert(ARRAY_LENGTH(names) == FAILURE_UNAUTHENTICATED + 1, "one name a kind");
        unsigned index = (unsigned)kind;
        return index < ARRAY_LENGTH(names) ? names[index] : "UNKNOWN";
}
