/* Which people go into which call, and under which request id: the same plan gives the same ids, so
 * that a repeated run changes nothing. */
#ifndef SSCARD_TOOLS_SEED_SEED_PLAN_H
#define SSCARD_TOOLS_SEED_SEED_PLAN_H

#include "common/base/arena.h"
#include "tools/people/people.h"

#include <stdint.h>

enum { SEED_BATCH_MAX = 500 }; /* that ImportHolders takes */

typedef struct seed_plan {
        people_options people;
        uint64_t count;
        uint32_t batch; /* people a call, 1 to SEED_BATCH_MAX */
} seed_plan;

uint64_t seed_plan_batches(const seed_plan *plan);
/* The people `*first` … `*first + *size - 1` of a batch. */
void seed_plan_batch(const seed_plan *plan, uint64_t batch, uint64_t *first, uint32_t *size);
/* A ULID of all that the content of the batch depends on. In the arena. */
const char *seed_plan_request_id(const seed_plan *plan, uint64_t batch, arena *a);
/* First day of that month: a run some days later, even after the answers of the first one are
 * forgotten, is about the same people. */
civil_date seed_plan_day(civil_date today);

#endif
