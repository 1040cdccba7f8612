/* Making development keys.
 * Must never replace a key: what it sealed could not be opened any more. */
#include "tools/devkeys/keys.h"

#include "common/base/arena.h"
#include "common/crypto/base64url.h"
#include "common/crypto/hsm.h"
#include "common/crypto/key_file.h"
#include "common/crypto/keyring.h"
#include "common/identity/token_issue.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_BYTES = 32 };

static bool make_key(const char *path, failure *f)
{
        return key_file_create_key(path, KEY_BYTES, f);
}

static const struct {
        const char *file;
        bool (*make)(const char *path, failure *f);
} secret_files[] = {
        {"part.key", make_key},
        {"hash.key", make_key},
        {"service.key", make_key},
        {"ecard-code.key", make_key},
        {"ecard-pepper.key", make_key},
        {"data-keys.json", keyring_create_file},
        {"token-signing.jwk", token_signer_create_key},
        {"pin-printer.key", make_key},
};

static void tell(bool quiet, const char *what, const char *path)
{
        if (!quiet) printf("%s %s\n", what, path);
}

static bool is_there(const char *path)
{
        struct stat status;
        return stat(path, &status) == 0;
}

/* Another process may make it at the same moment: then it is there, which is all that is wanted. */
static bool make_if_missing(const char *path, bool (*make)(const char *path, failure *f),
                            bool quiet, failure *f)
{
        failure why = {0};
        if (is_there(path) || (!make(path, &why) && why.kind == FAILURE_ALREADY_EXISTS)) {
                tell(quiet, "kept", path);
                return true;
        }
        if (why.kind != FAILURE_NONE)
                return failure_set(f, why.kind, why.reason, "%s", why.message);
        tell(quiet, "made", path);
        return true;
}

static bool make_public_half(const char *folder, bool quiet, failure *f)
{
        SCOPED(arena) a = {0};
        const char *public_file = arena_format(&a, "%s/jwks.json", folder);
        if (is_there(public_file)) {
                tell(quiet, "kept", public_file);
                return true;
        }
        token_signer *signer =
                token_signer_load(arena_format(&a, "%s/token-signing.jwk", folder), f);
        if (!signer) return false;
        bool written = token_signer_write_jwks(signer, public_file, f);
        token_signer_destroy(signer);
        if (written) tell(quiet, "made", public_file);
        return written;
}

/* What card PINs are sealed for: the public half of the printer's key. */
static bool make_printer_half(const char *folder, bool quiet, failure *f)
{
        SCOPED(arena) a = {0};
        const char *path = arena_format(&a, "%s/pin-printer.pub", folder);
        if (is_there(path)) {
                tell(quiet, "kept", path);
                return true;
        }
        SCOPED(secret_buffer) key = {0};
        uint8_t half[crypto_box_PUBLICKEYBYTES];
        if (!key_file_read_key(arena_format(&a, "%s/pin-printer.key", folder), &key, f))
                return false;
        crypto_scalarmult_base(half, key.data);
        char *text = arena_alloc(&a, base64url_length(sizeof half) + 2);
        base64url_encode(bytes_of(half, sizeof half), text);
        strcat(text, "\n");
        if (!key_file_create(path, bytes_of_text(text), f)) return false;
        tell(quiet, "made", path);
        return true;
}

static const char *const MODULES[] = {"/usr/lib/softhsm/libsofthsm2.so",
                                      "/usr/lib64/pkcs11/libsofthsm2.so"};

/* The token whose key card PINs are kept under. A machine without SoftHSM has its own, or none. */
static bool make_token(const char *folder, bool quiet, failure *f)
{
        SCOPED(arena) a = {0};
        for (size_t i = 0; i < ARRAY_LENGTH(MODULES); i++) {
                if (!is_there(MODULES[i])) continue;
                hsm_options options = {.module = MODULES[i],
                                       .token_label = "sscard",
                                       .key_label = "card-pin",
                                       .pin_file = arena_format(&a, "%s/token.pin", folder),
                                       .softhsm_tokens = arena_format(&a, "%s/tokens", folder),
                                       .softhsm_config =
                                               arena_format(&a, "%s/softhsm2.conf", folder)};
                bool made = hsm_make_softhsm(&options, f);
                unlink(options.softhsm_config); /* whoever uses the token writes its own */
                if (!made) return false;
                tell(quiet, "have", options.softhsm_tokens);
                return true;
        }
        return true;
}

bool keys_make(const char *folder, bool quiet, failure *f)
{
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
                return failure_set(f, FAILURE_UNAVAILABLE, "FOLDER_UNWRITABLE",
                                   "cannot make the folder %s: %s", folder, strerror(errno));
        SCOPED(arena) a = {0};
        for (size_t i = 0; i < ARRAY_LENGTH(secret_files); i++) {
                const char *path = arena_format(&a, "%s/%s", folder, secret_files[i].file);
                if (!make_if_missing(path, secret_files[i].make, quiet, f)) return false;
        }
        return make_public_half(folder, quiet, f) && make_printer_half(folder, quiet, f) &&
               make_token(folder, quiet, f);
}

bool keys_open_pin(const char *folder, const char *sealed, char pin[PIN_TEXT_BYTES], failure *f)
{
        SCOPED(arena) a = {0};
        SCOPED(secret_buffer) key = {0};
        uint8_t half[crypto_box_PUBLICKEYBYTES], box[PIN_TEXT_BYTES + crypto_box_SEALBYTES];
        size_t length = 0;
        if (!key_file_read_key(arena_format(&a, "%s/pin-printer.key", folder), &key, f))
                return false;
        crypto_scalarmult_base(half, key.data);
        bool fine = base64url_decode(bytes_of_text(sealed), box, sizeof box, &length) &&
                    length == PIN_TEXT_BYTES - 1 + crypto_box_SEALBYTES &&
                    crypto_box_seal_open((uint8_t *)pin, box, length, half, key.data) == 0;
        if (!fine)
                return failure_set(f, FAILURE_INVALID_ARGUMENT, "SEAL_FOREIGN",
                                   "not a PIN that was sealed for this printer");
        pin[PIN_TEXT_BYTES - 1] = '\0';
        return true;
}
