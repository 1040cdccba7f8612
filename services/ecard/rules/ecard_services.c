/* The services that are not like all others. */
#include "services/ecard/rules/ecard_services.h"

#include "common/base/scoped.h"

#include <string.h>

static const ecard_service SPECIAL[] = {
        {.code = "own_status", .while_archived = true},
        {.code = "enable_social", .while_archived = true},
        {.code = "bank_payment", .needs_l2 = true},
};

ecard_service ecard_service_of(const char *code, bool is_public)
{
        ecard_service service = {.code = code, .is_public = is_public};
        for (size_t i = 0; i < ARRAY_LENGTH(SPECIAL); i++) {
                if (strcmp(SPECIAL[i].code, code) != 0) continue;
                service.while_archived = SPECIAL[i].while_archived;
                service.needs_l2 = SPECIAL[i].needs_l2;
        }
        return service;
}
