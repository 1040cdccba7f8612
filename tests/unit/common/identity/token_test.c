/* Tokens: what is good becomes a caller, and each way of being bad has its reason. */
#include "common/identity/token.h"

#include "common/crypto/key_file.h"
#include "tests/unit/common/identity/identity_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjose/cjose.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_up(void **state)
{
        identity_fixture *f = malloc(sizeof *f);
        *state = f;
        return f && identity_fixture_open(f, "token", 0) ? 0 : -1;
}

static int tear_down(void **state)
{
        identity_fixture_close(*state);
        free(*state);
        return 0;
}

static const char *reason_with(identity_fixture *f, const char *overrides)
{
        token_claims claims = identity_fixture_claims();
        claims.overrides_json = overrides;
        return identity_fixture_reason(f, identity_fixture_token(f, &claims), NULL);
}

static void assert_operator(identity_fixture *f, const caller *c)
{
        assert_string_equal(c->issuer, TOKEN_ISSUER_DEVELOPMENT);
        assert_string_equal(c->subject, "operator-7");
        assert_int_equal(c->roles, POLICY_R(OPERATOR) | POLICY_R(AUDITOR));
        assert_int_equal(c->channels, POLICY_C(BRANCH) | POLICY_C(HOME_VISIT));
        assert_true(caller_has_outlet(c, "330100-002"));
        assert_false(caller_has_outlet(c, "330100-003"));
        assert_true(caller_has_bank(c, "102"));
        assert_true(caller_has_purpose(c, "COUNTER_SERVICE"));
        assert_string_equal(c->region, "330000");
        assert_string_equal(c->operator_id, "OP0007");
        assert_string_equal(c->platform, "zhejiang-counter");
        assert_string_equal(c->case_reference, "case-1");
        assert_int_equal(c->assurance, 3);
        assert_int_equal(c->actor, POLICY_ACTOR_SELF);
        assert_true(c->actor_has_identity);
        digest expected = keyed_hash_of(f->hash, bytes_of_text("33010219900101123X"));
        assert_memory_equal(c->actor_identity.bytes, expected.bytes, DIGEST_BYTES);
        assert_int_equal(c->expires_unix_ms, (FIXTURE_NOW_SECONDS + 900) * 1000);
}

static void a_good_token_becomes_a_caller_the_first_and_the_second_time(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(f, &claims);
        const caller *first = NULL, *second = NULL;
        assert_string_equal(identity_fixture_reason(f, token, &first), "");
        assert_operator(f, first);
        assert_string_equal(identity_fixture_reason(f, token, &second), "");
        assert_operator(f, second);
        assert_ptr_not_equal(first, second);
        token_counts counts = token_verifier_count(f->verifier);
        assert_int_equal(counts.verified, 1);
        assert_int_equal(counts.remembered, 1);
        assert_int_equal(counts.entries, 1);
}

static void absent_claims_become_empty_texts_and_zero(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = {.roles = POLICY_R(SYSTEM),
                               .issued_unix_seconds = FIXTURE_NOW_SECONDS};
        const caller *c = NULL;
        assert_string_equal(identity_fixture_reason(f, identity_fixture_token(f, &claims), &c), "");
        assert_string_equal(c->region, "");
        assert_string_equal(c->operator_id, "");
        assert_string_equal(c->actor_holder, "");
        assert_int_equal(c->actor, POLICY_ACTOR_NONE);
        assert_false(c->actor_has_identity);
        assert_int_equal(c->outlet_count + c->bank_count + c->purpose_count, 0);
        assert_int_equal(c->channels, 0);
}

static void the_bearer_scheme_may_stand_before_the_token(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(f, &claims);
        assert_string_equal(
                identity_fixture_reason(f, arena_format(&f->arena, "Bearer %s", token), NULL), "");
        assert_string_equal(
                identity_fixture_reason(f, arena_format(&f->arena, "bearer  %s ", token), NULL),
                "");
        assert_string_equal(
                identity_fixture_reason(f, arena_format(&f->arena, "Basic %s", token), NULL),
                "TOKEN_MALFORMED");
        assert_int_equal(token_verifier_count(f->verifier).entries, 1);
}

static void no_token_is_told_apart_from_a_bad_one(void **state)
{
        identity_fixture *f = *state;
        assert_string_equal(identity_fixture_reason(f, "", NULL), "TOKEN_MISSING");
        assert_string_equal(identity_fixture_reason(f, "Bearer ", NULL), "TOKEN_MISSING");
        assert_string_equal(identity_fixture_reason(f, "   ", NULL), "TOKEN_MISSING");
        static const char *const malformed[] = {"x",    "a.b",         "..",      "a.b.c.d",
                                                "a.b.", "e30.e30.e30", "卡.卡.卡"};
        for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
                assert_string_equal(identity_fixture_reason(f, malformed[i], NULL),
                                    "TOKEN_MALFORMED");
        char *long_token = arena_alloc(&f->arena, 10001);
        memset(long_token, 'A', 10000);
        long_token[10000] = 0;
        long_token[10] = long_token[20] = '.';
        assert_string_equal(identity_fixture_reason(f, long_token, NULL), "TOKEN_MALFORMED");
}

static const char *encoded(identity_fixture *f, const char *text)
{
        char *base64url = NULL;
        size_t length = 0;
        cjose_err error;
        assert_true(cjose_base64url_encode((const uint8_t *)text, strlen(text), &base64url, &length,
                                           &error));
        const char *copy = arena_copy(&f->arena, base64url, length);
        free(base64url);
        return copy;
}

/* The good token's claims and signature under another header. */
static const char *reason_with_header(identity_fixture *f, const char *header)
{
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(f, &claims);
        const char *rest = strchr(token, '.');
        return identity_fixture_reason(f, arena_format(&f->arena, "%s%s", encoded(f, header), rest),
                                       NULL);
}

static void algorithms_that_anyone_can_forge_are_refused(void **state)
{
        identity_fixture *f = *state;
        static const char *const algorithms[] = {"none",  "None",  "HS256", "HS384", "RS256",
                                                 "ES384", "ES512", "PS512", "",      "es256"};
        for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
                const char *header =
                        arena_format(&f->arena, "{\"alg\":\"%s\",\"kid\":\"x\"}", algorithms[i]);
                assert_string_equal(reason_with_header(f, header), "TOKEN_MALFORMED");
        }
        assert_string_equal(reason_with_header(f, "{\"kid\":\"x\"}"), "TOKEN_MALFORMED");
        assert_string_equal(reason_with_header(f, "{\"alg\":\"ES256\"}"), "TOKEN_MALFORMED");
        assert_string_equal(reason_with_header(f, "{\"alg\":[\"ES256\"],\"kid\":\"x\"}"),
                            "TOKEN_MALFORMED");
        assert_string_equal(
                reason_with_header(f, "{\"alg\":\"ES256\",\"kid\":\"x\",\"crit\":[\"b64\"]}"),
                "TOKEN_MALFORMED");
        assert_string_equal(reason_with_header(f, "{\"alg\":\"ES256\",\"kid\":\"x\"}"),
                            "TOKEN_KEY_UNKNOWN");
}

static void an_unsigned_token_is_refused(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(f, &claims);
        const char *payload = strchr(token, '.') + 1;
        const char *unsigned_token =
                arena_format(&f->arena, "%s.%.*s.", encoded(f, "{\"alg\":\"none\"}"),
                             (int)strcspn(payload, "."), payload);
        assert_string_equal(identity_fixture_reason(f, unsigned_token, NULL), "TOKEN_MALFORMED");
}

static void a_header_nested_deep_enough_to_exhaust_a_stack_is_refused(void **state)
{
        identity_fixture *f = *state;
        char deep[400];
        memset(deep, '[', sizeof deep - 1);
        deep[sizeof deep - 1] = 0;
        assert_string_equal(reason_with_header(f, deep), "TOKEN_MALFORMED");
        assert_string_equal(reason_with(f, "{\"x\":[[[[[[[[[[]]]]]]]]]]}"), "TOKEN_MALFORMED");
}

static void any_changed_character_breaks_the_token(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(f, &claims);
        size_t length = strlen(token);
        for (size_t i = 0; i < length; i += 3) {
                char *altered = arena_strdup(&f->arena, token);
                altered[i] = altered[i] == 'A' ? 'B' : 'A';
                const char *reason = identity_fixture_reason(f, altered, NULL);
                if (*reason == '\0') fail_msg("accepted with character %zu changed", i);
        }
}

static void a_foreign_key_with_our_kid_does_not_sign_for_us(void **state)
{
        identity_fixture *f = *state;
        identity_fixture other;
        assert_true(identity_fixture_open(&other, "foreign", 0));
        token_claims claims = identity_fixture_claims();
        const char *foreign = identity_fixture_token(&other, &claims);
        assert_string_equal(identity_fixture_reason(f, foreign, NULL), "TOKEN_KEY_UNKNOWN");

        const char *ours = identity_fixture_token(f, &claims);
        const char *mixed = arena_format(&f->arena, "%.*s%s", (int)strcspn(ours, "."), ours,
                                         strchr(foreign, '.'));
        assert_string_equal(identity_fixture_reason(f, mixed, NULL), "TOKEN_SIGNATURE");
        identity_fixture_close(&other);
}

static void time_is_judged_by_the_wall_clock(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        claims.lifetime_seconds = 60;
        const char *token = identity_fixture_token(f, &claims);
        assert_string_equal(identity_fixture_reason(f, token, NULL), "");
        clock_manual_advance(&f->clock, 59999);
        assert_string_equal(identity_fixture_reason(f, token, NULL), "");
        clock_manual_advance(&f->clock, 1);
        assert_string_equal(identity_fixture_reason(f, token, NULL), "TOKEN_EXPIRED");
        assert_int_equal(token_verifier_count(f->verifier).entries, 0);

        claims.issued_unix_seconds = FIXTURE_NOW_SECONDS + 60 + 31;
        assert_string_equal(identity_fixture_reason(f, identity_fixture_token(f, &claims), NULL),
                            "TOKEN_EXPIRED");
        claims.issued_unix_seconds = FIXTURE_NOW_SECONDS + 60 + 30;
        assert_string_equal(identity_fixture_reason(f, identity_fixture_token(f, &claims), NULL),
                            "");
        assert_string_equal(reason_with(f, "{\"nbf\": 1795400091}"), "TOKEN_EXPIRED");
        assert_string_equal(reason_with(f, "{\"nbf\": 1795400000}"), "");
}

static void a_token_lives_fifteen_minutes_at_most(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        claims.lifetime_seconds = 901;
        assert_string_equal(identity_fixture_reason(f, identity_fixture_token(f, &claims), NULL),
                            "TOKEN_LIFETIME");
        claims.lifetime_seconds = 900;
        assert_string_equal(identity_fixture_reason(f, identity_fixture_token(f, &claims), NULL),
                            "");
        assert_string_equal(reason_with(f, "{\"exp\": 1e18}"), "TOKEN_CLAIMS");
        assert_string_equal(reason_with(f, "{\"exp\": -1}"), "TOKEN_CLAIMS");
        assert_string_equal(reason_with(f, "{\"exp\": null}"), "TOKEN_CLAIMS");
        assert_string_equal(reason_with(f, "{\"iat\": null}"), "TOKEN_CLAIMS");
        assert_string_equal(reason_with(f, "{\"exp\": \"soon\"}"), "TOKEN_CLAIMS");
}

static void only_our_audience_and_issuer_are_heard(void **state)
{
        identity_fixture *f = *state;
        assert_string_equal(reason_with(f, "{\"aud\": \"other\"}"), "TOKEN_AUDIENCE");
        assert_string_equal(reason_with(f, "{\"aud\": [\"other\", \"sscard\"]}"), "");
        assert_string_equal(reason_with(f, "{\"aud\": []}"), "TOKEN_CLAIMS");
        assert_string_equal(reason_with(f, "{\"aud\": null}"), "TOKEN_CLAIMS");
        assert_string_equal(reason_with(f, "{\"iss\": \"https://elsewhere\"}"), "TOKEN_AUDIENCE");
}

static void claims_of_the_wrong_kind_are_refused(void **state)
{
        identity_fixture *f = *state;
        static const char *const wrong[] = {
                "{\"sub\": null}",
                "{\"sub\": \"\"}",
                "{\"sub\": 7}",
                "{\"sub\": \"张三\"}",
                "{\"sub\": \"a\\nb\"}",
                "{\"roles\": null}",
                "{\"roles\": []}",
                "{\"roles\": [\"EMPEROR\"]}",
                "{\"roles\": [\"UNSPECIFIED\"]}",
                "{\"roles\": [7]}",
                "{\"roles\": {\"OPERATOR\": true}}",
                "{\"channels\": [\"FAX\"]}",
                "{\"channels\": \"FAX\"}",
                "{\"outlets\": [1]}",
                "{\"outlets\": [\"\"]}",
                "{\"region\": \"33000\"}",
                "{\"region\": \"33000x\"}",
                "{\"region\": 330000}",
                "{\"assurance\": 4}",
                "{\"assurance\": -1}",
                "{\"assurance\": \"3\"}",
                "{\"assurance\": 2.5}",
                "{\"act\": \"HOLDER\"}",
                "{\"act\": {}}",
                "{\"act\": {\"kind\": \"GHOST\"}}",
                "{\"act\": {\"kind\": \"SELF\", \"id_number\": \"33010219900101123x\"}}",
                "{\"act\": {\"kind\": \"SELF\", \"id_number\": 330102199001011234}}",
                "{\"act\": {\"kind\": \"SELF\", \"id_number\": \"\"}}",
                "{\"request_hash\": \"AAAA\"}",
        };
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                const char *reason = reason_with(f, wrong[i]);
                if (strcmp(reason, "TOKEN_CLAIMS") != 0) fail_msg("%s gave %s", wrong[i], reason);
        }
        assert_string_equal(reason_with(f, "{\"role\": \"HOTLINE\", \"roles\": null}"), "");
        assert_string_equal(reason_with(f, "{\"act\": {\"kind\": \"GUARDIAN\"}}"), "");
}

static void a_list_has_thirty_two_entries_at_most(void **state)
{
        identity_fixture *f = *state;
        const char *list = "\"o\"";
        for (int i = 1; i < TOKEN_LIST_MAX; i++)
                list = arena_format(&f->arena, "%s,\"o\"", list);
        assert_string_equal(reason_with(f, arena_format(&f->arena, "{\"outlets\": [%s]}", list)),
                            "");
        assert_string_equal(
                reason_with(f, arena_format(&f->arena, "{\"outlets\": [%s,\"o\"]}", list)),
                "TOKEN_CLAIMS");
        assert_string_equal(
                reason_with(f,
                            arena_format(&f->arena, "{\"outlets\": \"o\", \"roles\": [%s]}", list)),
                "TOKEN_CLAIMS");
}

static void the_least_recently_used_token_is_forgotten_first(void **state)
{
        (void)state;
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "small", 2));
        const char *tokens[3];
        for (int i = 0; i < 3; i++) {
                token_claims claims = identity_fixture_claims();
                claims.subject = arena_format(&f.arena, "operator-%d", i);
                tokens[i] = identity_fixture_token(&f, &claims);
        }
        static const int order[] = {0, 1, 0, 2, 0, 1};
        static const uint64_t verified_then[] = {1, 2, 2, 3, 3, 4};
        for (int i = 0; i < 6; i++) {
                const caller *c = NULL;
                assert_string_equal(identity_fixture_reason(&f, tokens[order[i]], &c), "");
                assert_string_equal(c->subject, arena_format(&f.arena, "operator-%d", order[i]));
                assert_int_equal(token_verifier_count(f.verifier).verified, verified_then[i]);
                assert_true(token_verifier_count(f.verifier).entries <= 2);
        }
        identity_fixture_close(&f);
}

static void new_keys_are_taken_when_the_file_changes_and_old_tokens_forgotten(void **state)
{
        identity_fixture *f = *state;
        identity_fixture other;
        assert_true(identity_fixture_open(&other, "rotated", 0));
        token_claims claims = identity_fixture_claims();
        const char *old_token = identity_fixture_token(f, &claims);
        const char *new_token = identity_fixture_token(&other, &claims);
        failure why = {0};
        assert_string_equal(identity_fixture_reason(f, old_token, NULL), "");
        assert_int_equal(token_verifier_reload(f->verifier, &why), TOKEN_RELOAD_UNCHANGED);

        assert_true(token_signer_write_jwks(other.signer, f->jwks_file, &why));
        assert_int_equal(token_verifier_reload(f->verifier, &why), TOKEN_RELOAD_DONE);
        assert_string_equal(identity_fixture_reason(f, new_token, NULL), "");
        assert_string_equal(identity_fixture_reason(f, old_token, NULL), "TOKEN_KEY_UNKNOWN");
        identity_fixture_close(&other);
}

static void an_unknown_key_is_looked_for_once_a_second(void **state)
{
        identity_fixture *f = *state;
        identity_fixture other;
        assert_true(identity_fixture_open(&other, "looked", 0));
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(&other, &claims);
        assert_string_equal(identity_fixture_reason(f, token, NULL), "TOKEN_KEY_UNKNOWN");
        failure why = {0};
        assert_true(token_signer_write_jwks(other.signer, f->jwks_file, &why));
        assert_string_equal(identity_fixture_reason(f, token, NULL), "TOKEN_KEY_UNKNOWN");
        clock_manual_advance(&f->clock, 1000);
        assert_string_equal(identity_fixture_reason(f, token, NULL), "");
        identity_fixture_close(&other);
}

static void a_broken_key_file_leaves_the_old_keys(void **state)
{
        identity_fixture *f = *state;
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(f, &claims);
        static const char *const broken[] = {
                "",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[7]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"x\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"kid\":"
                "\"x\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"kid\":\"x\"}]}",
        };
        for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
                assert_true(identity_fixture_write(f->jwks_file, broken[i]));
                failure why = {0};
                assert_int_equal(token_verifier_reload(f->verifier, &why), TOKEN_RELOAD_FAILED);
                assert_string_equal(why.reason, "KEY_SET_MALFORMED");
                assert_string_equal(identity_fixture_reason(f, token, NULL), "");
        }
        token_verifier_options options = {.jwks_file = f->jwks_file,
                                          .audience = "x",
                                          .clock = &f->clock.base,
                                          .identity_hash = f->hash};
        failure why = {0};
        assert_null(token_verifier_create(&options, &why));
        options.jwks_file = "/nonexistent/jwks.json";
        failure missing = {0};
        assert_null(token_verifier_create(&options, &missing));
        assert_string_equal(missing.reason, "KEY_SET_MISSING");
}

static void a_token_signed_with_rsa_pss_is_accepted(void **state)
{
        identity_fixture *f = *state;
        cjose_err error;
        cjose_jwk_t *jwk = cjose_jwk_create_RSA_random(2048, NULL, 0, &error);
        assert_non_null(jwk);
        assert_true(cjose_jwk_set_kid(jwk, "rsa", 3, &error));
        char *private_key = cjose_jwk_to_json(jwk, true, &error);
        assert_int_equal(remove(f->jwk_file), 0);
        failure why = {0};
        assert_true(key_file_create(f->jwk_file, bytes_of_text(private_key), &why));
        free(private_key);
        cjose_jwk_release(jwk);
        token_signer *signer = token_signer_load(f->jwk_file, &why);
        assert_non_null(signer);
        assert_true(token_signer_write_jwks(signer, f->jwks_file, &why));
        token_claims claims = identity_fixture_claims();
        const char *token = token_issue(signer, &claims, &f->arena, &why);
        assert_string_equal(identity_fixture_reason(f, token, NULL), "");
        token_signer_destroy(signer);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(a_good_token_becomes_a_caller_the_first_and_the_second_time),
                CASE(absent_claims_become_empty_texts_and_zero),
                CASE(the_bearer_scheme_may_stand_before_the_token),
                CASE(no_token_is_told_apart_from_a_bad_one),
                CASE(algorithms_that_anyone_can_forge_are_refused),
                CASE(an_unsigned_token_is_refused),
                CASE(a_header_nested_deep_enough_to_exhaust_a_stack_is_refused),
                CASE(any_changed_character_breaks_the_token),
                CASE(a_foreign_key_with_our_kid_does_not_sign_for_us),
                CASE(time_is_judged_by_the_wall_clock),
                CASE(a_token_lives_fifteen_minutes_at_most),
                CASE(only_our_audience_and_issuer_are_heard),
                CASE(claims_of_the_wrong_kind_are_refused),
                CASE(a_list_has_thirty_two_entries_at_most),
                CASE(the_least_recently_used_token_is_forgotten_first),
                CASE(new_keys_are_taken_when_the_file_changes_and_old_tokens_forgotten),
                CASE(an_unknown_key_is_looked_for_once_a_second),
                CASE(a_broken_key_file_leaves_the_old_keys),
                CASE(a_token_signed_with_rsa_pss_is_accepted),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
