/* The engines that this build has: one row each. */
#include "common/store/engine.h"

#include <string.h>

static const store_engine *const engines[] = {
        &store_engine_sqlite,
};

const store_engine *store_engine_find(const char *name)
{
        for (size_t i = 0; i < ARRAY_LENGTH(engines); i++)
                if (strcmp(engines[i]->name, name) == 0) return engines[i];
        return NULL;
}
