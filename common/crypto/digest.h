/* SHA-256. */
#ifndef SSCARD_COMMON_CRYPTO_DIGEST_H
#define SSCARD_COMMON_CRYPTO_DIGEST_H

#include "common/base/bytes.h"

#include <stdint.h>

enum { DIGEST_BYTES = 32 };

typedef struct digest {
        uint8_t bytes[DIGEST_BYTES];
} digest;

/* A running one, on the stack: digest_begin(), digest_add()…, digest_end(). */
typedef struct digest_run {
        uint64_t state[14];
} digest_run;

void digest_begin(digest_run *run);
void digest_add(digest_run *run, bytes part);
digest digest_end(digest_run *run);
/* Of one run of bytes; of two, as if they were one. */
digest digest_of(bytes whole);
digest digest_of_two(bytes first, bytes second);

#endif
