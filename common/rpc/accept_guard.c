/* accept4() for the process. It has no instance to hang on: the C library's has none either. */
#define _GNU_SOURCE
#include "common/rpc/accept_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int spare_descriptor = -1;
static atomic_uint_fast64_t turned_away, accepted;
static atomic_int highest = -1;

void accept_guard_arm(void)
{
        if (atomic_load(&spare_descriptor) >= 0) return;
        int fresh = open("/dev/null", O_RDONLY | O_CLOEXEC), none = -1;
        if (fresh >= 0 && !atomic_compare_exchange_strong(&spare_descriptor, &none, fresh))
                close(fresh);
}

uint64_t accept_guard_turned_away(void)
{
        return atomic_load(&turned_away);
}

uint64_t accept_guard_accepted(void)
{
        return atomic_load(&accepted);
}

int accept_guard_highest(void)
{
        return atomic_load(&highest);
}

static void note(int client)
{
        int before = atomic_load(&highest);
        while (client > before && !atomic_compare_exchange_weak(&highest, &before, client))
                continue;
        atomic_fetch_add(&accepted, 1);
}

static int accept_plainly(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
        return (int)syscall(SYS_accept4, listener, address, length, flags);
}

/* False: nobody is waiting any more, or another thread is at it. */
static bool turn_one_away(int listener)
{
        int spare = atomic_exchange(&spare_descriptor, -1);
        if (spare < 0) return false;
        close(spare);
        int client = accept_plainly(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0) {
                close(client);
                atomic_fetch_add(&turned_away, 1);
        }
        accept_guard_arm();
        return client >= 0;
}

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags)
{
        for (;;) {
                int client = accept_plainly(listener, address, length, flags);
                bool full = client < 0 && (errno == EMFILE || errno == ENFILE);
                if (!full) {
                        if (client < 0) return client;
                        accept_guard_arm(); /* it may have been lost while full */
                        note(client);
                        return client;
                }
                if (turn_one_away(listener)) continue;
                errno = EAGAIN; /* core waits for the next connection instead of giving up */
                return -1;
        }
}
