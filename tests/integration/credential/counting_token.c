/* A PKCS#11 module in front of the real one: writes down every MAC that the token computes, before
 * it computes it, so that a test can count evaluations whatever is killed afterwards.
 *
 *   COUNTING_TOKEN_MODULE  the real module
 *   COUNTING_TOKEN_FILE    one line a MAC: card, generation and a digest of what was MACed, in hex
 *
 * Test code only: it would tell who guessed what. */
#define _GNU_SOURCE
#include <assert.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit-1/p11-kit/pkcs11.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST ours;

enum {
        PURPOSE = 12,
        ID = 16,
        SALT = 16,
        GENERATION = 8,
        TEXT = PURPOSE + ID + SALT + GENERATION + 6
};

static void write_down(const CK_BYTE *data, CK_ULONG length)
{
        const char *path = getenv("COUNTING_TOKEN_FILE");
        if (!path || length != TEXT) return;
        char card[2 * ID + 1], generation[2 * GENERATION + 1], sum[33], line[128];
        unsigned char digest[16];
        crypto_generichash(digest, sizeof digest, data, length, NULL, 0);
        sodium_bin2hex(card, sizeof card, data + PURPOSE, ID);
        sodium_bin2hex(generation, sizeof generation, data + PURPOSE + ID + SALT, GENERATION);
        sodium_bin2hex(sum, sizeof sum, digest, sizeof digest);
        int size = snprintf(line, sizeof line, "%s %s %s\n", card, generation, sum);
        int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
        assert(fd >= 0);
        ssize_t written = write(fd, line, (size_t)size);
        assert(written == size);
        (void)written;
        close(fd);
}

static CK_RV counted_sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG length,
                          CK_BYTE *signature, CK_ULONG *signature_length)
{
        write_down(data, length);
        return real->C_Sign(session, data, length, signature, signature_length);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
        if (!real) {
                void *library = dlopen(getenv("COUNTING_TOKEN_MODULE"), RTLD_NOW | RTLD_LOCAL);
                CK_RV (*get)(CK_FUNCTION_LIST **);
                if (!library) return CKR_GENERAL_ERROR;
                *(void **)&get = dlsym(library, "C_GetFunctionList");
                CK_RV code = get(&real);
                if (code != CKR_OK) return code;
                ours = *real;
                ours.C_Sign = counted_sign;
        }
        *list = &ours;
        return CKR_OK;
}
