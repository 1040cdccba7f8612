/* HMAC-SHA-256 under a key that never leaves a PKCS#11 token. The module is loaded by its path: an
 * HSM's in production, SoftHSM's on the embedded default. */
#ifndef SSCARD_COMMON_CRYPTO_HSM_H
#define SSCARD_COMMON_CRYPTO_HSM_H

#include "common/base/bytes.h"
#include "common/base/failure.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct hsm hsm;
/* Of one thread at a time. */
typedef struct hsm_session hsm_session;

enum { HSM_MAC_BYTES = 32 };

typedef struct hsm_options {
        const char *module;      /* path of the shared library */
        const char *token_label; /* which token */
        const char *key_label;   /* which key of it */
        const char *pin_file;    /* the user's PIN: a key file */
        /* SoftHSM only: the folder of its tokens, and where its configuration may be written; NULL:
         * the module finds its own. Sets SOFTHSM2_CONF of the process: before any thread. */
        const char *softhsm_tokens, *softhsm_config;
} hsm_options;

/* Loads, logs in, finds the key. NULL and `f` set: FAILED_PRECONDITION/TOKEN_UNUSABLE. Blocks.
 * One a process and module. Pair: hsm_close(). */
hsm *hsm_open(const hsm_options *options, failure *f) MUST_CHECK;
void hsm_close(hsm *h);

/* NULL and `f` set: UNAVAILABLE/TOKEN_UNAVAILABLE. Any thread. Pair: hsm_session_close(). */
hsm_session *hsm_session_open(hsm *h, failure *f) MUST_CHECK;
void hsm_session_close(hsm_session *session);
/* Blocks: some 20 microseconds in software, milliseconds over a network. False and `f` set:
 * UNAVAILABLE/TOKEN_UNAVAILABLE; the session is of no use then. */
bool hsm_mac(hsm_session *session, bytes message, uint8_t mac[HSM_MAC_BYTES],
             failure *f) MUST_CHECK;

/* For development: makes the token and its key in SoftHSM's folder, with a random PIN in
 * `pin_file`; keeps what is there. */
bool hsm_make_softhsm(const hsm_options *options, failure *f) MUST_CHECK;

#endif
