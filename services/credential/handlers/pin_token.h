/* The PIN in the token: MACs off the loop, new PINs, and their way to the printer. */
#ifndef SSCARD_SERVICES_CREDENTIAL_HANDLERS_PIN_TOKEN_H
#define SSCARD_SERVICES_CREDENTIAL_HANDLERS_PIN_TOKEN_H

#include "common/config/config.h"
#include "common/runtime/task.h"
#include "services/credential/store/credential_store.h"

typedef struct pin_token pin_token;

/* Options of the credential service: module, token, key, printer. */
config_table pin_token_options(void);
/* NULL and `f` set: FAILED_PRECONDITION. Blocks. Pair: pin_token_close(). */
pin_token *pin_token_open(const config *c, random_source *random, failure *f) MUST_CHECK;
void pin_token_close(pin_token *token);

/* What is to be MACed: a PIN (six digits, borrowed) of a card under a salt and a generation. */
typedef struct pin_question {
        ulid card; /* zero: nobody's, of the same cost */
        const char *pin;
        const credential_mac *under;
        uint8_t mac[CREDENTIAL_MAC_BYTES]; /* the answer */
} pin_question;
/* Asks the token on a worker thread. Suspends. False: UNAVAILABLE/TOKEN_UNAVAILABLE, or
 * interrupted. */
bool pin_token_ask(task *t, pin_token *token, pin_question *questions, size_t count) MUST_CHECK;

/* Is it the PIN of `under`? In constant time. */
bool pin_is_right(const pin_question *question);
/* A fresh salt for the PIN to come. */
void pin_salt(pin_token *token, credential_mac *mac);
/* Six random digits that are not weak by themselves. */
void pin_make(pin_token *token, char pin[PIN_DIGITS + 1]);

enum { PIN_SEALED_BYTES = PIN_DIGITS + 48 }; /* crypto_box_SEALBYTES */
/* Seals it for the printer. */
void pin_seal(const pin_token *token, const char *pin, uint8_t sealed[PIN_SEALED_BYTES]);
const char *pin_printer_key_id(const pin_token *token);

#endif
