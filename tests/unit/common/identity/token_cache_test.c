/* Remembered tokens: bounded, least recently used first to go. */
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

#define CASE(name) cmocka_unit_test_setup_teardown(name, identity_set_up, identity_tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(the_least_recently_used_token_is_forgotten_first),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
