#include "common/crypto/password_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static keyed_hash *pepper_of(const char *key)
{
        failure f = {0};
        keyed_hash *pepper = keyed_hash_create(bytes_of_text(key), &f);
        assert_non_null(pepper);
        return pepper;
}

static digest digest_for(const char *pepper_key, const char *owner, const char *password)
{
        keyed_hash *pepper = pepper_of(pepper_key);
        digest secret = password_digest(pepper, bytes_of_text(owner), bytes_of_text(password));
        keyed_hash_destroy(pepper);
        return secret;
}

static const char PEPPER[] = "pepper-of-16-bytes";

static void only_the_password_under_its_pepper_for_its_owner_is_right(void **state)
{
        (void)state;
        password_job job = {.secret = digest_for(PEPPER, "alice", "Qx7#first")};
        password_job_make(&job);
        assert_true(job.fine);
        assert_memory_equal(job.text, "$argon2id$", 10);
        password_job_check(&job);
        assert_true(job.fine);
        job.secret = digest_for(PEPPER, "alice", "Qx7#firsT");
        password_job_check(&job);
        assert_false(job.fine);
        job.secret = digest_for(PEPPER, "bob", "Qx7#first");
        password_job_check(&job);
        assert_false(job.fine);
        job.secret = digest_for("another-pepper-16", "alice", "Qx7#first");
        password_job_check(&job);
        assert_false(job.fine);
}

static void two_hashes_of_one_password_differ(void **state)
{
        (void)state;
        password_job one = {.secret = digest_for(PEPPER, "alice", "Qx7#first")}, two = one;
        password_job_make(&one);
        password_job_make(&two);
        assert_string_not_equal(one.text, two.text);
}

static void nothing_is_left_after_wiping_and_no_text_is_never_right(void **state)
{
        (void)state;
        password_job job = {.secret = digest_for(PEPPER, "alice", "Qx7#first")};
        password_job_check(&job);
        assert_false(job.fine);
        password_job_make(&job);
        password_job_wipe(&job);
        const password_job none = {0};
        assert_memory_equal(&job, &none, sizeof job);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(only_the_password_under_its_pepper_for_its_owner_is_right),
                cmocka_unit_test(two_hashes_of_one_password_differ),
                cmocka_unit_test(nothing_is_left_after_wiping_and_no_text_is_never_right),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
