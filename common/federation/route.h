/* Where a call belongs: here, or with the region that its name carries. One place, before handlers,
 * for every service and method. */
#ifndef SSCARD_COMMON_FEDERATION_ROUTE_H
#define SSCARD_COMMON_FEDERATION_ROUTE_H

#include "common/federation/resource_name.h"

typedef enum route_verdict {
        ROUTE_HERE = 1,
        ROUTE_UNKNOWN_REGION, /* no region of that code in the directory of this one */
} route_verdict;

/* The regions that this one knows; with one region, itself. */
typedef struct route_directory {
        char region[REGION_CODE_LENGTH + 1];
} route_directory;

/* A call without a resource name belongs here. */
route_verdict route_find(const route_directory *directory, const resource_name *name);

#endif
