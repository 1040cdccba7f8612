/* Who one can be in a development region without saying more: one row a role, with the claims that
 * such a caller usually has. A context file may describe others. */
#ifndef SSCARD_TOOLS_SSCARDCTL_ROLES_H
#define SSCARD_TOOLS_SSCARDCTL_ROLES_H

#include "common/base/arena.h"
#include "common/identity/token_issue.h"

#include <stdbool.h>

/* The claims of "OPERATOR", "HOLDER", …, "OPERATOR_2" (the second person), for `region`; `channel`
 * is the one that requests choose. Upper or lower case. False: no such role. Everything static or
 * in the arena. */
bool role_claims(const char *name, const char *region, arena *a, token_claims *claims,
                 const char **channel) MUST_CHECK;
/* All names, ", " between them. */
const char *role_names(arena *a);

#endif
