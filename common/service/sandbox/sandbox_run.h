/* A service as a process of a sandbox region: the same service, on the region's virtual clock. */
#ifndef SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_RUN_H
#define SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_RUN_H

#include "common/service/sandbox/sandbox_clock.h"
#include "common/service/service.h"

/* As service_run(), with --sandbox-clock FILE. The one with MOVE, which must have timers, answers
 * SandboxService besides its own RPCs. */
int sandbox_run(const service_definition *definition, sandbox_clock_use use, int argc, char **argv);

#endif
