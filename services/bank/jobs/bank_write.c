/* Commits what a job decided, as SYSTEM. */
#include "services/bank/jobs/bank_write.h"

#include "services/bank/handlers/bank_change.h"

commit_outcome bank_write_commit(task *t, const bank_write *write)
{
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        bank_write_links *after = arena_alloc(a, sizeof *after);
        if (!bank_links_after(&write->loaded->links, &write->verdict->after, after)) {
                log_error(write->app->instance->log, "a holder has too many open accounts",
                          log_setting("event", write->verdict->event));
                task_fail(t, FAILURE_RESOURCE_EXHAUSTED, "TOO_MANY_ACCOUNTS",
                          "a holder has too many open accounts");
                return COMMIT_UNAVAILABLE;
        }
        change_set changes = change_set_begin(a);
        bank_change_add(&changes, write->app, write->holder, write->verdict);
        commit_origin origin = {.caller = TIMER_CALLER,
                                .caller_role = "SYSTEM",
                                .actor_role = "SYSTEM",
                                .channel = "SYSTEM",
                                .method = write->method,
                                .request_id = write->request_id};
        commit_request request = {
                .part = ulid_part(write->holder),
                .holder = write->holder,
                .holder_version = write->loaded->version,
                .holder_is_new = write->loaded->version == 0,
                .changes = &changes,
                .origin = &origin,
                .record = bank_holder_pack(&write->app->store.keys, a, &after->links),
                .queue_more = bank_queue_leaver,
                .argument = after,
                .consumes = write->consumes};
        commit_answer first;
        return commit_apply(t, write->app->instance->commit, &request, &first);
}
