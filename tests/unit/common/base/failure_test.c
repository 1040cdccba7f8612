/* Failures: the first wins, the sentence is one line of ASCII. */
#include "common/base/failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void the_first_failure_wins(void **state)
{
        (void)state;
        failure f = {0};
        assert_false(failure_set(&f, FAILURE_UNAVAILABLE, "STORE_BUSY", "disk %d", 7));
        assert_false(failure_set(&f, FAILURE_INTERNAL, "OTHER", "later"));
        assert_int_equal(f.kind, FAILURE_UNAVAILABLE);
        assert_string_equal(f.reason, "STORE_BUSY");
        assert_string_equal(f.message, "disk 7");
        failure_clear(&f);
        assert_int_equal(f.kind, FAILURE_NONE);
        assert_false(failure_set(&f, FAILURE_INTERNAL, NULL, "again"));
        assert_string_equal(f.reason, "");
        assert_string_equal(f.message, "again");
}

static void long_messages_are_cut_and_other_bytes_replaced(void **state)
{
        (void)state;
        failure f = {0};
        assert_false(failure_set(&f, FAILURE_INTERNAL, "", "%500d", 1));
        assert_int_equal(strlen(f.message), FAILURE_MESSAGE_BYTES - 1);
        failure_clear(&f);
        assert_false(failure_set(&f, FAILURE_INTERNAL, "", "a\nb\t卡"));
        assert_string_equal(f.message, "a?b????");
}

static void every_kind_has_its_grpc_name(void **state)
{
        (void)state;
        assert_string_equal(failure_kind_name(FAILURE_NONE), "OK");
        assert_string_equal(failure_kind_name(FAILURE_UNAUTHENTICATED), "UNAUTHENTICATED");
        assert_string_equal(failure_kind_name(FAILURE_DATA_LOSS), "DATA_LOSS");
        assert_string_equal(failure_kind_name((failure_kind)17), "UNKNOWN");
        assert_string_equal(failure_kind_name((failure_kind)-1), "UNKNOWN");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_first_failure_wins),
                cmocka_unit_test(long_messages_are_cut_and_other_bytes_replaced),
                cmocka_unit_test(every_kind_has_its_grpc_name),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
