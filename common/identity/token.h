/* Tokens: JWTs signed with ES256 or PS256 by a key of the JWKS file, verified once and remembered
 * until they expire. "none", HS256 and everything else are refused before a key is looked at.
 *
 * Claims: iss, sub, aud, exp (at most 15 minutes after iat, and from now), iat, nbf · role or roles
 * · channels[] · outlets[] · banks[] · region · operator_id · platform · assurance · purpose (one
 * or several) · case_ref · request_hash · act {kind SELF|WARD|PRINCIPAL (HOLDER, GUARDIAN, AGENT
 * are understood), id_number, holder}. */
#ifndef SSCARD_COMMON_IDENTITY_TOKEN_H
#define SSCARD_COMMON_IDENTITY_TOKEN_H

#include "common/base/clock.h"
#include "common/base/failure.h"
#include "common/crypto/keyed_hash.h"
#include "common/identity/caller.h"

enum {
        TOKEN_BYTES_MAX = 4096,
        TOKEN_LIFETIME_MAX_SECONDS = 900,
        TOKEN_CLOCK_SKEW_SECONDS = 30,
        TOKEN_LIST_MAX = 32, /* outlets, banks, purposes of one token, each */
};

typedef struct token_verifier token_verifier;

typedef struct token_verifier_options {
        const char *jwks_file;     /* copied */
        const char *issuer;        /* required in `iss`; NULL: any. Copied */
        const char *audience;      /* must be among `aud`. Copied */
        const clock_source *clock; /* outlives the verifier; wall time judges tokens */
        keyed_hash *identity_hash; /* of act.id_number; outlives the verifier */
        uint32_t cache_entries;    /* verified tokens remembered; 0: 4 096 */
} token_verifier_options;

/* NULL and `f` set when the JWKS file cannot be used. Thread: one. Pair: token_verifier_destroy().
 */
token_verifier *token_verifier_create(const token_verifier_options *options, failure *f) MUST_CHECK;
void token_verifier_destroy(token_verifier *verifier);

/* The caller of a token, copied into the arena. `authorization` is the metadata value: "Bearer "
 * and the token (a bare token is understood too). False and `f` set, kind UNAUTHENTICATED, reason:
 *   TOKEN_MISSING      absent or empty
 *   TOKEN_MALFORMED    not three base64url parts, not JSON, too long, an algorithm that is refused
 *   TOKEN_KEY_UNKNOWN  its kid is not in the JWKS file
 *   TOKEN_SIGNATURE    does not verify
 *   TOKEN_EXPIRED      exp has passed, or nbf or iat is still ahead
 *   TOKEN_LIFETIME     exp more than 15 minutes after iat or from now
 *   TOKEN_AUDIENCE     for somebody else; or from an issuer that we do not know
 *   TOKEN_CLAIMS       a claim is missing, of a wrong type, or not of the vocabulary
 * A remembered token costs less than a microsecond. */
bool token_verify(token_verifier *verifier, bytes authorization, arena *a, const caller **c,
                  failure *f) MUST_CHECK;

typedef enum token_reload {
        TOKEN_RELOAD_UNCHANGED = 0,
        TOKEN_RELOAD_DONE = 1,   /* new keys; what was remembered is forgotten */
        TOKEN_RELOAD_FAILED = 2, /* `f` says why; the old keys stay */
} token_reload;
/* Looks at the file's time and size; call it from a timer and on SIGHUP. An unknown kid looks too,
 * at most once a second. */
token_reload token_verifier_reload(token_verifier *verifier, failure *f);

typedef struct token_counts {
        uint64_t remembered, verified, refused, evicted, reloads;
        uint32_t entries, keys;
} token_counts;
token_counts token_verifier_count(const token_verifier *verifier);

#endif
