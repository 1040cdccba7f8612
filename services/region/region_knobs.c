/* Copies the values of a table into the struct of its rules. Must never hand out values of a pack
 * that may go. */
#include "services/region/region_knobs.h"

#include "services/region/region_schema.h"

#include <assert.h>
#include <string.h>

static void *copy(arena *a, const rule_pack *region, const policy_knob_table *table, size_t bytes)
{
        assert(bytes == table->count * sizeof(int64_t));
        void *knobs = arena_alloc(a, bytes);
        memcpy(knobs, pack_knobs(region, table), bytes);
        return knobs;
}

const bank_knobs *region_bank_knobs(arena *a, const rule_pack *region)
{
        return copy(a, region, &REGION_BANK_KNOBS, sizeof(bank_knobs));
}

const card_knobs *region_card_knobs(arena *a, const rule_pack *region)
{
        return copy(a, region, &REGION_CARD_KNOBS, sizeof(card_knobs));
}

const credential_knobs *region_credential_knobs(arena *a, const rule_pack *region)
{
        return copy(a, region, &REGION_CREDENTIAL_KNOBS, sizeof(credential_knobs));
}

const ecard_knobs *region_ecard_knobs(arena *a, const rule_pack *region)
{
        return copy(a, region, &REGION_ECARD_KNOBS, sizeof(ecard_knobs));
}
