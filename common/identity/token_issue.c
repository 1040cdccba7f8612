/* Making tokens and their keys.
 * Must never be reached by a request: who can sign can be anyone. */
#include "common/identity/token_issue.h"

#include "common/base/bytes.h"
#include "common/crypto/base64url.h"
#include "common/crypto/key_file.h"
#include "common/crypto/secret_buffer.h"

#include <cjose/cjose.h>
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIFETIME_SECONDS_DEFAULT = 900, KID_BYTES = 9, PATH_BYTES = 4096 };

struct token_signer {
        cjose_jwk_t *jwk;
        const char *algorithm;
};

static bool unusable(failure *f, const char *path)
{
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                           "%s must hold a private JWK with kid: EC P-256 or RSA", path);
}

token_signer *token_signer_load(const char *jwk_file, failure *f)
{
        SCOPED(secret_buffer) content = {0};
        if (!key_file_read(jwk_file, &content, f)) return NULL;
        cjose_err error = {0};
        cjose_jwk_t *jwk = cjose_jwk_import((const char *)content.data, content.length, &error);
        const char *algorithm = NULL;
        if (jwk && cjose_jwk_get_kid(jwk, &error)) {
                cjose_jwk_kty_t type = cjose_jwk_get_kty(jwk, &error);
                if (type == CJOSE_JWK_KTY_RSA) algorithm = "PS256";
                if (type == CJOSE_JWK_KTY_EC &&
                    cjose_jwk_EC_get_curve(jwk, &error) == CJOSE_JWK_EC_P_256)
                        algorithm = "ES256";
        }
        if (!algorithm) {
                cjose_jwk_release(jwk);
                unusable(f, jwk_file);
                return NULL;
        }
        token_signer *signer = calloc(1, sizeof *signer);
        if (!signer) abort();
        signer->jwk = jwk;
        signer->algorithm = algorithm;
        return signer;
}

void token_signer_destroy(token_signer *signer)
{
        if (!signer) return;
        cjose_jwk_release(signer->jwk);
        free(signer);
}

static bool write_public_file(const char *path, const char *text, failure *f)
{
        char beside[PATH_BYTES];
        int length = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
        if (length < 0 || (size_t)length >= sizeof beside)
                return failure_set(f, FAILURE_INVALID_ARGUMENT, "KEY_FILE_PATH",
                                   "the path of the JWKS file is too long");
        int fd = mkstemp(beside);
        FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
        bool good = file && fputs(text, file) >= 0 && fputc('\n', file) != EOF;
        good = good && fchmod(fd, 0644) == 0 && fflush(file) == 0 && fsync(fd) == 0;
        if (file && fclose(file) != 0) good = false;
        if (good && rename(beside, path) == 0) return true;
        int why = errno;
        if (fd >= 0) unlink(beside);
        return failure_set(f, FAILURE_UNAVAILABLE, "KEY_FILE_UNWRITABLE", "cannot write %s: %s",
                           path, strerror(why));
}

bool token_signer_write_jwks(const token_signer *signer, const char *jwks_file, failure *f)
{
        cjose_err error = {0};
        char *text = cjose_jwk_to_json(signer->jwk, false, &error);
        json_t *key = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
        cjose_get_dealloc()(text);
        json_object_set_new(key, "use", json_string("sig"));
        json_object_set_new(key, "alg", json_string(signer->algorithm));
        json_t *set = json_pack("{s:[o]}", "keys", key); /* takes `key` over */
        char *whole = set ? json_dumps(set, JSON_INDENT(2)) : NULL;
        bool good = whole ? write_public_file(jwks_file, whole, f)
                          : failure_set(f, FAILURE_INTERNAL, "CRYPTO_UNAVAILABLE",
                                        "the public key cannot be written as JSON");
        free(whole);
        json_decref(set);
        return good;
}

bool token_signer_create_key(const char *jwk_file, failure *f)
{
        if (sodium_init() < 0) abort();
        uint8_t random[KID_BYTES];
        char kid[2 * KID_BYTES];
        randombytes_buf(random, sizeof random);
        base64url_encode(bytes_of(random, sizeof random), kid);

        cjose_err error = {0};
        cjose_jwk_t *jwk = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error);
        char *text = NULL;
        if (jwk && cjose_jwk_set_kid(jwk, kid, strlen(kid), &error))
                text = cjose_jwk_to_json(jwk, true, &error);
        bool good = text ? key_file_create(jwk_file, bytes_of_text(text), f)
                         : failure_set(f, FAILURE_INTERNAL, "CRYPTO_UNAVAILABLE",
                                       "OpenSSL gives no EC P-256 key");
        if (text) secret_wipe(text, strlen(text));
        cjose_get_dealloc()(text);
        cjose_jwk_release(jwk);
        return good;
}

bool token_signer_create_files(const char *jwk_file, const char *jwks_file, failure *f)
{
        if (!token_signer_create_key(jwk_file, f)) return false;
        token_signer *signer = token_signer_load(jwk_file, f);
        if (!signer) return false;
        bool written = token_signer_write_jwks(signer, jwks_file, f);
        token_signer_destroy(signer);
        return written;
}

static void put_text(json_t *claims, const char *name, const char *text)
{
        if (text && *text) json_object_set_new(claims, name, json_string(text));
}

static void put_list(json_t *claims, const char *name, const char *const *list, size_t count)
{
        if (count == 0) return;
        json_t *array = json_array();
        for (size_t i = 0; i < count; i++)
                json_array_append_new(array, json_string(list[i]));
        json_object_set_new(claims, name, array);
}

static void put_roles(json_t *claims, policy_roles roles)
{
        json_t *array = json_array();
        for (int role = 1; role < POLICY_ROLE_COUNT; role++)
                if (policy_roles_have(roles, (policy_role)role))
                        json_array_append_new(array,
                                              json_string(policy_role_name((policy_role)role)));
        json_object_set_new(claims, "roles", array);
}

static void put_channels(json_t *claims, policy_channels channels)
{
        json_t *array = json_array();
        for (int channel = 1; channel < POLICY_CHANNEL_COUNT; channel++)
                if (policy_channels_have(channels, (policy_channel)channel))
                        json_array_append_new(
                                array, json_string(policy_channel_name((policy_channel)channel)));
        json_object_set_new(claims, "channels", array);
}

static void put_actor(json_t *claims, const token_claims *from)
{
        if (from->actor == POLICY_ACTOR_NONE) return;
        json_t *act = json_object();
        put_text(act, "kind", policy_actor_name(from->actor));
        put_text(act, "id_number", from->actor_id_number);
        put_text(act, "holder", from->actor_holder);
        json_object_set_new(claims, "act", act);
}

static void apply_overrides(json_t *claims, json_t *overrides)
{
        const char *name;
        json_t *value;
        json_object_foreach(overrides, name, value)
        {
                if (json_is_null(value))
                        json_object_del(claims, name);
                else
                        json_object_set(claims, name, value);
        }
}

static json_t *claims_json(const token_claims *from)
{
        int64_t lifetime =
                from->lifetime_seconds ? from->lifetime_seconds : LIFETIME_SECONDS_DEFAULT;
        json_t *claims = json_object();
        put_text(claims, "iss", from->issuer ? from->issuer : TOKEN_ISSUER_DEVELOPMENT);
        put_text(claims, "sub", from->subject ? from->subject : "development");
        put_text(claims, "aud", from->audience ? from->audience : TOKEN_AUDIENCE_DEFAULT);
        json_object_set_new(claims, "iat", json_integer(from->issued_unix_seconds));
        json_object_set_new(claims, "exp", json_integer(from->issued_unix_seconds + lifetime));
        put_roles(claims, from->roles);
        put_channels(claims, from->channels);
        put_list(claims, "outlets", from->outlets, from->outlet_count);
        put_list(claims, "banks", from->banks, from->bank_count);
        put_list(claims, "purpose", from->purposes, from->purpose_count);
        put_text(claims, "region", from->region);
        put_text(claims, "operator_id", from->operator_id);
        put_text(claims, "platform", from->platform);
        put_text(claims, "case_ref", from->case_reference);
        put_text(claims, "request_hash", from->request_hash);
        json_object_set_new(claims, "assurance", json_integer(from->assurance));
        put_actor(claims, from);
        json_t *overrides = from->overrides_json
                                    ? json_loads(from->overrides_json, JSON_ALLOW_NUL, NULL)
                                    : NULL;
        apply_overrides(claims, overrides);
        json_decref(overrides);
        return claims;
}

static const char *sign(const token_signer *signer, const char *payload, arena *a)
{
        cjose_err error = {0};
        cjose_header_t *header = cjose_header_new(&error);
        const char *kid = cjose_jwk_get_kid(signer->jwk, &error);
        const char *token = NULL;
        if (header && cjose_header_set(header, CJOSE_HDR_ALG, signer->algorithm, &error) &&
            cjose_header_set(header, CJOSE_HDR_KID, kid, &error) &&
            cjose_header_set(header, "typ", "JWT", &error)) {
                cjose_jws_t *jws = cjose_jws_sign(signer->jwk, header, (const uint8_t *)payload,
                                                  strlen(payload), &error);
                const char *compact = NULL;
                if (jws && cjose_jws_export(jws, &compact, &error))
                        token = arena_strdup(a, compact);
                if (jws) cjose_jws_release(jws);
        }
        cjose_header_release(header);
        return token;
}

const char *token_issue(const token_signer *signer, const token_claims *claims, arena *a,
                        failure *f)
{
        json_t *json = claims_json(claims);
        char *payload = json_dumps(json, JSON_COMPACT);
        json_decref(json);
        if (!payload) abort();
        const char *token = sign(signer, payload, a);
        secret_wipe(payload, strlen(payload));
        free(payload);
        if (!token)
                failure_set(f, FAILURE_INTERNAL, "CRYPTO_UNAVAILABLE",
                            "the token cannot be signed");
        return token;
}
