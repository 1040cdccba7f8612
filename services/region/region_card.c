/* From a rule pack to the facts of the card. Must never turn "not known" into "yes". */
#include "services/region/region_card.h"

void region_card_outlets(const rule_pack *region, card_operation operation,
                         const char *delivery_outlet, card_facts *facts)
{
        const policy_caller *caller = facts->caller;
        const char *maker = delivery_outlet && *delivery_outlet ? delivery_outlet : caller->outlet;
        facts->outlet_authorised = pack_outlet_is_authorised(
                region, caller->outlet, caller->channel, card_operation_row_of(operation)->name);
        facts->outlet_instant = pack_outlet_is_instant(region, maker);
}
