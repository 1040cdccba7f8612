/* Making tokens: keys are written once, privately; the public half can be written anew. */
#include "common/identity/token_issue.h"

#include "tests/unit/common/identity/identity_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void the_private_key_is_private_and_the_public_file_has_no_private_part(void **state)
{
        (void)state;
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "issue", 0));
        struct stat status;
        assert_int_equal(stat(f.jwk_file, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0600);
        assert_int_equal(stat(f.jwks_file, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0644);
        char text[2000] = {0};
        FILE *file = fopen(f.jwks_file, "r");
        assert_non_null(file);
        assert_true(fread(text, 1, sizeof text - 1, file) > 0);
        assert_int_equal(fclose(file), 0);
        assert_non_null(strstr(text, "\"kid\""));
        assert_null(strstr(text, "\"d\""));
        identity_fixture_close(&f);
}

static void existing_keys_are_left_alone(void **state)
{
        (void)state;
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "existing", 0));
        failure why = {0};
        assert_false(token_signer_create_files(f.jwk_file, f.jwks_file, &why));
        assert_int_equal(why.kind, FAILURE_ALREADY_EXISTS);
        token_claims claims = identity_fixture_claims();
        assert_string_equal(identity_fixture_reason(&f, identity_fixture_token(&f, &claims), NULL),
                            "");
        identity_fixture_close(&f);
}

static void a_key_that_others_can_read_or_that_is_public_does_not_sign(void **state)
{
        (void)state;
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "unfit", 0));
        assert_int_equal(chmod(f.jwk_file, 0644), 0);
        failure open_to_others = {0};
        assert_null(token_signer_load(f.jwk_file, &open_to_others));
        assert_string_equal(open_to_others.reason, "KEY_FILE_OPEN_TO_OTHERS");
        assert_int_equal(chmod(f.jwk_file, 0600), 0);
        assert_true(identity_fixture_write(f.jwk_file, "{\"kty\":\"oct\",\"k\":\"AAAA\"}"));
        failure malformed = {0};
        assert_null(token_signer_load(f.jwk_file, &malformed));
        assert_string_equal(malformed.reason, "KEY_FILE_MALFORMED");
        identity_fixture_close(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(
                        the_private_key_is_private_and_the_public_file_has_no_private_part),
                cmocka_unit_test(existing_keys_are_left_alone),
                cmocka_unit_test(a_key_that_others_can_read_or_that_is_public_does_not_sign),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
