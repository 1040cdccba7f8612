/* One key of one PKCS#11 token. Must never read the key itself: the token would not give it. */
#include "common/crypto/hsm.h"

#include "common/crypto/key_file.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <p11-kit-1/p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct hsm {
        void *library;
        CK_FUNCTION_LIST *p11;
        CK_SLOT_ID slot;
        CK_OBJECT_HANDLE key;
        hsm_session *login; /* keeps the user logged in as long as the token is open */
        bool initialised;
};

struct hsm_session {
        hsm *hsm;
        CK_SESSION_HANDLE handle;
};

static bool unusable(failure *f, const char *what, CK_RV code)
{
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "TOKEN_UNUSABLE",
                           "the PKCS#11 token cannot be used: %s (0x%lx)", what, code);
}

static bool unavailable(failure *f, const char *what, CK_RV code)
{
        return failure_set(f, FAILURE_UNAVAILABLE, "TOKEN_UNAVAILABLE",
                           "the PKCS#11 token does not answer: %s (0x%lx)", what, code);
}

/* ---- SoftHSM's configuration ---- */

static bool write_config(const hsm_options *options, failure *f)
{
        if (!options->softhsm_tokens) return true;
        FILE *file = fopen(options->softhsm_config, "w");
        bool written = file && fprintf(file,
                                       "directories.tokendir = %s\nobjectstore.backend = file\n"
                                       "log.level = ERROR\nslots.removable = false\n",
                                       options->softhsm_tokens) > 0;
        if (file && fclose(file) != 0) written = false;
        if (!written)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "TOKEN_UNUSABLE",
                                   "%s cannot be written: %s", options->softhsm_config,
                                   strerror(errno));
        setenv("SOFTHSM2_CONF", options->softhsm_config, 1);
        return true;
}

/* ---- the module ---- */

static bool load(hsm *h, const hsm_options *options, failure *f)
{
        if (!write_config(options, f)) return false;
        h->library = dlopen(options->module, RTLD_NOW | RTLD_LOCAL);
        if (!h->library)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "TOKEN_UNUSABLE",
                                   "the PKCS#11 module %s cannot be loaded", options->module);
        CK_RV (*list)(CK_FUNCTION_LIST **);
        *(void **)&list = dlsym(h->library, "C_GetFunctionList");
        if (!list || list(&h->p11) != CKR_OK) return unusable(f, "no function list", 0);
        CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
        CK_RV code = h->p11->C_Initialize(&arguments);
        if (code != CKR_OK) return unusable(f, "C_Initialize", code);
        h->initialised = true;
        return true;
}

/* Labels of tokens are 32 bytes, filled with blanks. */
static bool has_label(const CK_TOKEN_INFO *info, const char *label)
{
        size_t length = strlen(label);
        if (length > sizeof info->label || memcmp(info->label, label, length) != 0) return false;
        for (size_t i = length; i < sizeof info->label; i++)
                if (info->label[i] != ' ') return false;
        return true;
}

enum { SLOTS_MAX = 64 };

/* The slot of the token with that label; with `blank`, of one that nobody has initialised. */
static bool find_slot(hsm *h, const char *label, bool blank)
{
        CK_SLOT_ID slots[SLOTS_MAX];
        CK_ULONG count = SLOTS_MAX;
        assert(h->p11);
        if (h->p11->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK) return false;
        for (CK_ULONG i = 0; i < count; i++) {
                CK_TOKEN_INFO info;
                if (h->p11->C_GetTokenInfo(slots[i], &info) != CKR_OK) continue;
                bool is_initialised = info.flags & CKF_TOKEN_INITIALIZED;
                if (blank ? is_initialised : !is_initialised || !has_label(&info, label)) continue;
                h->slot = slots[i];
                return true;
        }
        return false;
}

static bool find_key(hsm *h, CK_SESSION_HANDLE session, const char *label)
{
        assert(h->p11);
        CK_OBJECT_CLASS class = CKO_SECRET_KEY;
        CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &class, sizeof class},
                                 {CKA_LABEL, (void *)label, strlen(label)}};
        CK_ULONG found = 0;
        if (h->p11->C_FindObjectsInit(session, wanted, 2) != CKR_OK) return false;
        bool fine = h->p11->C_FindObjects(session, &h->key, 1, &found) == CKR_OK && found == 1;
        h->p11->C_FindObjectsFinal(session);
        return fine;
}

static bool log_in(hsm *h, const char *pin_file, failure *f)
{
        SCOPED(secret_buffer) pin = {0};
        if (!key_file_read(pin_file, &pin, f)) return false;
        size_t length = pin.length;
        while (length > 0 && (pin.data[length - 1] == '\n' || pin.data[length - 1] == '\r'))
                length--;
        CK_RV code = h->p11->C_Login(h->login->handle, CKU_USER, pin.data, length);
        return code == CKR_OK || code == CKR_USER_ALREADY_LOGGED_IN || unusable(f, "C_Login", code);
}

hsm *hsm_open(const hsm_options *options, failure *f)
{
        hsm *h = calloc(1, sizeof *h);
        bool fine = load(h, options, f);
        if (fine && !find_slot(h, options->token_label, false))
                fine = unusable(f, "no token has that label", 0);
        fine = fine && (h->login = hsm_session_open(h, f)) && log_in(h, options->pin_file, f);
        if (fine && !find_key(h, h->login->handle, options->key_label))
                fine = unusable(f, "no key has that label", 0);
        if (fine) return h;
        hsm_close(h);
        return NULL;
}

void hsm_close(hsm *h)
{
        if (!h) return;
        hsm_session_close(h->login);
        if (h->initialised) h->p11->C_Finalize(NULL);
        if (h->library) dlclose(h->library);
        free(h);
}

/* ---- sessions ---- */

hsm_session *hsm_session_open(hsm *h, failure *f)
{
        CK_SESSION_HANDLE handle;
        CK_RV code = h->p11->C_OpenSession(h->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                           &handle);
        if (code != CKR_OK) {
                unavailable(f, "C_OpenSession", code);
                return NULL;
        }
        hsm_session *session = calloc(1, sizeof *session);
        *session = (hsm_session){h, handle};
        return session;
}

void hsm_session_close(hsm_session *session)
{
        if (!session) return;
        session->hsm->p11->C_CloseSession(session->handle);
        free(session);
}

bool hsm_mac(hsm_session *session, bytes message, uint8_t mac[HSM_MAC_BYTES], failure *f)
{
        CK_FUNCTION_LIST *p11 = session->hsm->p11;
        CK_MECHANISM mechanism = {CKM_SHA256_HMAC, NULL, 0};
        CK_RV code = p11->C_SignInit(session->handle, &mechanism, session->hsm->key);
        if (code != CKR_OK) return unavailable(f, "C_SignInit", code);
        CK_ULONG length = HSM_MAC_BYTES;
        code = p11->C_Sign(session->handle, (CK_BYTE *)message.data, message.length, mac, &length);
        if (code != CKR_OK) return unavailable(f, "C_Sign", code);
        return length == HSM_MAC_BYTES || unavailable(f, "the MAC has another length", length);
}

/* ---- for development ---- */

static bool make_key(hsm *h, CK_SESSION_HANDLE session, const char *label, failure *f)
{
        CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
        CK_OBJECT_CLASS class = CKO_SECRET_KEY;
        CK_KEY_TYPE type = CKK_GENERIC_SECRET;
        CK_ULONG length = HSM_MAC_BYTES;
        CK_ATTRIBUTE attributes[] = {
                {CKA_CLASS, &class, sizeof class},        {CKA_KEY_TYPE, &type, sizeof type},
                {CKA_VALUE_LEN, &length, sizeof length},  {CKA_TOKEN, &yes, sizeof yes},
                {CKA_PRIVATE, &yes, sizeof yes},          {CKA_SENSITIVE, &yes, sizeof yes},
                {CKA_EXTRACTABLE, &no, sizeof no},        {CKA_SIGN, &yes, sizeof yes},
                {CKA_LABEL, (void *)label, strlen(label)}};
        CK_MECHANISM mechanism = {CKM_GENERIC_SECRET_KEY_GEN, NULL, 0};
        CK_RV code = h->p11->C_GenerateKey(session, &mechanism, attributes,
                                           sizeof attributes / sizeof attributes[0], &h->key);
        return code == CKR_OK || unusable(f, "C_GenerateKey", code);
}

static bool make_token(hsm *h, const hsm_options *options, failure *f)
{
        SCOPED(secret_buffer) pin = {0};
        CK_UTF8CHAR label[32];
        memset(label, ' ', sizeof label);
        memcpy(label, options->token_label, strlen(options->token_label));
        if (!key_file_create_key(options->pin_file, HSM_MAC_BYTES, f) ||
            !key_file_read(options->pin_file, &pin, f))
                return false;
        size_t length = pin.length;
        while (length > 0 && pin.data[length - 1] == '\n')
                length--;
        if (!find_slot(h, NULL, true)) return unusable(f, "no slot is free", 0);
        CK_RV code = h->p11->C_InitToken(h->slot, pin.data, length, label);
        if (code != CKR_OK) return unusable(f, "C_InitToken", code);
        if (!find_slot(h, options->token_label, false)) return unusable(f, "the new token", 0);
        h->login = hsm_session_open(h, f);
        if (!h->login) return false;
        CK_SESSION_HANDLE session = h->login->handle;
        code = h->p11->C_Login(session, CKU_SO, pin.data, length);
        if (code == CKR_OK) code = h->p11->C_InitPIN(session, pin.data, length);
        if (code == CKR_OK) code = h->p11->C_Logout(session);
        if (code == CKR_OK) code = h->p11->C_Login(session, CKU_USER, pin.data, length);
        if (code != CKR_OK) return unusable(f, "the PIN of the new token", code);
        return make_key(h, session, options->key_label, f);
}

bool hsm_make_softhsm(const hsm_options *options, failure *f)
{
        assert(options->softhsm_tokens && options->softhsm_config);
        if (mkdir(options->softhsm_tokens, 0700) != 0 && errno != EEXIST)
                return failure_set(f, FAILURE_UNAVAILABLE, "FOLDER_UNWRITABLE",
                                   "cannot make the folder %s: %s", options->softhsm_tokens,
                                   strerror(errno));
        hsm *h = calloc(1, sizeof *h);
        bool fine = load(h, options, f) &&
                    (find_slot(h, options->token_label, false) || make_token(h, options, f));
        hsm_close(h);
        return fine;
}
