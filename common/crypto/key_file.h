/* Files that hold keys: read them only when nobody else can, write them whole or not at all. */
#ifndef SSCARD_COMMON_CRYPTO_KEY_FILE_H
#define SSCARD_COMMON_CRYPTO_KEY_FILE_H

#include "common/base/bytes.h"
#include "common/base/failure.h"
#include "common/crypto/secret_buffer.h"

#include <stdbool.h>

enum { KEY_FILE_BYTES_MAX = 65536 };

/* The file's bytes. False and `f` set (FAILED_PRECONDITION): KEY_FILE_MISSING, or
 * KEY_FILE_OPEN_TO_OTHERS when others, or a group other than that of a mounted secret (root's file,
 * group may read), have any right to it. */
bool key_file_read(const char *path, secret_buffer *content, failure *f) MUST_CHECK;
/* One key of 16-64 bytes, base64url on one line. Also KEY_FILE_MALFORMED. */
bool key_file_read_key(const char *path, secret_buffer *key, failure *f) MUST_CHECK;
/* Mode 0600; appears with its whole content or not at all, and never replaces a file
 * (ALREADY_EXISTS/KEY_FILE_EXISTS). Synced. */
bool key_file_create(const char *path, bytes content, failure *f) MUST_CHECK;
/* A new random key of `length` bytes in the one-line form. */
bool key_file_create_key(const char *path, size_t length, failure *f) MUST_CHECK;

#endif
