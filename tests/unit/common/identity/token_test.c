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
        assert_string_equal(identity_fixture_reason_with(f, "{\"x\":[[[[[[[[[[]]]]]]]]]]}"),
                            "TOKEN_MALFORMED");
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

#define CASE(name) cmocka_unit_test_setup_teardown(name, identity_set_up, identity_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(a_good_token_becomes_a_caller_the_first_and_the_second_time),
                CASE(the_bearer_scheme_may_stand_before_the_token),
                CASE(no_token_is_told_apart_from_a_bad_one),
                CASE(algorithms_that_anyone_can_forge_are_refused),
                CASE(an_unsigned_token_is_refused),
                CASE(a_header_nested_deep_enough_to_exhaust_a_stack_is_refused),
                CASE(any_changed_character_breaks_the_token),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
