/* The bank service's RPCs: one row each. */
#ifndef SSCARD_SERVICES_BANK_METHODS_H
#define SSCARD_SERVICES_BANK_METHODS_H

#include "common/service/service.h"

/* The whole service, for its process and for whoever runs it in another one (the simulator). `rpc`
 * is the definition's storage and lives as long as it. */
service_definition bank_service_definition(rpc_service *rpc);

#endif
