/* Passwords at rest: Argon2id over an HMAC of the password under a pepper, so that a stolen table
 * is worth nothing without the key. Some 20 ms and 19 MiB each: always off the loop.
 *
 *   loop      password_digest()          cheap, under the pepper
 *   worker    password_job_make/check()  as work of task_offload() */
#ifndef SSCARD_COMMON_CRYPTO_PASSWORD_HASH_H
#define SSCARD_COMMON_CRYPTO_PASSWORD_HASH_H

#include "common/base/bytes.h"
#include "common/crypto/digest.h"
#include "common/crypto/keyed_hash.h"

#include <stdbool.h>

enum { PASSWORD_HASH_BYTES = 128 };

/* One making or checking. On the caller's stack or in its arena; wipe it with password_job_wipe().
 */
typedef struct password_job {
        digest secret;                  /* HMAC of the password under the pepper */
        char text[PASSWORD_HASH_BYTES]; /* the hash: made, or to be checked; ends in a NUL */
        bool fine;                      /* made; or: it is the password */
} password_job;

/* `owner` names whose password it is: the same word of two people has two digests. */
digest password_digest(keyed_hash *pepper, bytes owner, bytes password);
/* For task_offload(); the argument is a password_job. */
void password_job_make(void *job);
void password_job_check(void *job);
void password_job_wipe(password_job *job);

#endif
