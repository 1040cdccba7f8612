/* Masking primitives: what stays visible is counted in code points. Who may see what is decided by
 * the service; these functions know neither names nor numbers of anything. */
#ifndef SSCARD_COMMON_TEXT_MASK_H
#define SSCARD_COMMON_TEXT_MASK_H

#include "common/base/arena.h"
#include "common/base/bytes.h"

#include <stddef.h>

/* Keeps the first and last code points and puts one '*' for each between them. A text that has not
 * at least one code point more than it would keep is masked whole: masking always hides something.
 * Text that is not UTF-8 becomes "*". Empty stays empty. */
char *mask_keep_ends(arena *a, bytes text, size_t first, size_t last);
/* As above, with exactly `stars` of them, so that the length is not told either. */
char *mask_keep_ends_fixed(arena *a, bytes text, size_t first, size_t last, size_t stars);

#endif
