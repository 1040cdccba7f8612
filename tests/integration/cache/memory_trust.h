/* The row of trust in memory, as a database would hold it; it can be away. */
#ifndef SSCARD_TESTS_INTEGRATION_CACHE_MEMORY_TRUST_H
#define SSCARD_TESTS_INTEGRATION_CACHE_MEMORY_TRUST_H

#include "common/cache/trust.h"

typedef struct memory_trust {
        cache_trust_store base;
        cache_trust_row row;
        bool away;
        int64_t slow_ms; /* how long it takes to answer; 0: 1 */
        uint64_t asked, answered;
} memory_trust;

void memory_trust_init(memory_trust *trust);

#endif
