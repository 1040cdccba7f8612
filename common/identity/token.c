/* Verifying tokens: remembered ones at once, others by header, key, signature, claims.
 * Must never look at a claim before the signature has been verified. */
#include "common/identity/token.h"

#include "common/crypto/base64url.h"
#include "common/identity/claims_internal.h"
#include "common/identity/key_set_internal.h"
#include "common/identity/token_cache_internal.h"

#include <assert.h>
#include <cjose/cjose.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_ENTRIES_DEFAULT = 4096, HEADER_BYTES_MAX = 512, UNKNOWN_KID_LOOK_MS = 1000 };

struct token_verifier {
        char *jwks_file, *issuer, *audience;
        const clock_source *clock;
        keyed_hash *identity_hash;
        token_cache *cache;
        key_set *keys;
        struct stat keys_status; /* of the file that `keys` came from */
        int64_t looked_ms;       /* monotonic: the last look because of an unknown kid */
        token_counts counts;
};

static char *copy_of(const char *text)
{
        if (!text) return NULL;
        char *copy = strdup(text);
        if (!copy) abort();
        return copy;
}

token_verifier *token_verifier_create(const token_verifier_options *options, failure *f)
{
        assert(options->jwks_file && options->audience);
        assert(options->clock && options->identity_hash);
        token_verifier *verifier = calloc(1, sizeof *verifier);
        if (!verifier) abort();
        verifier->jwks_file = copy_of(options->jwks_file);
        verifier->issuer = copy_of(options->issuer);
        verifier->audience = copy_of(options->audience);
        verifier->clock = options->clock;
        verifier->identity_hash = options->identity_hash;
        verifier->cache = token_cache_create(options->cache_entries ? options->cache_entries
                                                                    : CACHE_ENTRIES_DEFAULT);
        verifier->looked_ms = INT64_MIN / 2;
        verifier->keys = key_set_load(verifier->jwks_file, &verifier->keys_status, f);
        if (verifier->keys) return verifier;
        token_verifier_destroy(verifier);
        return NULL;
}

void token_verifier_destroy(token_verifier *verifier)
{
        if (!verifier) return;
        key_set_destroy(verifier->keys);
        token_cache_destroy(verifier->cache);
        free(verifier->jwks_file);
        free(verifier->issuer);
        free(verifier->audience);
        free(verifier);
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
        return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
               a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

token_reload token_verifier_reload(token_verifier *verifier, failure *f)
{
        struct stat status;
        if (stat(verifier->jwks_file, &status) == 0 &&
            is_same_file(&status, &verifier->keys_status))
                return TOKEN_RELOAD_UNCHANGED;
        key_set *keys = key_set_load(verifier->jwks_file, &status, f);
        if (!keys) return TOKEN_RELOAD_FAILED;
        key_set_destroy(verifier->keys);
        verifier->keys = keys;
        verifier->keys_status = status;
        token_cache_clear(verifier->cache); /* a key may have been taken away */
        verifier->counts.reloads++;
        return TOKEN_RELOAD_DONE;
}

static bool refuse(failure *f, const char *reason, const char *message)
{
        return failure_set(f, FAILURE_UNAUTHENTICATED, reason, "%s", message);
}

static bool malformed(failure *f, const char *message)
{
        return refuse(f, "TOKEN_MALFORMED", message);
}

/* What follows "Bearer ", without spaces around it. */
static bytes token_of(bytes authorization)
{
        static const char scheme[] = "bearer ";
        bytes token = authorization;
        size_t length = sizeof scheme - 1;
        bool has_scheme = token.length >= length;
        for (size_t i = 0; has_scheme && i < length; i++)
                if ((token.data[i] | 0x20) != scheme[i]) has_scheme = false;
        if (has_scheme) token = bytes_of(token.data + length, token.length - length);
        while (token.length && token.data[0] == ' ')
                token = bytes_of(token.data + 1, token.length - 1);
        while (token.length && token.data[token.length - 1] == ' ')
                token.length--;
        return token;
}

/* Takes what stands before the next dot off `rest`; false: there is no dot. */
static bool take_part(bytes *rest, bytes *part)
{
        const uint8_t *dot = memchr(rest->data, '.', rest->length);
        if (!dot) return false;
        size_t length = (size_t)(dot - rest->data);
        *part = bytes_of(rest->data, length);
        *rest = bytes_of(dot + 1, rest->length - length - 1);
        return true;
}

/* Each part is read by ourselves before cjose sees it: its decoder ends the process on some
 * lengths, and its parser recurses. */
static bool check_shape(bytes token, failure *f)
{
        if (token.length > TOKEN_BYTES_MAX) return malformed(f, "the token is too long");
        bytes header, claims, signature = token;
        if (!take_part(&signature, &header) || !take_part(&signature, &claims) ||
            memchr(signature.data, '.', signature.length))
                return malformed(f, "the token has not three parts");
        if (signature.length == 0) return malformed(f, "the token is not signed");

        uint8_t decoded[TOKEN_BYTES_MAX];
        size_t length = 0;
        if (!base64url_decode(signature, decoded, sizeof decoded, &length) || length == 0)
                return malformed(f, "the signature of the token cannot be read");
        if (!base64url_decode(claims, decoded, sizeof decoded, &length) || length == 0)
                return malformed(f, "the claims of the token cannot be read");
        if (!base64url_decode(header, decoded, HEADER_BYTES_MAX, &length) ||
            !claims_are_shallow(bytes_of(decoded, length)))
                return malformed(f, "the header of the token cannot be read");
        return true;
}

static const char *header_text(cjose_jws_t *jws, const char *name)
{
        json_t *header = (json_t *)cjose_jws_get_protected(jws);
        return json_string_value(json_object_get(header, name));
}

static bool header_has(cjose_jws_t *jws, const char *name)
{
        return json_object_get((json_t *)cjose_jws_get_protected(jws), name) != NULL;
}

static const key_set_key *find_key(token_verifier *verifier, const char *kid)
{
        const key_set_key *key = key_set_find(verifier->keys, kid);
        if (key) return key;
        int64_t now = clock_monotonic_ms(verifier->clock);
        if (now - verifier->looked_ms < UNKNOWN_KID_LOOK_MS) return NULL;
        verifier->looked_ms = now;
        failure ignored = {0}; /* a broken file is told by token_verifier_reload() to its caller */
        if (token_verifier_reload(verifier, &ignored) != TOKEN_RELOAD_DONE) return NULL;
        return key_set_find(verifier->keys, kid);
}

static bool check_signature(token_verifier *verifier, cjose_jws_t *jws, failure *f)
{
        const char *algorithm = header_text(jws, "alg");
        if (!algorithm || (strcmp(algorithm, "ES256") != 0 && strcmp(algorithm, "PS256") != 0))
                return malformed(f, "the token is not signed with ES256 or PS256");
        if (header_has(jws, "crit") || header_has(jws, "b64"))
                return malformed(f, "the token needs extensions that we do not have");
        const char *kid = header_text(jws, "kid");
        if (!kid) return malformed(f, "the token does not name its key (kid)");
        const key_set_key *key = find_key(verifier, kid);
        if (!key) return refuse(f, "TOKEN_KEY_UNKNOWN", "the key of the token is not known here");
        if (strcmp(key->algorithm, algorithm) != 0)
                return refuse(f, "TOKEN_SIGNATURE",
                              "the key of the token is for another algorithm");
        cjose_err error = {0};
        if (!cjose_jws_verify(jws, key->jwk, &error))
                return refuse(f, "TOKEN_SIGNATURE", "the signature of the token is wrong");
        return true;
}

static caller *verify_anew(token_verifier *verifier, bytes token, int64_t now_ms, failure *f)
{
        if (!check_shape(token, f)) return NULL;
        cjose_err error = {0};
        cjose_jws_t *jws = cjose_jws_import((const char *)token.data, token.length, &error);
        if (!jws) {
                malformed(f, "the token is not a signed JWT");
                return NULL;
        }
        caller *verified = NULL;
        if (check_signature(verifier, jws, f)) {
                claims_rules rules = {verifier->issuer, verifier->audience, verifier->identity_hash,
                                      now_ms};
                uint8_t *plain = NULL;
                size_t length = 0;
                if (cjose_jws_get_plaintext(jws, &plain, &length, &error))
                        verified = claims_read(bytes_of(plain, length), &rules, f);
                else
                        malformed(f, "the claims of the token cannot be read");
        }
        cjose_jws_release(jws);
        return verified;
}

static bool is_in_time(const caller *c, int64_t now_ms)
{
        return now_ms < c->expires_unix_ms &&
               now_ms + TOKEN_CLOCK_SKEW_SECONDS * 1000 >= c->not_before_unix_ms;
}

bool token_verify(token_verifier *verifier, bytes authorization, arena *a, const caller **c,
                  failure *f)
{
        bytes token = token_of(authorization);
        if (token.length == 0) {
                verifier->counts.refused++;
                return refuse(f, "TOKEN_MISSING", "a token is needed: authorization: Bearer ...");
        }
        int64_t now_ms = clock_wall_ms(verifier->clock);
        const caller *remembered = token_cache_find(verifier->cache, token);
        if (remembered && is_in_time(remembered, now_ms)) {
                verifier->counts.remembered++;
                *c = caller_copy(a, remembered);
                return true;
        }
        if (remembered) token_cache_remove(verifier->cache, token);

        caller *verified = verify_anew(verifier, token, now_ms, f);
        if (!verified) {
                verifier->counts.refused++;
                assert(f->kind != FAILURE_NONE);
                return false;
        }
        verifier->counts.verified++;
        *c = caller_copy(a, verified);
        verifier->counts.evicted += token_cache_put(verifier->cache, token, verified);
        return true;
}

token_counts token_verifier_count(const token_verifier *verifier)
{
        token_counts counts = verifier->counts;
        counts.entries = token_cache_count(verifier->cache);
        counts.keys = (uint32_t)key_set_count(verifier->keys);
        return counts;
}
