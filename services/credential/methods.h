/* The credential service's RPCs: one row each. */
#ifndef SSCARD_SERVICES_CREDENTIAL_METHODS_H
#define SSCARD_SERVICES_CREDENTIAL_METHODS_H

#include "common/service/service.h"

/* The whole service. `rpc` is the definition's storage and lives as long as it. */
service_definition credential_service_definition(rpc_service *rpc);

#endif
