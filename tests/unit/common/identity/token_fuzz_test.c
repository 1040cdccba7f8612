/* Garbage as tokens: seeded, bounded; each piece is refused with a reason and nothing breaks. */
#define _GNU_SOURCE /* memmem */
#include "common/base/random.h"
#include "common/identity/token.h"
#include "tests/unit/common/identity/identity_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 20000 };

static bool is_a_known_reason(const char *reason)
{
        static const char *const reasons[] = {
                "TOKEN_MISSING", "TOKEN_MALFORMED", "TOKEN_KEY_UNKNOWN", "TOKEN_SIGNATURE",
                "TOKEN_EXPIRED", "TOKEN_LIFETIME",  "TOKEN_AUDIENCE",    "TOKEN_CLAIMS"};
        for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
                if (strcmp(reason, reasons[i]) == 0) return true;
        return false;
}

/* Changes bytes, cuts, doubles a piece: from light to heavy. */
static size_t mutate(random_source *random, char *text, size_t length, size_t size)
{
        size_t changes = 1 + random_u64(random) % 4;
        for (size_t i = 0; i < changes && length > 0; i++) {
                size_t at = random_u64(random) % length;
                switch (random_u64(random) % 5) {
                case 0:
                        text[at] = (char)random_u64(random);
                        break;
                case 1:
                        length = at;
                        break;
                case 2:
                        text[at] = '.';
                        break;
                case 3:
                        if (length * 2 < size) {
                                memmove(text + length, text + at, length - at);
                                length += length - at;
                        }
                        break;
                default:
                        text[at] ^= (char)(1 << random_u64(random) % 8);
                }
        }
        return length;
}

static void mutated_tokens_are_refused_with_a_reason(void **state)
{
        (void)state;
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "fuzz", 0));
        token_claims claims = identity_fixture_claims();
        const char *token = identity_fixture_token(&f, &claims);
        size_t token_length = strlen(token);
        random_seeded random;
        random_seeded_init(&random, 20261123);
        arena scratch = {0};
        for (int i = 0; i < ROUNDS; i++) {
                char text[8192];
                memcpy(text, token, token_length);
                size_t length = mutate(&random.base, text, token_length, sizeof text);
                if (length == token_length && memcmp(text, token, length) == 0) continue;
                /* Exactly as long as it is, so that a read past its end is found. */
                char *exact = malloc(length ? length : 1);
                assert_non_null(exact);
                memcpy(exact, text, length);
                failure why = {0};
                const caller *c = NULL;
                bool good = token_verify(f.verifier, bytes_of(exact, length), &scratch, &c, &why);
                if (good) {
                        /* Only blanks around it may have been changed. */
                        assert_string_equal(c->subject, "operator-7");
                        assert_non_null(memmem(exact, length, token, token_length));
                } else if (!is_a_known_reason(why.reason)) {
                        fail_msg("round %d: reason %s", i, why.reason);
                }
                free(exact);
                arena_reset(&scratch);
        }
        arena_release(&scratch);
        identity_fixture_close(&f);
}

static void signed_garbage_is_refused_with_a_reason(void **state)
{
        (void)state;
        static const char *const values[] = {"null",
                                             "true",
                                             "[]",
                                             "{}",
                                             "-1",
                                             "1e308",
                                             "0",
                                             "\"\"",
                                             "\"x\"",
                                             "[null]",
                                             "[\"OPERATOR\"]",
                                             "[[[]]]",
                                             "{\"kind\":[]}",
                                             "{\"kind\":\"SELF\",\"id_number\":{}}",
                                             "\"\\u0000\"",
                                             "18446744073709551615",
                                             "\"\\ud83d\\ude00\""};
        static const char *const names[] = {
                "iss",       "sub",      "aud",      "exp",          "iat",        "nbf", "role",
                "roles",     "channels", "outlets",  "banks",        "region",     "act", "purpose",
                "assurance", "platform", "case_ref", "request_hash", "operator_id"};
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "signed", 0));
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
                for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                        token_claims claims = identity_fixture_claims();
                        claims.overrides_json =
                                arena_format(&f.arena, "{\"%s\": %s}", names[n], values[v]);
                        const char *token = identity_fixture_token(&f, &claims);
                        const char *reason = identity_fixture_reason(&f, token, NULL);
                        if (*reason && !is_a_known_reason(reason))
                                fail_msg("%s gave %s", claims.overrides_json, reason);
                        arena_reset(&f.arena);
                }
        }
        identity_fixture_close(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(mutated_tokens_are_refused_with_a_reason),
                cmocka_unit_test(signed_garbage_is_refused_with_a_reason),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
