/* Random numbers, one seam: the kernel's in production, a seeded generator in tests.
 * The seeded one must never make a secret. */
#ifndef SSCARD_COMMON_BASE_RANDOM_H
#define SSCARD_COMMON_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct random_source random_source;
typedef struct random_functions {
        void (*fill)(random_source *source, void *bytes, size_t count);
} random_functions;
struct random_source {
        const random_functions *functions;
};

static inline void random_fill(random_source *source, void *bytes, size_t count)
{
        source->functions->fill(source, bytes, count);
}
static inline uint64_t random_u64(random_source *source)
{
        uint64_t value;
        random_fill(source, &value, sizeof value);
        return value;
}

/* getrandom(2) through a small buffer. Thread: one. */
typedef struct random_system {
        random_source base;
        unsigned char buffer[512];
        size_t left;
} random_system;
void random_system_init(random_system *source);

/* Repeatable from its seed (splitmix64). Thread: one. */
typedef struct random_seeded {
        random_source base;
        uint64_t state;
} random_seeded;
void random_seeded_init(random_seeded *source, uint64_t seed);

#endif
