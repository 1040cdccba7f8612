/* Claims: what each must be, and how the clock, the audience and the issuer judge. */
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
#include <string.h>

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
        assert_string_equal(identity_fixture_reason_with(f, "{\"nbf\": 1795400091}"),
                            "TOKEN_EXPIRED");
        assert_string_equal(identity_fixture_reason_with(f, "{\"nbf\": 1795400000}"), "");
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
        assert_string_equal(identity_fixture_reason_with(f, "{\"exp\": 1e18}"), "TOKEN_CLAIMS");
        assert_string_equal(identity_fixture_reason_with(f, "{\"exp\": -1}"), "TOKEN_CLAIMS");
        assert_string_equal(identity_fixture_reason_with(f, "{\"exp\": null}"), "TOKEN_CLAIMS");
        assert_string_equal(identity_fixture_reason_with(f, "{\"iat\": null}"), "TOKEN_CLAIMS");
        assert_string_equal(identity_fixture_reason_with(f, "{\"exp\": \"soon\"}"), "TOKEN_CLAIMS");
}

static void only_our_audience_and_issuer_are_heard(void **state)
{
        identity_fixture *f = *state;
        assert_string_equal(identity_fixture_reason_with(f, "{\"aud\": \"other\"}"),
                            "TOKEN_AUDIENCE");
        assert_string_equal(identity_fixture_reason_with(f, "{\"aud\": [\"other\", \"sscard\"]}"),
                            "");
        assert_string_equal(identity_fixture_reason_with(f, "{\"aud\": []}"), "TOKEN_CLAIMS");
        assert_string_equal(identity_fixture_reason_with(f, "{\"aud\": null}"), "TOKEN_CLAIMS");
        assert_string_equal(identity_fixture_reason_with(f, "{\"iss\": \"https://elsewhere\"}"),
                            "TOKEN_AUDIENCE");
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
                const char *reason = identity_fixture_reason_with(f, wrong[i]);
                if (strcmp(reason, "TOKEN_CLAIMS") != 0) fail_msg("%s gave %s", wrong[i], reason);
        }
        assert_string_equal(
                identity_fixture_reason_with(f, "{\"role\": \"HOTLINE\", \"roles\": null}"), "");
        assert_string_equal(identity_fixture_reason_with(f, "{\"act\": {\"kind\": \"GUARDIAN\"}}"),
                            "");
}

static void a_list_has_thirty_two_entries_at_most(void **state)
{
        identity_fixture *f = *state;
        const char *list = "\"o\"";
        for (int i = 1; i < TOKEN_LIST_MAX; i++)
                list = arena_format(&f->arena, "%s,\"o\"", list);
        assert_string_equal(identity_fixture_reason_with(
                                    f, arena_format(&f->arena, "{\"outlets\": [%s]}", list)),
                            "");
        assert_string_equal(identity_fixture_reason_with(
                                    f, arena_format(&f->arena, "{\"outlets\": [%s,\"o\"]}", list)),
                            "TOKEN_CLAIMS");
        assert_string_equal(
                identity_fixture_reason_with(
                        f, arena_format(&f->arena, "{\"outlets\": \"o\", \"roles\": [%s]}", list)),
                "TOKEN_CLAIMS");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, identity_set_up, identity_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(absent_claims_become_empty_texts_and_zero),
                CASE(time_is_judged_by_the_wall_clock),
                CASE(a_token_lives_fifteen_minutes_at_most),
                CASE(only_our_audience_and_issuer_are_heard),
                CASE(claims_of_the_wrong_kind_are_refused),
                CASE(a_list_has_thirty_two_entries_at_most),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
