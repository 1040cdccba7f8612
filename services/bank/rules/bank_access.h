/* Who may call which method of the bank service. */
#ifndef SSCARD_SERVICES_BANK_RULES_BANK_ACCESS_H
#define SSCARD_SERVICES_BANK_RULES_BANK_ACCESS_H

#include "common/policy/access.h"

extern const policy_access_row BANK_ACCESS[];
extern const size_t BANK_ACCESS_COUNT;

#endif
