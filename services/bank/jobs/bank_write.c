/* Commits what a job decided, as SYSTEM. */
#include "services/bank/jobs/bank_write.h"

#include "services/bank/handlers/bank_change.h"

commit_outcome bank_write_commit(task *t, const bank_write *write)
{
        TASK_MAY_SUSPEND(t);
        arena *a = &t->arena;
        bank_holder *links = arena_alloc(a, sizeof *links);
        bank_holder_after(&write->loaded->links, &write->verdict->after, links);
        change_set changes = change_set_begin(a);
        bank_change_add(&changes, write->app, write->holder, write->verdict);
        commit_origin origin = {.caller = TIMER_CALLER,
                                .caller_role = "SYSTEM",
                                .actor_role = "SYSTEM",
                                .channel = "SYSTEM",
                                .method = write->method,
                                .request_id = write->request_id};
        commit_request request = {.part = ulid_part(write->holder),
                                  .holder = write->holder,
                                  .holder_version = write->loaded->version,
                                  .holder_is_new = write->loaded->version == 0,
                                  .changes = &changes,
                                  .origin = &origin,
                                  .record = bank_holder_pack(&write->app->store.keys, a, links),
                                  .consumes = write->consumes};
        commit_answer first;
        return commit_apply(t, write->app->instance->commit, &request, &first);
}
