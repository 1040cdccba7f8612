/* What a person can do next with a card that nobody refused anything about (R2, R35, R37, R38,
 * R43-R45): candidates by state and overlay, of which the rules that refuse leave those that can
 * be done. */
#ifndef SSCARD_SERVICES_CARD_RULES_CARD_GUIDANCE_H
#define SSCARD_SERVICES_CARD_RULES_CARD_GUIDANCE_H

#include "services/card/rules/card_knobs.h"
#include "services/card/rules/card_refusals.h"
#include "services/card/rules/card_types.h"

enum { CARD_GUIDANCE_STEPS_MAX = 6, CARD_GUIDANCE_WARNINGS_MAX = 3 };

/* `holder` settled; `card` is one of its cards. Most urgent first. Returns how many. */
size_t card_guidance_steps(const card_holder *holder, const card_record *card,
                           const card_knobs *knobs, int64_t now_ms,
                           const policy_step *steps[CARD_GUIDANCE_STEPS_MAX]);

/* What must not be missed, as steps without an operation: links in messages (R35), contributions
 * (R40). Returns how many. */
size_t card_guidance_warnings(const card_record *card, int64_t now_ms,
                              const policy_step *warnings[CARD_GUIDANCE_WARNINGS_MAX]);
extern const policy_step CARD_WARNING_NO_LINKS, CARD_WARNING_CONTRIBUTIONS;

#endif
