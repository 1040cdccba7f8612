/* The bottom of the probe: reached only through the middle. */
#ifndef SSCARD_TOOLS_LINT_LAYERING_PROBE_BOTTOM_H
#define SSCARD_TOOLS_LINT_LAYERING_PROBE_BOTTOM_H

enum { LAYERING_PROBE_BOTTOM = 1 };

#endif
