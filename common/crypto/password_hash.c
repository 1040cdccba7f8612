/* Argon2id by libsodium. Must never compare on the loop. */
#include "common/crypto/password_hash.h"

#include "common/crypto/secret_buffer.h"

#include <sodium.h>
#include <string.h>

/* OWASP's second choice for Argon2id; one lane. */
enum { PASSES = 2, MEMORY_BYTES = 19 << 20 };

_Static_assert(PASSWORD_HASH_BYTES >= crypto_pwhash_argon2id_STRBYTES, "room for the text form");

digest password_digest(keyed_hash *pepper, bytes owner, bytes password)
{
        keyed_hash_begin(pepper);
        keyed_hash_add(pepper, bytes_of("password", 9));
        keyed_hash_add(pepper, owner);
        keyed_hash_add(pepper, password);
        return keyed_hash_end(pepper);
}

void password_job_make(void *argument)
{
        password_job *job = argument;
        job->fine = crypto_pwhash_argon2id_str(job->text, (const char *)job->secret.bytes,
                                               DIGEST_BYTES, PASSES, MEMORY_BYTES) == 0;
}

void password_job_check(void *argument)
{
        password_job *job = argument;
        job->fine = crypto_pwhash_argon2id_str_verify(job->text, (const char *)job->secret.bytes,
                                                      DIGEST_BYTES) == 0;
}

void password_job_wipe(password_job *job)
{
        secret_wipe(job, sizeof *job);
}
