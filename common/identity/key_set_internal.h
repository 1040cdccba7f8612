/* The public keys of a JWKS file. */
#ifndef SSCARD_COMMON_IDENTITY_KEY_SET_INTERNAL_H
#define SSCARD_COMMON_IDENTITY_KEY_SET_INTERNAL_H

#include "common/base/failure.h"
#include "common/base/scoped.h"

#include <cjose/cjose.h>
#include <stddef.h>
#include <sys/stat.h>

typedef struct key_set key_set;

enum { KEY_SET_KEYS_MAX = 64, KEY_SET_BYTES_MAX = 262144 };

typedef struct key_set_key {
        char *kid;
        const char *algorithm; /* "ES256" or "PS256": the one algorithm that this key is for */
        cjose_jwk_t *jwk;
} key_set_key;

/* NULL and `f` set: FAILED_PRECONDITION with KEY_SET_MISSING, KEY_SET_OPEN_TO_OTHERS or
 * KEY_SET_MALFORMED. `status` is the file's as it was read. */
key_set *key_set_load(const char *path, struct stat *status, failure *f) MUST_CHECK;
void key_set_destroy(key_set *set);
const key_set_key *key_set_find(const key_set *set, const char *kid);
size_t key_set_count(const key_set *set);

#endif
