/* The row of trust in memory, as a database would hold it; it can be away. */
#ifndef SSCARD_TESTS_INTEGRATION_CACHE_MEMORY_TRUST_H
#define SSCARD_TESTS_INTEGRATION_CACHE_MEMORY_TRUST_H

#include "common/cache/trust.h"

typedef struct memory_trust {
        cache_trust_store base;
        cache_trust_row row;
        bool away;
} memory_trust;

void memory_trust_init(memory_trust *trust);

#endif
