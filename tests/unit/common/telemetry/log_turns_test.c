/* The log on a loop: what a turn has logged is written at its end, in one piece. */
#include "common/telemetry/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t size_of(int fd)
{
        off_t end = lseek(fd, 0, SEEK_END);
        assert_true(end >= 0);
        return (size_t)end;
}

static void lines_wait_for_the_end_of_the_turn_but_errors_do_not(void **state)
{
        (void)state;
        char path[512];
        const char *folder = getenv("TEST_TMPDIR");
        snprintf(path, sizeof path, "%s/turns-XXXXXX", folder ? folder : "/tmp");
        int file = mkstemp(path);
        assert_true(file >= 0);
        assert_int_equal(unlink(path), 0);

        clock_manual clock;
        clock_manual_init(&clock, 0);
        random_seeded random;
        random_seeded_init(&random, 1);
        loop_options options = {.clock = &clock.base, .random = &random.base};
        loop *turns = loop_create_virtual(&options, &clock);
        assert_non_null(turns);
        logger *l = logger_create(&(logger_options){.fd = file, .clock = &clock.base});

        logger_attach(l, turns);
        log_info(l, "first");
        log_info(l, "second");
        assert_int_equal(size_of(file), 0);
        loop_run_virtual(turns, 1);
        size_t both = size_of(file);
        assert_true(both > 0);
        log_info(l, "third");
        log_error(l, "fourth");
        assert_true(size_of(file) > both);
        log_info(l, "fifth");
        size_t before = size_of(file);
        logger_detach(l);
        assert_true(size_of(file) > before);
        log_info(l, "sixth");
        assert_true(size_of(file) > before);

        logger_destroy(l);
        loop_destroy(turns);
        close(file);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(lines_wait_for_the_end_of_the_turn_but_errors_do_not),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
