/* Names of people, from the surnames and characters that are common in China. */
#ifndef SSCARD_TOOLS_PEOPLE_PEOPLE_NAMES_H
#define SSCARD_TOOLS_PEOPLE_PEOPLE_NAMES_H

#include "common/base/arena.h"
#include "common/base/random.h"

#include <stdbool.h>
#include <stdint.h>

/* One in 0 … `count` - 1. */
uint32_t people_below(random_source *random, uint32_t count);
/* "王秀英"; one in a hundred is long: "阿依古丽·买买提". At most 64 bytes, in the arena. */
const char *people_name(random_source *random, bool female, arena *a);

#endif
