/* Key files: read when nobody else can, written whole or not at all.
 * Must never leave key bytes in memory that is not wiped, nor replace a file. */
#define _GNU_SOURCE /* mkostemp */
#include "common/crypto/key_file.h"

#include "common/crypto/base64url.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_BYTES_MIN = 16, KEY_BYTES_MAX = 64, PATH_BYTES = 4096 };

static void descriptor_release(int *fd)
{
        if (*fd >= 0) close(*fd);
}
typedef int descriptor;

static bool read_whole(int fd, uint8_t *to, size_t count)
{
        while (count > 0) {
                ssize_t got = read(fd, to, count);
                if (got < 0 && errno == EINTR) continue;
                if (got <= 0) return false;
                to += got;
                count -= (size_t)got;
        }
        return true;
}

static bool write_whole(int fd, const uint8_t *from, size_t count)
{
        while (count > 0) {
                ssize_t done = write(fd, from, count);
                if (done < 0 && errno == EINTR) continue;
                if (done <= 0) return false;
                from += done;
                count -= (size_t)done;
        }
        return true;
}

/* Ours alone; or root's and readable by our group, which is how Kubernetes mounts a Secret for a
 * process that is not root. */
static bool is_private(const struct stat *status)
{
        if (status->st_mode & S_IRWXO) return false;
        if (!(status->st_mode & S_IRWXG)) return true;
        return status->st_uid == 0 && geteuid() != 0 && !(status->st_mode & (S_IWGRP | S_IXGRP));
}

bool key_file_read(const char *path, secret_buffer *content, failure *f)
{
        SCOPED(descriptor) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MISSING",
                                   "cannot read the key file %s: %s", path, strerror(errno));
        struct stat status;
        if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MISSING",
                                   "the key file %s is not a regular file", path);
        if (!is_private(&status))
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_OPEN_TO_OTHERS",
                                   "the key file %s has mode %04o: make it 0600", path,
                                   (unsigned)status.st_mode & 07777);
        if (status.st_size == 0 || status.st_size > KEY_FILE_BYTES_MAX)
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                                   "the key file %s is empty or larger than %d bytes", path,
                                   KEY_FILE_BYTES_MAX);
        SCOPED(secret_buffer) read_bytes = {0};
        secret_buffer_take(&read_bytes, (size_t)status.st_size);
        if (!read_whole(fd, read_bytes.data, read_bytes.length))
                return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MISSING",
                                   "cannot read the key file %s", path);
        secret_buffer_release(content);
        *content = read_bytes;
        read_bytes = (secret_buffer){0};
        return true;
}

bool key_file_read_key(const char *path, secret_buffer *key, failure *f)
{
        SCOPED(secret_buffer) text = {0};
        if (!key_file_read(path, &text, f)) return false;

        size_t length = text.length;
        while (length > 0 && (text.data[length - 1] == '\n' || text.data[length - 1] == '\r'))
                length--;
        SCOPED(secret_buffer) decoded = {0};
        secret_buffer_take(&decoded, KEY_BYTES_MAX);
        size_t count = 0;
        if (!base64url_decode(bytes_of(text.data, length), decoded.data, KEY_BYTES_MAX, &count) ||
            count < KEY_BYTES_MIN)
                return failure_set(
                        f, FAILURE_FAILED_PRECONDITION, "KEY_FILE_MALFORMED",
                        "the key file %s must hold one line: %d to %d bytes in base64url", path,
                        KEY_BYTES_MIN, KEY_BYTES_MAX);
        secret_buffer_copy(key, bytes_of(decoded.data, count));
        return true;
}

static bool sync_folder_of(const char *path)
{
        char folder[PATH_BYTES];
        const char *slash = strrchr(path, '/');
        size_t length = slash ? (size_t)(slash - path) : 0;
        if (length >= sizeof folder) return false;
        memcpy(folder, path, length);
        folder[length] = '\0';
        const char *name = slash ? (length ? folder : "/") : ".";
        SCOPED(descriptor) fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return fd >= 0 && fsync(fd) == 0;
}

/* Written beside its place, then linked into it: link(2) refuses to replace. */
bool key_file_create(const char *path, bytes content, failure *f)
{
        char beside[PATH_BYTES];
        int length = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
        if (length < 0 || (size_t)length >= sizeof beside)
                return failure_set(f, FAILURE_INVALID_ARGUMENT, "KEY_FILE_PATH",
                                   "the path of the key file is too long");
        SCOPED(descriptor) fd = mkostemp(beside, O_CLOEXEC); /* mode 0600 */
        if (fd < 0)
                return failure_set(f, FAILURE_UNAVAILABLE, "KEY_FILE_UNWRITABLE",
                                   "cannot write beside %s: %s", path, strerror(errno));
        bool written = write_whole(fd, content.data, content.length) && fsync(fd) == 0;
        int why = errno;
        if (written && link(beside, path) != 0) {
                written = false;
                why = errno;
        }
        unlink(beside);
        if (!written && why == EEXIST)
                return failure_set(f, FAILURE_ALREADY_EXISTS, "KEY_FILE_EXISTS",
                                   "%s is there already and is left alone", path);
        if (!written || !sync_folder_of(path))
                return failure_set(f, FAILURE_UNAVAILABLE, "KEY_FILE_UNWRITABLE",
                                   "cannot write %s: %s", path, strerror(why));
        return true;
}

bool key_file_create_key(const char *path, size_t length, failure *f)
{
        assert(length >= KEY_BYTES_MIN && length <= KEY_BYTES_MAX);
        SCOPED(secret_buffer) key = {0};
        secret_buffer_take(&key, length);
        randombytes_buf(key.data, length);
        SCOPED(secret_buffer) line = {0};
        secret_buffer_take(&line, base64url_length(length) + 1);
        base64url_encode(secret_buffer_bytes(&key), (char *)line.data);
        line.data[line.length - 1] = '\n';
        return key_file_create(path, secret_buffer_bytes(&line), f);
}
