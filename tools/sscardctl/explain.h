/* What a reason code means, by which rule, and what to do: from the tables that refuse (S11). */
#ifndef SSCARD_TOOLS_SSCARDCTL_EXPLAIN_H
#define SSCARD_TOOLS_SSCARDCTL_EXPLAIN_H

#include "common/base/arena.h"

#include <stdbool.h>
#include <stdio.h>

/* False when no table has the code; nothing is printed then. Case does not matter. */
bool explain_reason(arena *a, const char *reason, const char *language, FILE *out);
/* Is there anything to say about it? */
bool explain_knows(const char *reason);
/* Every code with its first line. */
void explain_list(arena *a, const char *language, size_t width, FILE *out);

#endif
