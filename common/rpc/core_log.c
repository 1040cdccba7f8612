/* Routes core's log. gpr_set_log_function() takes no context, so the way lies in one variable. */
#include "common/rpc/core_log.h"

#include <grpc/support/log.h>

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>

typedef void write_function(core_log_severity severity, const char *file, int line,
                            const char *message);

static write_function *_Atomic writer;

static void core_says(gpr_log_func_args *said)
{
        write_function *write = atomic_load(&writer);
        if (write) write((core_log_severity)said->severity, said->file, said->line, said->message);
}

void core_log_set(write_function *write, core_log_severity least)
{
        _Static_assert((int)CORE_LOG_ERROR == (int)GPR_LOG_SEVERITY_ERROR, "the same numbers");
        assert(write);
        atomic_store(&writer, write);
        gpr_set_log_verbosity((gpr_log_severity)least);
        gpr_set_log_function(core_says);
}
