/* A loop for a test: real or virtual, with the clock and random source that it needs. */
#ifndef SSCARD_TESTS_UNIT_COMMON_RUNTIME_FIXTURE_H
#define SSCARD_TESTS_UNIT_COMMON_RUNTIME_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/runtime/loop.h"
#include "common/runtime/task.h"

enum { START_UNIX_MS = 1700000000 };

typedef struct fixture {
        clock_manual clock;
        random_seeded random;
        loop *loop;
} fixture;

static inline void fixture_init_virtual(fixture *f)
{
        clock_manual_init(&f->clock, START_UNIX_MS);
        random_seeded_init(&f->random, 1);
        loop_options options = {.clock = &f->clock.base, .random = &f->random.base};
        f->loop = loop_create_virtual(&options, &f->clock);
        assert_non_null(f->loop);
}

static inline void fixture_init_real(fixture *f)
{
        random_seeded_init(&f->random, 1);
        loop_options options = {.clock = clock_system(), .random = &f->random.base};
        f->loop = loop_create(&options);
        assert_non_null(f->loop);
}

static inline void fixture_release(fixture *f)
{
        loop_destroy(f->loop);
}

/* Lets a virtual loop run for so long. */
static inline void fixture_run_ms(fixture *f, int64_t ms)
{
        loop_run_virtual(f->loop, loop_now_ms(f->loop) + ms);
}

#endif
