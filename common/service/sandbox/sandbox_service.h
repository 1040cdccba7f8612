/* SandboxService: what the clock shows, and moving it. Linked into sandbox binaries only. */
#ifndef SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_SERVICE_H
#define SSCARD_COMMON_SERVICE_SANDBOX_SANDBOX_SERVICE_H

#include "common/policy/access.h"
#include "common/rpc/server.h"

/* Its loop's clock must be a sandbox_clock that this process moves. */
rpc_service sandbox_service_rpc(void);
/* For the table of the service that carries it. */
policy_access_span sandbox_service_access(void);

#endif
