/* Who may ask what of the status service. */
#ifndef SSCARD_SERVICES_STATUS_RULES_STATUS_ACCESS_H
#define SSCARD_SERVICES_STATUS_RULES_STATUS_ACCESS_H

#include "common/policy/access.h"

/* GetGuidance by reason or topic is about nobody and open to everyone; about a card or a person it
 * is asked by the rows of STATUS_GUIDANCE_ABOUT_SOMEBODY besides. */
extern const policy_access_row STATUS_ACCESS[];
extern const size_t STATUS_ACCESS_COUNT;
#define STATUS_GUIDANCE_ABOUT_SOMEBODY "GetGuidance:NAME"

#endif
