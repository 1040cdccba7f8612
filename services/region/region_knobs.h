/* The knobs of a rule pack as the rules of each service take them. In the arena: they stay as they
 * are while another pack comes into force. */
#ifndef SSCARD_SERVICES_REGION_REGION_KNOBS_H
#define SSCARD_SERVICES_REGION_REGION_KNOBS_H

#include "common/base/arena.h"
#include "common/pack/pack.h"
#include "services/bank/rules/bank_knobs.h"
#include "services/card/rules/card_knobs.h"
#include "services/credential/rules/credential_knobs.h"
#include "services/ecard/rules/ecard_knobs.h"

const bank_knobs *region_bank_knobs(arena *a, const rule_pack *region);
const card_knobs *region_card_knobs(arena *a, const rule_pack *region);
const credential_knobs *region_credential_knobs(arena *a, const rule_pack *region);
const ecard_knobs *region_ecard_knobs(arena *a, const rule_pack *region);

#endif
