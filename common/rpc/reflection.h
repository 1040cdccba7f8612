/* grpc.reflection v1 and v1alpha: what a server serves, for clients that have no .proto files.
 * Files go out as they were embedded, comments kept. */
#ifndef SSCARD_COMMON_RPC_REFLECTION_H
#define SSCARD_COMMON_RPC_REFLECTION_H

#include "common/rpc/server.h"

enum { REFLECTION_SERVICES = 2 };
/* The rows of the standard services. */
void reflection_services(rpc_service services[REFLECTION_SERVICES]);

#endif
