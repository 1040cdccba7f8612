/* Preloaded into a service: kills it (-9) before or after a chosen commit becomes durable: the
 * fdatasync of a write-ahead log that has been written to since the last one (a checkpoint syncs it
 * too, without having written). Armed by a file that the test writes while the service runs:
 *
 *   KILL_AT_SYNC_FILE   holds "<n> before" or "<n> after": at the n-th sync from then on; the file
 * is taken away when it has been read */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FDS_MAX = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int left;
static int dies_after;

static atomic_bool written[FDS_MAX];

static int is_commit(int fd)
{
        char link[64], path[512];
        if (fd < 0 || fd >= FDS_MAX || !atomic_exchange(&written[fd], false)) return 0;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, sizeof path - 1);
        if (length < 4) return 0;
        path[length] = '\0';
        return strcmp(path + length - 4, "-wal") == 0 && !strstr(path, "reads");
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset)
{
        static ssize_t (*next)(int, const void *, size_t, off64_t);
        if (!next) *(void **)&next = dlsym(RTLD_NEXT, "pwrite64");
        if (fd >= 0 && fd < FDS_MAX) atomic_store(&written[fd], true);
        return next(fd, data, count, offset);
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset)
{
        return pwrite64(fd, data, count, offset);
}

static int is_the_moment(void)
{
        const char *path = getenv("KILL_AT_SYNC_FILE");
        char when[16];
        pthread_mutex_lock(&lock);
        FILE *file = path ? fopen(path, "r") : NULL;
        if (file) {
                if (fscanf(file, "%d %15s", &left, when) == 2) {
                        dies_after = strcmp(when, "after") == 0;
                        unlink(path);
                }
                fclose(file);
        }
        int now = left > 0 && --left == 0;
        pthread_mutex_unlock(&lock);
        return now;
}

int fdatasync(int fd)
{
        static int (*next)(int);
        int now = is_commit(fd) && is_the_moment();
        if (!next) *(void **)&next = dlsym(RTLD_NEXT, "fdatasync");
        if (now && !dies_after) kill(getpid(), SIGKILL);
        int result = next(fd);
        if (now) kill(getpid(), SIGKILL);
        return result;
}
