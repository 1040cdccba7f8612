/* The status service's RPCs: one row each. */
#ifndef SSCARD_SERVICES_STATUS_METHODS_H
#define SSCARD_SERVICES_STATUS_METHODS_H

#include "common/service/service.h"

/* The whole service, for main.c and for whoever runs it in another process (the simulator). `rpc`
 * is the definition's storage and lives as long as it. */
service_definition status_service_definition(rpc_service *rpc);

#endif
