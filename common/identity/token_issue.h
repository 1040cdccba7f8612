/* Making tokens: for development keys, sscardctl and tests, and for a service's process in its own
 * name (common/service/credentials.c). Nothing that answers a request may use it.
 *
 * A token lives 15 minutes at most, so development tools make them on demand:
 *
 *         SCOPED(arena) a = {0};
 *         failure f = {0};
 *         token_signer *signer = token_signer_load("var/keys/token-signing.jwk", &f);
 *         token_claims claims = {.roles = POLICY_R(OPERATOR), .channels = POLICY_C(BRANCH),
 *                                .issued_unix_seconds = clock_wall_ms(clock_system()) / 1000};
 *         const char *token = token_issue(signer, &claims, &a, &f);  (metadata: authorization,
 *                                                                     "Bearer " and the token)
 */
#ifndef SSCARD_COMMON_IDENTITY_TOKEN_ISSUE_H
#define SSCARD_COMMON_IDENTITY_TOKEN_ISSUE_H

#include "common/base/arena.h"
#include "common/base/failure.h"
#include "common/policy/access.h"

#include <stddef.h>
#include <stdint.h>

/* What the development keys use where nothing else is said. */
#define TOKEN_ISSUER_DEVELOPMENT "https://development.sscard.invalid"
#define TOKEN_AUDIENCE_DEFAULT "sscard"

typedef struct token_signer token_signer;

/* From a private JWK (ES256: EC P-256; PS256: RSA), mode 0600. NULL and `f` set.
 * Pair: token_signer_destroy(). */
token_signer *token_signer_load(const char *jwk_file, failure *f) MUST_CHECK;
void token_signer_destroy(token_signer *signer);
/* A new ES256 key with a random kid, mode 0600; never replaces one (as of key_file_create()). */
bool token_signer_create_key(const char *jwk_file, failure *f) MUST_CHECK;
/* That, and the JWKS with its public half. */
bool token_signer_create_files(const char *jwk_file, const char *jwks_file, failure *f) MUST_CHECK;
/* Writes the JWKS anew from the private key (a lost jwks.json). */
bool token_signer_write_jwks(const token_signer *signer, const char *jwks_file,
                             failure *f) MUST_CHECK;

/* Zero, NULL and 0 leave a claim out, or take the default in brackets. */
typedef struct token_claims {
        const char *issuer;   /* [TOKEN_ISSUER_DEVELOPMENT] */
        const char *audience; /* [TOKEN_AUDIENCE_DEFAULT] */
        const char *subject;  /* ["development"] */
        policy_roles roles;
        policy_channels channels;
        const char *const *outlets, *const *banks, *const *purposes;
        size_t outlet_count, bank_count, purpose_count;
        const char *region, *operator_id, *platform, *case_reference;
        uint8_t assurance;
        policy_actor actor;
        const char *actor_id_number, *actor_holder;
        const char *request_hash;    /* base64url */
        int64_t issued_unix_seconds; /* required: wall time */
        int64_t lifetime_seconds;    /* [900]; at most 900 is verified */
        /* Tests: a JSON object whose members replace or (null) remove claims; NULL: none. */
        const char *overrides_json;
} token_claims;

/* The compact token, in the arena; NULL and `f` set. */
const char *token_issue(const token_signer *signer, const token_claims *claims, arena *a,
                        failure *f) MUST_CHECK;

#endif
