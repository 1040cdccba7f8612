/* Etags (S2): only what we gave out is compared. */
#include "tests/unit/common/commit/ledger.h"

static void S2_an_etag_matches_its_version_and_no_other(void **state)
{
        (void)state;
        SCOPED(arena) memory = {0};
        assert_string_equal(commit_etag_format(&memory, 12), "v12");
        assert_int_equal(commit_etag_compare("v12", 12), COMMIT_ETAG_MATCHES);
        assert_int_equal(commit_etag_compare("v12", 13), COMMIT_ETAG_DIFFERS);
        assert_int_equal(commit_etag_compare("v1", 12), COMMIT_ETAG_DIFFERS);
        assert_int_equal(commit_etag_compare("", 12), COMMIT_ETAG_MATCHES);
        assert_int_equal(commit_etag_compare(NULL, 12), COMMIT_ETAG_MATCHES);
}

static void S2_what_is_no_etag_of_ours_is_invalid(void **state)
{
        (void)state;
        static const char *const invalid[] = {
                "12", "v", "vv1", "v-1", "v1 ", "v01", "V1", "*", "v1234567890123456789"};
        for (size_t i = 0; i < ARRAY_LENGTH(invalid); i++)
                assert_int_equal(commit_etag_compare(invalid[i], 1), COMMIT_ETAG_INVALID);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(S2_an_etag_matches_its_version_and_no_other),
                cmocka_unit_test(S2_what_is_no_etag_of_ours_is_invalid),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
