/* Must not build under the layering check: the second include is not in this target's `deps`. */
#include "tools/lint/layering_probe/middle.h"

#include "tools/lint/layering_probe/bottom.h"

_Static_assert(LAYERING_PROBE_MIDDLE > LAYERING_PROBE_BOTTOM, "the middle stands on the bottom");
