/* The middle of the probe: may use the bottom, and says so in its `deps`. */
#ifndef SSCARD_TOOLS_LINT_LAYERING_PROBE_MIDDLE_H
#define SSCARD_TOOLS_LINT_LAYERING_PROBE_MIDDLE_H

#include "tools/lint/layering_probe/bottom.h"

enum { LAYERING_PROBE_MIDDLE = LAYERING_PROBE_BOTTOM + 1 };

#endif
