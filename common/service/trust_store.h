/* The cache_trust rows of an owner, in its own database: what common/cache asks for. */
#ifndef SSCARD_COMMON_SERVICE_TRUST_STORE_H
#define SSCARD_COMMON_SERVICE_TRUST_STORE_H

#include "common/cache/trust.h"
#include "common/store/store.h"

/* Embedded; zero bytes, then trust_store_init(). Nothing to release. Borrows the store. */
typedef struct trust_store {
        cache_trust_store base;
        store *store;
} trust_store;

void trust_store_init(trust_store *trust, store *s);

#endif
