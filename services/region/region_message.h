/* What answers take from the rule pack: names of outlets and banks, whom to ask. Texts are the
 * pack's: pack the message before the call ends. */
#ifndef SSCARD_SERVICES_REGION_REGION_MESSAGE_H
#define SSCARD_SERVICES_REGION_REGION_MESSAGE_H

#include "common/base/arena.h"
#include "common/pack/pack.h"
#include "common/policy/refusal.h"

#include "sscard/common/v1/outlet.pb-c.h"
#include "sscard/common/v1/step.pb-c.h"

/* The outlet of that code, with what the pack knows of it; NULL for an empty code. */
Common__Outlet *region_outlet_message(arena *a, const rule_pack *region, const char *code,
                                      const char *language);
/* "" when the pack does not list the bank. */
const char *region_bank_name(const rule_pack *region, const char *code, const char *language);

/* The thing that a step is about; "" unknown. */
typedef struct region_concern {
        const char *outlet, *bank;
} region_concern;
/* Whom to ask or where to go, from the step's kind of contact; NULL when the pack does not know. */
Common__Contact *region_contact_message(arena *a, const rule_pack *region, const policy_step *step,
                                        const region_concern *about, const char *language);
/* The same for steps that are messages already (rpc_steps_fill); channels that the region does not
 * run are taken out of them. */
void region_contacts_fill(arena *a, const rule_pack *region, const policy_step *const *steps,
                          const region_concern *about, const char *language,
                          Common__NextStep *const *messages, size_t count);

#endif
