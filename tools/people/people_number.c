/* Numbers that never meet. */
#include "tools/people/people_number.h"

#include "services/card/rules/identity_number.h"

#include <assert.h>
#include <stdio.h>

enum { FEISTEL_ROUNDS = 4, AREAS = 5000, SEQUENCES = 500 };

/* splitmix64's finish. */
uint64_t people_mix(uint64_t key, uint64_t value)
{
        uint64_t z = value * 0x9e3779b97f4a7c15u + key;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
}

static uint64_t feistel(uint64_t key, uint64_t value, unsigned half_bits)
{
        uint64_t mask = ((uint64_t)1 << half_bits) - 1;
        uint64_t left = value >> half_bits, right = value & mask;
        for (uint64_t round = 0; round < FEISTEL_ROUNDS; round++) {
                uint64_t next = left ^ (people_mix(key + round, right) & mask);
                left = right;
                right = next;
        }
        return left << half_bits | right;
}

uint64_t people_permute(uint64_t key, uint64_t value, uint64_t count)
{
        assert(value < count);
        assert(count <= (uint64_t)1 << 40);
        unsigned half_bits = 1;
        while ((uint64_t)1 << (2 * half_bits) < count)
                half_bits++;
        /* Walks the cycle until it is inside again: fewer than four steps on average. */
        do
                value = feistel(key, value, half_bits);
        while (value >= count);
        return value;
}

const char *people_identity_number(uint64_t place, bool apart, civil_date born_on, bool female,
                                   arena *a)
{
        assert(place < (uint64_t)AREAS * SEQUENCES);
        assert(civil_date_is_valid(born_on));
        unsigned area = (unsigned)(place / SEQUENCES) + (apart ? AREAS : 0);
        unsigned sequence = (unsigned)(place % SEQUENCES) * 2 + (female ? 0 : 1);
        char *text = arena_alloc(a, IDENTITY_NUMBER_LENGTH + 1);
        int length = snprintf(text, IDENTITY_NUMBER_LENGTH, "99%04u%04d%02d%02d%03u", area % 10000,
                              born_on.year, born_on.month, born_on.day, sequence % 1000);
        assert(length == IDENTITY_NUMBER_LENGTH - 1);
        text[length] = identity_number_check_character(text);
        text[length + 1] = 0;
        return text;
}
