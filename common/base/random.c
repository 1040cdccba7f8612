/* Random numbers from the kernel, and a seeded generator that tests can repeat.
 * The kernel's must never fall back to anything weaker: failing ends the process. */
#include "common/base/random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void fill_from_kernel(unsigned char *bytes, size_t count)
{
        while (count > 0) {
                ssize_t got = getrandom(bytes, count, 0);
                if (got < 0 && errno == EINTR) continue;
                if (got <= 0) abort();
                bytes += got;
                count -= (size_t)got;
        }
}

static void system_fill(random_source *base, void *bytes, size_t count)
{
        random_system *source = (random_system *)base;
        assert(source->left <= sizeof source->buffer);
        if (count > sizeof source->buffer) {
                fill_from_kernel(bytes, count);
                return;
        }
        if (count > source->left) {
                fill_from_kernel(source->buffer, sizeof source->buffer);
                source->left = sizeof source->buffer;
        }
        unsigned char *from = source->buffer + sizeof source->buffer - source->left;
        memcpy(bytes, from, count);
        explicit_bzero(from, count); /* nothing given out stays behind */
        source->left -= count;
}

static const random_functions system_functions = {.fill = system_fill};

void random_system_init(random_system *source)
{
        source->base.functions = &system_functions;
        source->left = 0;
}

static uint64_t splitmix64(uint64_t *state)
{
        uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        return z ^ (z >> 31);
}

static void seeded_fill(random_source *base, void *bytes, size_t count)
{
        random_seeded *source = (random_seeded *)base;
        unsigned char *to = bytes;
        while (count > 0) {
                uint64_t value = splitmix64(&source->state);
                size_t taken = count < sizeof value ? count : sizeof value;
                memcpy(to, &value, taken);
                to += taken;
                count -= taken;
        }
}

static const random_functions seeded_functions = {.fill = seeded_fill};

void random_seeded_init(random_seeded *source, uint64_t seed)
{
        source->base.functions = &seeded_functions;
        source->state = seed;
}
