/* From the JSON of a verified token to a caller. */
#ifndef SSCARD_COMMON_IDENTITY_CLAIMS_INTERNAL_H
#define SSCARD_COMMON_IDENTITY_CLAIMS_INTERNAL_H

#include "common/base/failure.h"
#include "common/crypto/keyed_hash.h"
#include "common/identity/caller.h"

typedef struct claims_rules {
        const char *issuer; /* NULL: any */
        const char *audience;
        keyed_hash *identity_hash;
        int64_t now_ms; /* wall */
} claims_rules;

/* NULL and `f` set (see token.h). One piece from malloc(). */
caller *claims_read(bytes json, const claims_rules *rules, failure *f) MUST_CHECK;

/* Is the JSON nested at most 8 deep? Parsers recurse, and a call's stack is 64 KiB. Brackets in
 * strings count too: more than enough for what a token holds. */
bool claims_are_shallow(bytes json);

#endif
