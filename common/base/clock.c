/* The clocks: the operating system's, and one that is set by hand.
 * The only file of the house that asks for the time. */
#include "common/base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t system_ms(clockid_t id)
{
        struct timespec now;
        int outcome = clock_gettime(id, &now);
        assert(outcome == 0);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall_ms(const clock_source *clock)
{
        (void)clock;
        return system_ms(CLOCK_REALTIME);
}

static int64_t system_monotonic_ms(const clock_source *clock)
{
        (void)clock;
        return system_ms(CLOCK_MONOTONIC);
}

static const clock_functions system_functions = {
        .business_ms = system_wall_ms,
        .wall_ms = system_wall_ms,
        .monotonic_ms = system_monotonic_ms,
};

const clock_source *clock_system(void)
{
        static const clock_source system = {&system_functions};
        return &system;
}

static int64_t manual_business_ms(const clock_source *clock)
{
        return ((const clock_manual *)clock)->business_ms;
}

static int64_t manual_wall_ms(const clock_source *clock)
{
        return ((const clock_manual *)clock)->wall_ms;
}

static int64_t manual_monotonic_ms(const clock_source *clock)
{
        return ((const clock_manual *)clock)->monotonic_ms;
}

static const clock_functions manual_functions = {
        .business_ms = manual_business_ms,
        .wall_ms = manual_wall_ms,
        .monotonic_ms = manual_monotonic_ms,
};

void clock_manual_init(clock_manual *clock, int64_t unix_ms)
{
        clock->base.functions = &manual_functions;
        clock->business_ms = unix_ms;
        clock->wall_ms = unix_ms;
        clock->monotonic_ms = 0;
}

void clock_manual_advance(clock_manual *clock, int64_t ms)
{
        assert(ms >= 0);
        clock->business_ms += ms;
        clock->wall_ms += ms;
        clock->monotonic_ms += ms;
}
