/* Keys in the test's folder, a clock that stands still, a signer and a verifier. */
#ifndef SSCARD_TESTS_UNIT_COMMON_IDENTITY_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_IDENTITY_FIXTURE_H

#include "common/base/clock.h"
#include "common/identity/token.h"
#include "common/identity/token_issue.h"

#define FIXTURE_NOW_SECONDS INT64_C(1795400000)

typedef struct identity_fixture {
        char jwk_file[512], jwks_file[512];
        clock_manual clock;
        keyed_hash *hash;
        token_signer *signer;
        token_verifier *verifier;
        arena arena;
} identity_fixture;

/* `name` keeps the files of tests apart. False: something is missing. */
bool identity_fixture_open(identity_fixture *f, const char *name, uint32_t cache_entries);
void identity_fixture_close(identity_fixture *f);
/* An operator's claims, good for 15 minutes from now. */
token_claims identity_fixture_claims(void);
const char *identity_fixture_token(identity_fixture *f, const token_claims *claims);
/* The reason of the refusal; "" when the token is good. */
const char *identity_fixture_reason(identity_fixture *f, const char *token, const caller **c);
/* The same of that token with other claims: a JSON object. */
const char *identity_fixture_reason_with(identity_fixture *f, const char *overrides);
/* For cmocka_unit_test_setup_teardown(): *state is a fixture without a cache. */
int identity_set_up(void **state);
int identity_tear_down(void **state);
/* Copies a file of text. */
bool identity_fixture_write(const char *path, const char *text);

#endif
