/* The logger on a loop: what was logged in a turn is written at its end.
 * Must never mark from another thread: the loop's list of flushes is the loop's own. */
#include "common/telemetry/log_internal.h"

#include <assert.h>

static void mark(log_turns *turns)
{
        loop_mark_flush(turns->loop, &turns->flush);
}

static void run(loop_flush *flush)
{
        /* The flush is the first member of the turns, and these of the logger. */
        logger_flush((logger *)flush);
}

void logger_attach(logger *l, loop *turns_of)
{
        log_turns *turns = (log_turns *)l;
        assert(!turns->loop);
        turns->flush.run = run;
        turns->mark = mark;
        turns->thread = pthread_self();
        __atomic_store_n(&turns->loop, turns_of, __ATOMIC_RELEASE);
}

void logger_detach(logger *l)
{
        log_turns *turns = (log_turns *)l;
        __atomic_store_n(&turns->loop, NULL, __ATOMIC_RELEASE);
        logger_flush(l);
}
