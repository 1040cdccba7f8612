/* Etags: a version that a caller hands back. */
#include "common/commit/commit.h"

#include <stdio.h>
#include <string.h>

const char *commit_etag_format(arena *a, int64_t version)
{
        return arena_format(a, "v%lld", (long long)version);
}

commit_etag_verdict commit_etag_compare(const char *etag, int64_t version)
{
        if (!etag || *etag == '\0') return COMMIT_ETAG_MATCHES;
        if (etag[0] != 'v') return COMMIT_ETAG_INVALID;
        const char *digits = etag + 1;
        size_t length = strspn(digits, "0123456789");
        if (length == 0 || length > 18 || digits[length] != '\0') return COMMIT_ETAG_INVALID;
        if (digits[0] == '0' && length > 1) return COMMIT_ETAG_INVALID;
        char expected[24];
        snprintf(expected, sizeof expected, "v%lld", (long long)version);
        return strcmp(etag, expected) == 0 ? COMMIT_ETAG_MATCHES : COMMIT_ETAG_DIFFERS;
}
