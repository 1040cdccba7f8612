/* JWKS files: rotation, broken files, and both kinds of keys. */
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

#define CASE(name) cmocka_unit_test_setup_teardown(name, identity_set_up, identity_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(a_foreign_key_with_our_kid_does_not_sign_for_us),
                CASE(new_keys_are_taken_when_the_file_changes_and_old_tokens_forgotten),
                CASE(an_unknown_key_is_looked_for_once_a_second),
                CASE(a_broken_key_file_leaves_the_old_keys),
                CASE(a_token_signed_with_rsa_pss_is_accepted),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
