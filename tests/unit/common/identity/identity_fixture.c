/* What the tests of identity stand on. */
#include "tests/unit/common/identity/identity_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool identity_fixture_open(identity_fixture *f, const char *name, uint32_t cache_entries)
{
        *f = (identity_fixture){0};
        const char *folder = getenv("TEST_TMPDIR");
        if (!folder) folder = "/tmp";
        snprintf(f->jwk_file, sizeof f->jwk_file, "%s/%s-%d.jwk", folder, name, (int)getpid());
        snprintf(f->jwks_file, sizeof f->jwks_file, "%s/%s-%d.jwks", folder, name, (int)getpid());
        clock_manual_init(&f->clock, FIXTURE_NOW_SECONDS * 1000);
        failure why = {0};
        f->hash = keyed_hash_create(bytes_of_text("a key of sixteen bytes or more"), &why);
        if (!f->hash || !token_signer_create_files(f->jwk_file, f->jwks_file, &why)) return false;
        f->signer = token_signer_load(f->jwk_file, &why);
        token_verifier_options options = {
                .jwks_file = f->jwks_file,
                .issuer = TOKEN_ISSUER_DEVELOPMENT,
                .audience = TOKEN_AUDIENCE_DEFAULT,
                .clock = &f->clock.base,
                .identity_hash = f->hash,
                .cache_entries = cache_entries,
        };
        f->verifier = token_verifier_create(&options, &why);
        return f->signer && f->verifier;
}

void identity_fixture_close(identity_fixture *f)
{
        token_verifier_destroy(f->verifier);
        token_signer_destroy(f->signer);
        keyed_hash_destroy(f->hash);
        arena_release(&f->arena);
        unlink(f->jwk_file);
        unlink(f->jwks_file);
}

token_claims identity_fixture_claims(void)
{
        static const char *const outlets[] = {"330100-001", "330100-002"};
        static const char *const banks[] = {"102"};
        static const char *const purposes[] = {"COUNTER_SERVICE"};
        return (token_claims){
                .subject = "operator-7",
                .roles = POLICY_R(OPERATOR) | POLICY_R(AUDITOR),
                .channels = POLICY_C(BRANCH) | POLICY_C(HOME_VISIT),
                .outlets = outlets,
                .outlet_count = 2,
                .banks = banks,
                .bank_count = 1,
                .purposes = purposes,
                .purpose_count = 1,
                .region = "330000",
                .operator_id = "OP0007",
                .platform = "zhejiang-counter",
                .case_reference = "case-1",
                .assurance = 3,
                .actor = POLICY_ACTOR_SELF,
                .actor_id_number = "33010219900101123X",
                .actor_holder = "regions/330000/holders/01ARZ3NDEKTSV4RRFFQ69G5FAV",
                .issued_unix_seconds = FIXTURE_NOW_SECONDS,
        };
}

const char *identity_fixture_token(identity_fixture *f, const token_claims *claims)
{
        failure why = {0};
        return token_issue(f->signer, claims, &f->arena, &why);
}

const char *identity_fixture_reason(identity_fixture *f, const char *token, const caller **c)
{
        failure why = {0};
        const caller *found = NULL;
        if (token_verify(f->verifier, bytes_of_text(token), &f->arena, &found, &why)) {
                if (c) *c = found;
                return "";
        }
        return why.kind == FAILURE_UNAUTHENTICATED ? why.reason : "another kind";
}

const char *identity_fixture_reason_with(identity_fixture *f, const char *overrides)
{
        token_claims claims = identity_fixture_claims();
        claims.overrides_json = overrides;
        return identity_fixture_reason(f, identity_fixture_token(f, &claims), NULL);
}

int identity_set_up(void **state)
{
        identity_fixture *f = malloc(sizeof *f);
        *state = f;
        return f && identity_fixture_open(f, "token", 0) ? 0 : -1;
}

int identity_tear_down(void **state)
{
        identity_fixture_close(*state);
        free(*state);
        return 0;
}

bool identity_fixture_write(const char *path, const char *text)
{
        FILE *file = fopen(path, "w");
        if (!file) return false;
        bool written = fputs(text, file) >= 0;
        return fclose(file) == 0 && written;
}
