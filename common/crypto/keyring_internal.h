/* The keys of a ring, for seal.c alone. */
#ifndef SSCARD_COMMON_CRYPTO_KEYRING_INTERNAL_H
#define SSCARD_COMMON_CRYPTO_KEYRING_INTERNAL_H

#include "common/crypto/keyring.h"

/* KEYRING_KEY_BYTES bytes, or NULL when the ring has no such key. */
const uint8_t *keyring_key(const keyring *ring, uint32_t id);

#endif
