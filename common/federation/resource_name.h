/* Resource names: "regions/330000", "regions/330000/orders/01J…", "…/holders/01J…".
 * The owner of a resource is in its name; the last byte of its ULID is its part. Pure. */
#ifndef SSCARD_COMMON_FEDERATION_RESOURCE_NAME_H
#define SSCARD_COMMON_FEDERATION_RESOURCE_NAME_H

#include "common/base/arena.h"
#include "common/base/ulid.h"

#include <stdbool.h>

enum { REGION_CODE_LENGTH = 6, RESOURCE_COLLECTION_BYTES_MAX = 32 };

typedef struct resource_name {
        char region[REGION_CODE_LENGTH + 1];                /* six digits */
        char collection[RESOURCE_COLLECTION_BYTES_MAX + 1]; /* "orders"; "" for a bare region */
        bool has_id;
        ulid id;
        const char *rest; /* what follows the id, without slash: "credential"; "" when nothing */
} resource_name;

/* False: not a resource name; `why` (static, ASCII) says what is wrong with it. `rest` borrows. */
bool resource_name_parse(const char *text, resource_name *name, const char **why) MUST_CHECK;
char *resource_name_format(arena *a, const char *region, const char *collection, ulid id);

#endif
