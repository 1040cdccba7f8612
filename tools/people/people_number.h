/* Numbers that never meet: a permutation by key turns 0, 1, 2 … into ones that look drawn. */
#ifndef SSCARD_TOOLS_PEOPLE_PEOPLE_NUMBER_H
#define SSCARD_TOOLS_PEOPLE_PEOPLE_NUMBER_H

#include "common/base/arena.h"
#include "common/base/civil_date.h"

#include <stdbool.h>
#include <stdint.h>

uint64_t people_mix(uint64_t key, uint64_t value);
/* `value` < `count` ≤ 2^40 to another one below `count`, each exactly once. */
uint64_t people_permute(uint64_t key, uint64_t value, uint64_t count);

/* The identity number with the `place`-th area and sequence, `place` < PEOPLE_COUNT_MAX: odd
 * sequences for men. In the arena. */
const char *people_identity_number(uint64_t place, bool apart, civil_date born_on, bool female,
                                   arena *a);

#endif
