/* Routes core's log. gpr_set_log_function() takes no context, so the way lies in one variable. */
#include "common/rpc/core_log.h"

#include <grpc/support/log.h>

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

static core_log_writer *_Atomic writer;
static void *_Atomic writer_argument;

static void core_says(gpr_log_func_args *said)
{
        core_log_writer *write = atomic_load(&writer);
        if (write)
                write(atomic_load(&writer_argument), (core_log_severity)said->severity, said->file,
                      said->line, said->message);
}

void core_log_unset(void)
{
        gpr_set_log_function(NULL);
        atomic_store(&writer, NULL);
        atomic_store(&writer_argument, NULL);
}

void core_log_set(core_log_writer *write, void *argument, core_log_severity least)
{
        _Static_assert((int)CORE_LOG_ERROR == (int)GPR_LOG_SEVERITY_ERROR, "the same numbers");
        assert(write);
        assert(!atomic_load(&writer)); /* one for the process */
        atomic_store(&writer_argument, argument);
        atomic_store(&writer, write);
        gpr_set_log_verbosity((gpr_log_severity)least);
        gpr_set_log_function(core_says);
}
