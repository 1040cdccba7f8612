/* devkeys as people run it: keys appear once and stay, tokens are good where jwks.json is. */
#include "common/crypto/key_file.h"
#include "common/crypto/keyring.h"
#include "common/identity/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct fixture {
        char folder[512];
        char output[8192];
        arena arena;
} fixture;

static int set_up(void **state)
{
        fixture *f = calloc(1, sizeof *f);
        if (!f) return -1;
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(f->folder, sizeof f->folder, "%s/keys-XXXXXX", folder ? folder : "/tmp");
        *state = f;
        return mkdtemp(f->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
        fixture *f = *state;
        arena_release(&f->arena);
        free(f);
        return 0;
}

/* Runs devkeys with those words; its exit code, and what it printed in f->output. */
static int run(fixture *f, const char *words)
{
        const char *command =
                arena_format(&f->arena, "tools/devkeys/devkeys %s 2>'%s.err'", words, f->folder);
        FILE *pipe = popen(command, "r");
        assert_non_null(pipe);
        size_t length = fread(f->output, 1, sizeof f->output - 1, pipe);
        f->output[length] = '\0';
        f->output[strcspn(f->output, "\n")] = '\0';
        return WEXITSTATUS(pclose(pipe));
}

static const char *path_of(fixture *f, const char *file)
{
        return arena_format(&f->arena, "%s/%s", f->folder, file);
}

static void make(fixture *f)
{
        assert_int_equal(run(f, arena_format(&f->arena, "--quiet --dir '%s'", f->folder)), 0);
        assert_string_equal(f->output, "");
}

static void keys_are_made_privately_and_stay(void **state)
{
        fixture *f = *state;
        static const char *const files[] = {"part.key",       "hash.key",          "service.key",
                                            "data-keys.json", "token-signing.jwk", "jwks.json"};
        struct stat before[6], after;
        make(f);
        for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
                assert_int_equal(stat(path_of(f, files[i]), &before[i]), 0);
                assert_int_equal(before[i].st_mode & 07777, i < 5 ? 0600 : 0644);
        }
        make(f);
        for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
                assert_int_equal(stat(path_of(f, files[i]), &after), 0);
                assert_int_equal(after.st_ino, before[i].st_ino);
        }
        failure why = {0};
        keyring *ring = keyring_load(path_of(f, "data-keys.json"), &why);
        assert_non_null(ring);
        keyring_destroy(ring);
        SCOPED(secret_buffer) part = {0}, hash = {0};
        assert_true(key_file_read_key(path_of(f, "part.key"), &part, &why));
        assert_true(key_file_read_key(path_of(f, "hash.key"), &hash, &why));
        assert_int_equal(part.length, 32);
        assert_false(secret_equal(secret_buffer_bytes(&part), secret_buffer_bytes(&hash)));
}

static void what_is_lost_is_made_again_and_fits_what_stayed(void **state)
{
        fixture *f = *state;
        make(f);
        assert_int_equal(unlink(path_of(f, "jwks.json")), 0);
        assert_int_equal(unlink(path_of(f, "hash.key")), 0);
        make(f);
        failure why = {0};
        keyed_hash *hash = keyed_hash_load(path_of(f, "hash.key"), &why);
        assert_non_null(hash);
        token_verifier_options options = {.jwks_file = path_of(f, "jwks.json"),
                                          .audience = "sscard",
                                          .clock = clock_system(),
                                          .identity_hash = hash};
        token_verifier *verifier = token_verifier_create(&options, &why);
        assert_non_null(verifier);
        assert_int_equal(
                run(f,
                    arena_format(&f->arena,
                                 "token --dir '%s' --role OPERATOR,AUDITOR --channels "
                                 "BRANCH,HOME_VISIT --outlet 330100-001 --bank 102 --assurance 3 "
                                 "--actor-id-number 33010219900101123X --subject op-1",
                                 f->folder)),
                0);
        const caller *c = NULL;
        assert_true(token_verify(verifier, bytes_of_text(f->output), &f->arena, &c, &why));
        assert_string_equal(c->subject, "op-1");
        assert_string_equal(c->region, "330000");
        assert_int_equal(c->roles, POLICY_R(OPERATOR) | POLICY_R(AUDITOR));
        assert_int_equal(c->channels, POLICY_C(BRANCH) | POLICY_C(HOME_VISIT));
        assert_true(caller_has_outlet(c, "330100-001"));
        assert_true(caller_has_bank(c, "102"));
        assert_int_equal(c->actor, POLICY_ACTOR_SELF);
        assert_true(c->actor_has_identity);
        token_verifier_destroy(verifier);
        keyed_hash_destroy(hash);
}

static void bad_flags_exit_with_two_and_missing_keys_with_one(void **state)
{
        fixture *f = *state;
        static const char *const bad[] = {
                "",
                "--dir",
                "--dir ''",
                "--dri x",
                "token",
                "token --dir x",
                "token --dir x --role EMPEROR",
                "token --dir x --role OPERATOR --channels FAX",
                "token --dir x --role OPERATOR --assurance 4",
                "token --dir x --role OPERATOR --lifetime-seconds 901",
                "token --dir x --role OPERATOR --actor GHOST",
                "token --dir x --role OPERATOR --unknown",
                "token --dir x --role OPERATOR word",
        };
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
                assert_int_equal(run(f, bad[i]), 2);
        assert_int_equal(run(f, "token --dir /nonexistent --role OPERATOR"), 1);
        assert_int_equal(run(f, "--dir /nonexistent/deep"), 1);
        assert_int_equal(run(f, "--help"), 0);
        assert_non_null(strstr(f->output, "devkeys"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                CASE(keys_are_made_privately_and_stay),
                CASE(what_is_lost_is_made_again_and_fits_what_stayed),
                CASE(bad_flags_exit_with_two_and_missing_keys_with_one),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
