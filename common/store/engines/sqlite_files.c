/* Paths and the lock of the data folder: two processes on one file would each believe to be the
 * only writer. Must never wait for the lock: the second one is told and stops. */
#define _GNU_SOURCE /* asprintf */
#include "common/store/engines/sqlite_files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Percent-encodes what a URI would take for its own. */
static char *uri_path(const char *folder, const char *name)
{
        static const char hex[] = "0123456789ABCDEF";
        char *path = NULL;
        int length = asprintf(&path, "%s/%s.db", folder, name);
        assert(length > 0);
        char *encoded = malloc((size_t)length * 3 + 1), *end = encoded;
        assert(encoded);
        for (const char *at = path; *at; at++) {
                if (strchr("%?#", *at)) {
                        *end++ = '%';
                        *end++ = hex[*at >> 4];
                        *end++ = hex[*at & 15];
                } else {
                        *end++ = *at;
                }
        }
        *end = '\0';
        free(path);
        return encoded;
}

char *sqlite_files_uri(const char *folder, const char *name, bool memory)
{
        char *uri = NULL;
        if (memory) {
                int length = asprintf(&uri, "file:/%s?vfs=memdb", name);
                assert(length > 0);
                return uri;
        }
        char *path = uri_path(folder, name);
        int length = asprintf(&uri, "file:%s", path);
        assert(length > 0);
        free(path);
        return uri;
}

int sqlite_files_lock(const char *folder, const char *name, failure *f)
{
        if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
                failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                            "The data folder cannot be made: %s.", strerror(errno));
                return -1;
        }
        char *path = NULL;
        int length = asprintf(&path, "%s/%s.lock", folder, name);
        assert(length > 0);
        int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        free(path);
        if (descriptor < 0) {
                failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                            "The data folder cannot be written: %s.", strerror(errno));
                return -1;
        }
        char holder[32] = "";
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
                ssize_t count = read(descriptor, holder, sizeof holder - 1);
                if (count < 1) snprintf(holder, sizeof holder, "unknown");
                close(descriptor);
                failure_set(f, FAILURE_FAILED_PRECONDITION, "STORE_LOCKED",
                            "The database \"%s\" is in use by another process (pid %.20s).", name,
                            holder);
                return -1;
        }
        int count = snprintf(holder, sizeof holder, "%ld", (long)getpid());
        if (ftruncate(descriptor, 0) != 0 ||
            pwrite(descriptor, holder, (size_t)count, 0) != count) {
                close(descriptor);
                failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                            "The data folder cannot be written: %s.", strerror(errno));
                return -1;
        }
        return descriptor;
}
