/* Who may call the methods of CredentialService. */
#ifndef SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_ACCESS_H
#define SSCARD_SERVICES_CREDENTIAL_RULES_CREDENTIAL_ACCESS_H

#include "common/policy/access.h"

extern const policy_access_row CREDENTIAL_ACCESS[];
extern const size_t CREDENTIAL_ACCESS_COUNT;

#endif
