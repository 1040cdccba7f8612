/* Between PINs and the token. Must never leave a PIN in memory that is given back. */
#include "services/credential/handlers/pin_token.h"

#include "common/crypto/base64url.h"
#include "common/crypto/hsm.h"
#include "common/crypto/key_file.h"
#include "services/credential/rules/credential_pin.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(PIN_SEALED_BYTES == PIN_DIGITS + crypto_box_SEALBYTES, "a sealed box");
_Static_assert(HSM_MAC_BYTES == (int)CREDENTIAL_MAC_BYTES, "one MAC, two rooms");

enum { PRINTER_ID_BYTES = 9, SPARE_SESSIONS_MAX = 16 };

typedef struct pin_asker pin_asker;

struct pin_token {
        hsm *hsm;
        hsm_session *spare[SPARE_SESSIONS_MAX]; /* the loop's alone */
        size_t spare_count;
        pin_asker *askers, *last; /* of this turn; the first one leads */
        loop_flush flush;
        random_source *random;
        uint8_t printer[crypto_box_PUBLICKEYBYTES];
        char printer_id[PRINTER_ID_BYTES];
};

static void turn_over(loop_flush *flush);

config_table pin_token_options(void)
{
        static const config_option options[] = {
                {.name = "pkcs11-module",
                 .type = CONFIG_TEXT,
                 .default_text = "/usr/lib/softhsm/libsofthsm2.so",
                 .value_name = "FILE",
                 .help = "PKCS#11 module of the token that holds the key of PINs."},
                {.name = "pkcs11-token",
                 .type = CONFIG_TEXT,
                 .default_text = "sscard",
                 .value_name = "LABEL",
                 .help = "Label of the token."},
                {.name = "pkcs11-key",
                 .type = CONFIG_TEXT,
                 .default_text = "card-pin",
                 .value_name = "LABEL",
                 .help = "Label of the secret key in it."},
                {.name = "pkcs11-pin-file",
                 .type = CONFIG_TEXT,
                 .required = true,
                 .value_name = "FILE",
                 .help = "The user PIN of the token."},
                {.name = "softhsm-tokens",
                 .type = CONFIG_TEXT,
                 .value_name = "DIR",
                 .help = "SoftHSM: folder of its tokens; unset: the module finds its own."},
                {.name = "pin-printer-key",
                 .type = CONFIG_TEXT,
                 .required = true,
                 .value_name = "FILE",
                 .help = "Public X25519 key of the PIN printer: temporary PINs are sealed for it."},
        };
        return (config_table){options, ARRAY_LENGTH(options)};
}

static bool open_printer(pin_token *token, const config *c, failure *f)
{
        SCOPED(secret_buffer) key = {0};
        if (!key_file_read_key(config_text(c, "pin-printer-key"), &key, f)) return false;
        if (key.length != sizeof token->printer)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                                   "--pin-printer-key must hold a key of 32 bytes");
        memcpy(token->printer, key.data, key.length);
        for (size_t i = 0; i + 1 < PRINTER_ID_BYTES; i += 2)
                snprintf(token->printer_id + i, 3, "%02x", token->printer[i / 2]);
        return true;
}

pin_token *pin_token_open(const config *c, random_source *random, failure *f)
{
        SCOPED(arena) a = {0};
        pin_token *token = calloc(1, sizeof *token);
        token->random = random;
        token->flush.run = turn_over;
        hsm_options options = {
                .module = config_text(c, "pkcs11-module"),
                .token_label = config_text(c, "pkcs11-token"),
                .key_label = config_text(c, "pkcs11-key"),
                .pin_file = config_text(c, "pkcs11-pin-file"),
                .softhsm_tokens = config_text(c, "softhsm-tokens"),
                .softhsm_config = arena_format(&a, "%s/softhsm2.conf", config_text(c, "data-dir"))};
        if (open_printer(token, c, f) && (token->hsm = hsm_open(&options, f))) return token;
        pin_token_close(token);
        return NULL;
}

void pin_token_close(pin_token *token)
{
        if (!token) return;
        while (token->spare_count > 0)
                hsm_session_close(token->spare[--token->spare_count]);
        hsm_close(token->hsm);
        free(token);
}

/* ---- asking, on a worker thread ---- */

/* What is MACed: bound to card, salt and generation, so that swapped rows fail. */
typedef struct pin_text {
        char purpose[12];
        uint8_t card[ULID_BYTES];
        uint8_t salt[CREDENTIAL_SALT_BYTES];
        uint8_t generation[8];
        char pin[PIN_DIGITS];
} pin_text;
_Static_assert(sizeof(pin_text) == 12 + 16 + 16 + 8 + PIN_DIGITS, "no gaps");

static pin_text text_of(const pin_question *question)
{
        pin_text text = {.purpose = "sscard-pin1"};
        memcpy(text.card, question->card.bytes, sizeof text.card);
        memcpy(text.salt, question->under->salt, sizeof text.salt);
        for (int i = 0; i < 8; i++)
                text.generation[i] = (uint8_t)(question->under->generation >> (56 - 8 * i));
        memcpy(text.pin, question->pin, PIN_DIGITS);
        return text;
}

/* One asker's questions, on its stack, until its batch is over. */
struct pin_asker {
        task *task;
        pin_question *questions;
        size_t count;
        pin_asker *next;
};

/* What one worker does at a time: all that was asked in one turn of the loop. Waking a thread costs
 * as much as several MACs. */
typedef struct pin_batch {
        hsm *hsm;
        hsm_session *session;
        pin_asker *askers;
        failure failure;
        bool fine;
} pin_batch;

static bool ask_one(pin_batch *batch, pin_question *question)
{
        pin_text text = text_of(question);
        bool fine = hsm_mac(batch->session, bytes_of(&text, sizeof text), question->mac,
                            &batch->failure);
        secret_wipe(&text, sizeof text);
        return fine;
}

static void ask_all(void *argument)
{
        pin_batch *batch = argument;
        if (!batch->session) batch->session = hsm_session_open(batch->hsm, &batch->failure);
        batch->fine = batch->session != NULL;
        for (pin_asker *each = batch->askers; each; each = each->next)
                for (size_t i = 0; batch->fine && i < each->count; i++)
                        batch->fine = ask_one(batch, &each->questions[i]);
}

/* The turn is over: the first asker of it takes the batch to a worker. */
static void turn_over(loop_flush *flush)
{
        pin_token *token = (pin_token *)((char *)flush - offsetof(pin_token, flush));
        task_resume(token->askers->task);
}

/* Whatever becomes of the leader, those behind it get their answer. */
static bool lead(task *t, pin_token *token, pin_asker *self)
{
        TASK_MAY_SUSPEND(t);
        loop_mark_flush(t->loop, &token->flush);
        bool goes_on = task_park(t, self, NULL);
        pin_batch batch = {.hsm = token->hsm, .askers = token->askers};
        token->askers = token->last = NULL;
        if (token->spare_count > 0) batch.session = token->spare[--token->spare_count];
        goes_on = task_offload(t, ask_all, &batch) && goes_on;
        if (batch.fine && token->spare_count < SPARE_SESSIONS_MAX)
                token->spare[token->spare_count++] = batch.session;
        else
                hsm_session_close(batch.session);
        for (pin_asker *each = self->next, *next; each; each = next) {
                next = each->next; /* it goes with its task's stack */
                if (!batch.fine)
                        task_fail(each->task, batch.failure.kind, batch.failure.reason, "%s",
                                  batch.failure.message);
                task_resume(each->task);
        }
        if (!goes_on || batch.fine) return goes_on;
        return task_fail(t, batch.failure.kind, batch.failure.reason, "%s", batch.failure.message);
}

bool pin_token_ask(task *t, pin_token *token, pin_question *questions, size_t count)
{
        TASK_MAY_SUSPEND(t);
        pin_asker self = {.task = t, .questions = questions, .count = count};
        bool first = !token->askers;
        if (first)
                token->askers = &self;
        else
                token->last->next = &self;
        token->last = &self;
        if (first) return lead(t, token, &self);
        return task_park(t, &self, NULL) && t->failure.kind == FAILURE_NONE;
}

bool pin_is_right(const pin_question *question)
{
        return secret_equal(bytes_of(question->mac, CREDENTIAL_MAC_BYTES),
                            bytes_of(question->under->mac, CREDENTIAL_MAC_BYTES));
}

/* ---- new PINs ---- */

void pin_salt(pin_token *token, credential_mac *mac)
{
        random_fill(token->random, mac->salt, sizeof mac->salt);
}

void pin_make(pin_token *token, char pin[PIN_DIGITS + 1])
{
        static const credential_pin_facts nobody = {.identity_number = "", .card_number = ""};
        enum { EVEN = 1000000 };
        do {
                uint64_t number;
                do
                        number = random_u64(token->random);
                while (number >= UINT64_MAX - UINT64_MAX % EVEN); /* every PIN as likely */
                number %= EVEN;
                for (int i = PIN_DIGITS - 1; i >= 0; i--, number /= 10)
                        pin[i] = (char)('0' + number % 10);
                pin[PIN_DIGITS] = '\0';
        } while (credential_pin_weakness(pin, &nobody) != CREDENTIAL_NOT_WEAK);
}

void pin_seal(const pin_token *token, const char *pin, uint8_t sealed[PIN_SEALED_BYTES])
{
        int failed = crypto_box_seal(sealed, (const uint8_t *)pin, PIN_DIGITS, token->printer);
        assert(failed == 0);
        (void)failed;
}

const char *pin_printer_key_id(const pin_token *token)
{
        return token->printer_id;
}
