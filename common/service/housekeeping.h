/* What every service with a database does in the background, whatever it is about. */
#ifndef SSCARD_COMMON_SERVICE_HOUSEKEEPING_H
#define SSCARD_COMMON_SERVICE_HOUSEKEEPING_H

#include "common/service/service.h"

/* Forgets answers to requests that are older than 72 hours (S1), part by part, all day long. */
extern const service_job HOUSEKEEPING_PURGE;
/* Gives memory back to the kernel that a burst left free in between: glibc alone keeps it. */
extern const service_job HOUSEKEEPING_TRIM;

#endif
