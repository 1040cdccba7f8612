/* Who may call which method of the electronic card: default deny. */
#ifndef SSCARD_SERVICES_ECARD_RULES_ECARD_ACCESS_H
#define SSCARD_SERVICES_ECARD_RULES_ECARD_ACCESS_H

#include "common/policy/access.h"

extern const policy_access_row ECARD_ACCESS[];
extern const size_t ECARD_ACCESS_COUNT;

#endif
