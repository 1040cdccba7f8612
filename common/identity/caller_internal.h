/* Making a caller: for the claims alone. */
#ifndef SSCARD_COMMON_IDENTITY_CALLER_INTERNAL_H
#define SSCARD_COMMON_IDENTITY_CALLER_INTERNAL_H

#include "common/identity/caller.h"

enum { CALLER_TEXTS = 7 };

/* One piece from malloc(), freed with free(). Texts and lists of `loose` may be anywhere; NULL
 * texts become "". */
caller *caller_pack(caller *loose);

#endif
