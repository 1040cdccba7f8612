/* What a person can do next with a card that nobody refused anything about (R2, R37, R38, R43-R45):
 * the steps of its state, from the same list that refusals name. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_GUIDANCE_H
#define SSCARD_SERVICES_CARD_RULES_CARD_GUIDANCE_H

#include "common/policy/refusal.h"
#include "services/card/rules/card_types.h"

enum { CARD_GUIDANCE_STEPS_MAX = 6 };

/* `holder` settled; `card` is one of its cards. Most urgent first. Returns how many. */
size_t card_guidance_steps(const card_holder *holder, const card_record *card, int64_t now_ms,
                           const policy_step *steps[CARD_GUIDANCE_STEPS_MAX]);

#endif
