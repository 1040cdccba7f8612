/* The three clocks, one seam: nothing else in the house asks the operating system for the time.
 *   business   rules, timers, `at`, ULIDs; in a sandbox region it is virtual
 *   wall       tokens, certificates, idempotency, attempts; always real outside the simulator
 *   monotonic  deadlines, beliefs about leases, waits; always real outside the simulator */
#ifndef SSCARD_COMMON_BASE_CLOCK_H
#define SSCARD_COMMON_BASE_CLOCK_H

#include <stdint.h>

typedef struct clock_source clock_source;

/* The seam. Functions are thread-safe and never fail. Times are milliseconds; business and wall
 * since the Unix epoch. */
typedef struct clock_functions {
        int64_t (*business_ms)(const clock_source *clock);
        int64_t (*wall_ms)(const clock_source *clock);
        int64_t (*monotonic_ms)(const clock_source *clock);
} clock_functions;

/* First member of every implementation. */
struct clock_source {
        const clock_functions *functions;
};

static inline int64_t clock_business_ms(const clock_source *clock)
{
        return clock->functions->business_ms(clock);
}
static inline int64_t clock_wall_ms(const clock_source *clock)
{
        return clock->functions->wall_ms(clock);
}
static inline int64_t clock_monotonic_ms(const clock_source *clock)
{
        return clock->functions->monotonic_ms(clock);
}

/* The operating system's clocks for all three. Static storage. */
const clock_source *clock_system(void);

/* All three stand still until set: unit tests and the simulator. Not thread-safe. */
typedef struct clock_manual {
        clock_source base;
        int64_t business_ms, wall_ms, monotonic_ms;
} clock_manual;
void clock_manual_init(clock_manual *clock, int64_t unix_ms);
void clock_manual_advance(clock_manual *clock, int64_t ms);

#endif
