/* How a logger hangs on the turns of a loop. */
#ifndef SSCARD_COMMON_TELEMETRY_LOG_INTERNAL_H
#define SSCARD_COMMON_TELEMETRY_LOG_INTERNAL_H

#include "common/telemetry/log.h"

#include <pthread.h>

typedef struct log_turns {
        loop_flush flush;
        loop *loop; /* NULL: not attached. Atomic access only */
        pthread_t thread;
        void (*mark)(struct log_turns *turns); /* set by logger_attach() */
} log_turns;

/* True: this is the loop's thread and the end of its turn will write. */
static inline bool log_turns_mark(log_turns *turns)
{
        if (!__atomic_load_n(&turns->loop, __ATOMIC_ACQUIRE)) return false;
        if (!pthread_equal(turns->thread, pthread_self())) return false;
        turns->mark(turns);
        return true;
}

#endif
