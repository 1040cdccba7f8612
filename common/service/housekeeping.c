/* Background work of every service. Must never hurry: it shares the writer with people's requests.
 */
#include "common/service/housekeeping.h"

#include "common/service/instance.h"

#include <malloc.h>

enum { PARTS = 256, PAUSE_MS = 10000, TRIM_MS = 5000, TRIM_ABOVE_BYTES = 8 << 20 };

static void purge(task *t, service_instance *instance)
{
        TASK_MAY_SUSPEND(t);
        for (unsigned part = 0; task_sleep(t, PAUSE_MS); part = (part + 1) % PARTS) {
                uint64_t deleted = 0;
                if (!idempotency_purge_part(t, instance->commit, (uint8_t)part, &deleted)) {
                        if (task_is_interrupted(t)) return;
                        log_warn(instance->log, "old answers could not be purged",
                                 log_number("part", part), log_failure(&t->failure));
                        failure_clear(&t->failure);
                }
                if (deleted > 0)
                        log_info(instance->log, "purged old answers", log_number("part", part),
                                 log_number("deleted", (int64_t)deleted));
                arena_reset(&t->arena);
        }
}

static void trim(task *t, service_instance *instance)
{
        TASK_MAY_SUSPEND(t);
        (void)instance;
        while (task_sleep(t, TRIM_MS))
                if (mallinfo2().fordblks > TRIM_ABOVE_BYTES) malloc_trim(0);
}

const service_job HOUSEKEEPING_TRIM = {"memory trim", trim};
const service_job HOUSEKEEPING_PURGE = {"idempotency purge", purge};
