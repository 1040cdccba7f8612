/* Callers: a copy stands alone. */
#include "common/identity/caller.h"

#include "tests/unit/common/identity/identity_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void a_copy_has_no_pointer_into_what_it_was_copied_from(void **state)
{
        (void)state;
        identity_fixture f;
        assert_true(identity_fixture_open(&f, "caller", 0));
        token_claims claims = identity_fixture_claims();
        const caller *c = NULL;
        assert_string_equal(identity_fixture_reason(&f, identity_fixture_token(&f, &claims), &c),
                            "");

        arena other = {0};
        const caller *copy = caller_copy(&other, c);
        memset((void *)c, 0x5a, c->bytes);
        const char *low = (const char *)copy, *high = low + copy->bytes;
        const char *texts[] = {copy->issuer,       copy->subject,    copy->region,
                               copy->operator_id,  copy->platform,   copy->case_reference,
                               copy->actor_holder, copy->outlets[0], copy->outlets[1],
                               copy->banks[0],     copy->purposes[0]};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                assert_in_range((uintptr_t)texts[i], (uintptr_t)low, (uintptr_t)high - 1);
        assert_string_equal(copy->subject, "operator-7");
        assert_true(caller_has_outlet(copy, "330100-001"));
        assert_true(caller_has_bank(copy, "102"));
        assert_false(caller_has_bank(copy, NULL));
        assert_true(caller_has_purpose(copy, "COUNTER_SERVICE"));
        assert_false(caller_has_purpose(copy, "OTHER"));
        arena_release(&other);
        identity_fixture_close(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_copy_has_no_pointer_into_what_it_was_copied_from),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
