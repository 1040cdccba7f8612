/* SHA-256 by OpenSSL's own functions: they use the processor's instructions and need neither a
 * look-up nor an allocation (EVP: 120-350 ns for a short text; these: 55; libsodium: 260).
 * Must never be used on a secret of few bits: that is keyed_hash's. */
#define OPENSSL_API_COMPAT 0x10100000L
#include "common/crypto/digest.h"

#include <assert.h>
#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(digest_run), "a running digest holds OpenSSL's state");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(digest_run), "and is aligned for it");
_Static_assert(SHA256_DIGEST_LENGTH == DIGEST_BYTES, "SHA-256 has 32 bytes");

void digest_begin(digest_run *run)
{
        int outcome = SHA256_Init((SHA256_CTX *)run->state);
        assert(outcome == 1);
}

void digest_add(digest_run *run, bytes part)
{
        if (part.length == 0) return;
        int outcome = SHA256_Update((SHA256_CTX *)run->state, part.data, part.length);
        assert(outcome == 1);
}

digest digest_end(digest_run *run)
{
        digest result;
        int outcome = SHA256_Final(result.bytes, (SHA256_CTX *)run->state);
        assert(outcome == 1);
        return result;
}

digest digest_of(bytes whole)
{
        return digest_of_two(whole, bytes_of(NULL, 0));
}

digest digest_of_two(bytes first, bytes second)
{
        digest_run run;
        digest_begin(&run);
        digest_add(&run, first);
        digest_add(&run, second);
        return digest_end(&run);
}
