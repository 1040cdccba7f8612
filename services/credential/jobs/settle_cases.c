/* Settles open cases. Must never do more than repeat: the case's own leg decides. */
#include "services/credential/handlers/enable_case.h"
#include "services/credential/jobs/credential_jobs.h"

enum { PAUSE_MS = 500 };

static void settle_all(task *t, service_instance *instance)
{
        TASK_MAY_SUSPEND(t);
        credential_app *app = instance->app;
        ulid *holders = NULL;
        size_t count = 0;
        if (!credential_store_list_pending(t, app->store, 0, &holders, &count)) return;
        for (size_t i = 0; i < count && !task_is_interrupted(t); i++)
                if (!enable_case_settle(t, app, holders[i]))
                        log_warn(instance->log, "a change of PIN still waits for the card service",
                                 log_number("waiting", (int64_t)count));
}

static void run(task *t, service_instance *instance)
{
        TASK_MAY_SUSPEND(t);
        while (task_sleep(t, PAUSE_MS)) {
                settle_all(t, instance);
                if (task_is_interrupted(t)) return;
                failure_clear(&t->failure);
                arena_reset(&t->arena);
        }
}

const service_job CREDENTIAL_SETTLE_JOB = {"settle cases", run};
