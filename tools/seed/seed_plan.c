/* Which people go into which call, and under which request id. */
#include "tools/seed/seed_plan.h"

#include "common/base/ulid.h"
#include "tools/people/people_number.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint64_t seed_plan_batches(const seed_plan *plan)
{
        assert(plan->batch > 0);
        return (plan->count + plan->batch - 1) / plan->batch;
}

void seed_plan_batch(const seed_plan *plan, uint64_t batch, uint64_t *first, uint32_t *size)
{
        assert(batch < seed_plan_batches(plan));
        *first = batch * plan->batch;
        uint64_t left = plan->count - *first;
        *size = left < plan->batch ? (uint32_t)left : plan->batch;
}

const char *seed_plan_request_id(const seed_plan *plan, uint64_t batch, arena *a)
{
        uint64_t first;
        uint32_t size;
        seed_plan_batch(plan, batch, &first, &size);
        uint64_t content[] = {plan->people.seed,
                              (uint64_t)civil_date_to_days(plan->people.today),
                              strtoull(plan->people.region, NULL, 10),
                              plan->people.apart,
                              first,
                              size};
        ulid id;
        for (uint64_t half = 0; half < 2; half++) {
                uint64_t mixed = half;
                for (size_t i = 0; i < ARRAY_LENGTH(content); i++)
                        mixed = people_mix(mixed, content[i]);
                memcpy(id.bytes + half * sizeof mixed, &mixed, sizeof mixed);
        }
        char *text = arena_alloc(a, ULID_TEXT_BYTES + 1);
        ulid_format(id, text);
        return text;
}

civil_date seed_plan_day(civil_date today)
{
        today.day = 1;
        return today;
}
