/* What core says goes where it was told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/rpc/core_log.h"

#include <grpc/support/log.h>

#include <string.h>

static int heard;

static void hear(void *argument, core_log_severity severity, const char *file, int line,
                 const char *message)
{
        assert_ptr_equal(argument, &heard);
        assert_int_equal(severity, CORE_LOG_ERROR);
        assert_non_null(strstr(file, "core_log_test"));
        assert_true(line > 0);
        assert_string_equal(message, "seven");
        heard++;
}

static void core_speaks_to_the_writer_at_the_given_severity(void **state)
{
        (void)state;
        core_log_set(hear, &heard, CORE_LOG_ERROR);
        gpr_log(GPR_ERROR, "%s", "seven");
        gpr_log(GPR_INFO, "%s", "not worth it");
        assert_int_equal(heard, 1);
        core_log_unset();
        gpr_log(GPR_ERROR, "%s", "seven");
        assert_int_equal(heard, 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(core_speaks_to_the_writer_at_the_given_severity),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
